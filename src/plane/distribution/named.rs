//! The distributions that have names: trees of any seed, and the classic toys of the field.
//!
//! The toys are made of strokes: a branch is eight round Gaussians in a row along a curve (of the eight Gaussians one alone), evenly
//! spaced by at most twice their size, so that the density along a curve is even. Both classes have the same mass, and
//! everything stands around the centre of the paper's overview, within what it shows.

use super::points::{self, Points};
use super::{Component, Drawing, Id, Mixture, drawing, tree};
use crate::angles::sine_and_cosine;
use crate::error::{Error, Result};
use nalgebra::{Matrix2, Vector2};
use std::f64::consts::{FRAC_PI_4, PI, TAU};

/// A distribution of two classes, as its content: all that it is made of. As text it is read and written, and hashed.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Distribution {
    /// The fractal tree of a seed: `tree-2` is the paper's.
    Tree {
        /// Of NumPy's legacy generator.
        seed: u32,
    },
    /// Two half circles that reach into each other.
    TwoMoons,
    /// Two circles, one around the other.
    TwoRings,
    /// Two arms that wind around each other.
    TwoSpirals,
    /// The squares of a board, four by four.
    Checkerboard,
    /// Single Gaussians on a circle.
    EightGaussians,
    /// Strokes of a pen.
    Drawing(Drawing),
    /// Points of one's own.
    Points(Points),
}

/// Centre of the paper's overview.
const CENTRE: Vector2<f64> = Vector2::new(0.3, 0.3);
/// Standard deviation of a Gaussian of a stroke, and of one that stands alone.
const SIZE: f64 = 0.03;
const SINGLE: f64 = 0.06;
/// Gaussians of a stroke.
const STROKE: u16 = 8;

const MOON: f64 = 0.66;
/// Radius of the inner ring; the outer one's is twice that.
const RING: f64 = 0.45;
const CIRCLE: f64 = 0.8;
/// The arms are involutes of a circle of this radius, begun and ended with so much thread, in radii: one turn and a half.
const SPOOL: f64 = 0.087;
const THREAD: [f64; 2] = [1.0, 11.115];
/// Side of a square of the board, and its rows of one stroke each.
const SQUARE: f64 = 0.5;
const ROWS: u16 = 8;

impl Distribution {
    /// The tree of the autoguidance paper, which the shipped networks were trained on.
    pub const PAPER: Self = Self::Tree { seed: tree::PAPER_SEED };

    /// What everything but its content knows it by.
    pub fn id(&self) -> Id {
        Id::of(&self.to_string())
    }

    /// What messages call it: its name, or for what has none but its content the beginning of its id.
    pub fn called(&self) -> String {
        called(&self.to_string())
    }

    /// Both classes. Branch labels count through them, A first.
    #[inline(never)]
    pub fn mixture(&self) -> Mixture {
        match self {
            Self::Tree { seed } => return tree::grow(*seed),
            Self::Drawing(drawing) => return Mixture::of(drawing.components()),
            Self::Points(points) => return Mixture::of(points.components()),
            _ => {}
        }
        let mut components = Vec::new();
        self.lay(0, &mut components);
        self.lay(1, &mut components);
        Mixture::of(components)
    }

    /// Add the Gaussians of a class of a toy.
    #[inline(never)]
    fn lay(&self, class: u8, components: &mut Vec<Component>) {
        let (strokes, stroke) = match self {
            // The outer ring is twice as long.
            Self::TwoRings => (8 << class, STROKE),
            Self::TwoSpirals => (16, STROKE),
            Self::Checkerboard => (8 * ROWS, STROKE),
            Self::EightGaussians => (4, 1),
            _ => (8, STROKE),
        };
        let count = strokes * stroke;
        let size = if stroke == 1 { SINGLE } else { SIZE };
        let mut branch = components.last().map_or(0, |last| last.branch + 1);
        for i in 0..count {
            components.push(Component {
                weight: 1.0 / f64::from(count),
                mean: self.place(class, i, (f64::from(i) + 0.5) / f64::from(count)),
                covariance: Matrix2::new(size * size, 0.0, 0.0, size * size),
                class,
                branch,
            });
            branch += u16::from((i + 1) % stroke == 0);
        }
    }

    /// How often a tree has forked where a branch begins; elsewhere nothing forks.
    pub fn depth(&self, branch: u16) -> Option<u16> {
        matches!(self, Self::Tree { .. }).then(|| tree::depth(branch))
    }

    /// Where Gaussian `i` of a class is, at the share `t` of the class's curve.
    fn place(&self, class: u8, i: u16, t: f64) -> Vector2<f64> {
        let second = f64::from(class);
        // What is round is a thread wound on or off a circle: its angle, the circle's radius, and the thread in radii.
        let (angle, radius, thread) = match self {
            Self::Checkerboard => {
                let (square, row, column) = (i / (ROWS * STROKE), i / STROKE % ROWS, i % STROKE);
                let (up, right) = (square / 2, 2 * (square % 2) + (square / 2 + u16::from(class)) % 2);
                let along = |centre: f64, square: u16, part: u16, parts: u16| {
                    centre + SQUARE * (f64::from(square) - 2.0 + (f64::from(part) + 0.5) / f64::from(parts))
                };
                return Vector2::new(along(CENTRE.x, right, column, STROKE), along(CENTRE.y, up, row, ROWS));
            }
            Self::TwoRings => (TAU * t, RING * (1.0 + second), 0.0),
            Self::EightGaussians => (TAU * t + FRAC_PI_4 * second, CIRCLE, 0.0),
            Self::TwoSpirals => {
                // An involute is as long as its thread's square: even steps of that are even steps along it.
                let [from, to] = THREAD.map(|thread| thread * thread);
                let thread = (from + t * (to - from)).sqrt();
                (thread + PI * second, SPOOL, thread)
            }
            _ => (PI * (t + second), MOON, 0.0),
        };
        let [y, x] = sine_and_cosine(angle);
        let place = CENTRE + radius * Vector2::new(x + thread * y, y - thread * x);
        // The second moon is the first, half a turn on, about a point inside both.
        let off = if matches!(self, Self::TwoMoons) { radius * (1.0 - 2.0 * second) } else { 0.0 };
        place - off * Vector2::new(0.5, 0.25)
    }

    /// Its name, but for a seed.
    fn stem(&self) -> &'static str {
        match self {
            Self::Tree { .. } => "tree-",
            Self::TwoMoons => "two-moons",
            Self::TwoRings => "two-rings",
            Self::TwoSpirals => "two-spirals",
            Self::Checkerboard => "checkerboard",
            Self::EightGaussians => "eight-gaussians",
            _ => "",
        }
    }
}

/// What messages call the distribution that has this name: see [`Distribution::called`].
pub fn called(name: &str) -> String {
    for prefix in [drawing::PREFIX, points::PREFIX] {
        if name.starts_with(prefix) {
            return [prefix, &Id::of(name).brief()].concat();
        }
    }
    name.to_owned()
}

impl Default for Distribution {
    fn default() -> Self {
        Self::PAPER
    }
}

impl std::fmt::Display for Distribution {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.stem())?;
        match self {
            Self::Tree { seed } => seed.fmt(f),
            Self::Drawing(drawing) => f.write_str(drawing.text()),
            Self::Points(points) => f.write_str(points.text()),
            _ => Ok(()),
        }
    }
}

impl From<Distribution> for String {
    fn from(distribution: Distribution) -> Self {
        distribution.to_string()
    }
}

impl TryFrom<String> for Distribution {
    type Error = Error;

    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}

impl std::str::FromStr for Distribution {
    type Err = Error;

    #[inline(never)]
    fn from_str(text: &str) -> Result<Self> {
        Ok(match text {
            "two-moons" => Self::TwoMoons,
            "two-rings" => Self::TwoRings,
            "two-spirals" => Self::TwoSpirals,
            "checkerboard" => Self::Checkerboard,
            "eight-gaussians" => Self::EightGaussians,
            _ if text.starts_with(drawing::PREFIX) => Self::Drawing(Drawing::parse(text)?),
            _ if text.starts_with(points::PREFIX) => Self::Points(Points::parse(text)?),
            _ => match text.strip_prefix("tree-").and_then(canonical) {
                Some(seed) => Self::Tree { seed },
                None => return Err(Error::invalid("The distribution", KNOWN, ["\"", text, "\""].concat())),
            },
        })
    }
}

const KNOWN: &str = "tree- and a 32-bit seed, two-moons, two-rings, two-spirals, checkerboard, eight-gaussians, a drawing or points of one's own";

/// The number that is written so, and in no other way: without a sign, and with no zero before it.
fn canonical(digits: &str) -> Option<u32> {
    let digits = digits.as_bytes();
    if digits.is_empty() || digits[0] == b'0' && digits.len() > 1 {
        return None;
    }
    let mut number = 0u32;
    for digit in digits {
        let digit = digit.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        number = number.checked_mul(10)?.checked_add(digit.into())?;
    }
    Some(number)
}
