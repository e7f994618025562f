//! Points of one's own, as the Gaussians that stand for them.
//!
//! As text, which is their name in messages, they are `points-`, three decimal numbers with `~` between and after (what one unit of
//! the plane is in the units of the points, and where the origin is), and whole numbers (`vlq`): of each Gaussian four times
//! the points that it stands for, plus two if a branch begins, plus its class; what its mean adds to that of the one before; and
//! the Cholesky factor of its covariance. One set of Gaussians has one such text and no other.

use super::{Component, MOST_COMPONENTS, vlq};
use crate::error::{Error, Result};
use nalgebra::{Matrix2, Vector2};

/// Units of means and factors in one unit of the plane.
pub const UNITS: f64 = 4096.0;
/// The farthest that a number may be, in such units.
pub(super) const FARTHEST: i32 = 1 << 20;

pub(super) const PREFIX: &str = "points-";

/// A Gaussian that stands for points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Gaussian {
    /// The class: 0 for A, 1 for B.
    pub class: u8,
    /// Whether a branch begins with it.
    pub begins: bool,
    /// How many points it stands for: at least one.
    pub count: u32,
    /// Its mean.
    pub mean: [i32; 2],
    /// The lower triangle of its covariance's Cholesky factor, row by row; positive on the diagonal.
    pub factor: [i32; 3],
}

/// Gaussians of both classes, class A first.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Points {
    /// The three numbers, as they stand in the text, without the last mark.
    pub(super) map: String,
    pub(super) gaussians: Vec<Gaussian>,
}

impl Points {
    /// The Gaussians.
    pub fn gaussians(&self) -> &[Gaussian] {
        &self.gaussians
    }

    #[inline(never)]
    pub(super) fn check(&self) -> Result<()> {
        let count = self.gaussians.len();
        if count > MOST_COMPONENTS {
            return Err(Error::invalid("The number of the points' Gaussians", "at most 2032", count));
        }
        let mut before = None;
        for &Gaussian { class, begins, count, mean, factor } in &self.gaussians {
            let far = mean.iter().chain(&factor).any(|each| each.abs() > FARTHEST);
            // Classes are one after the other, and each begins a branch.
            let steps = match before {
                None => class == 0 && begins,
                Some(0) => class == 0 || class == 1 && begins,
                _ => class == 1,
            };
            if far || count == 0 || factor[0] < 1 || factor[2] < 1 || !steps {
                return Err(wrong("Gaussians of class A and then of class B, of one point or more and of some size"));
            }
            before = Some(class);
        }
        if before == Some(1) { Ok(()) } else { Err(wrong("of both classes: guidance tells one from the other")) }
    }

    /// Its components; each class has one half of the mass.
    pub(super) fn components(&self) -> Vec<Component> {
        let mut components: Vec<Component> = Vec::with_capacity(self.gaussians.len());
        let of = |class| self.gaussians.iter().filter(move |each| each.class == class);
        let totals = [0, 1].map(|class| of(class).map(|each| f64::from(each.count)).sum::<f64>());
        for each in &self.gaussians {
            let [a, b, c] = each.factor.map(|entry| f64::from(entry) / UNITS);
            let next = components.last().map_or(0, |last| last.branch + u16::from(each.begins));
            components.push(Component {
                weight: f64::from(each.count) / totals[usize::from(each.class)],
                mean: Vector2::from(each.mean.map(f64::from)) / UNITS,
                covariance: Matrix2::new(a * a, a * b, a * b, b * b + c * c),
                class: each.class,
                branch: next,
            });
        }
        components
    }

    fn read(text: &str) -> Option<Self> {
        let (map, numbers) = text.rsplit_once('~')?;
        let marks = map.bytes().filter(|&b| b == b'~').count();
        if map.len() > 100
            || marks != 2
            || map.bytes().any(|b| b != b'~' && b != b'-' && b != b'.' && !b.is_ascii_digit())
        {
            return None;
        }
        let mut reader = vlq::Reader(numbers.as_bytes().iter());
        let mut gaussians = Vec::new();
        let mut mean = [0, 0];
        while !reader.0.as_slice().is_empty() {
            let head = reader.next()?;
            for axis in &mut mean {
                *axis += reader.signed()?;
                if axis.abs() > FARTHEST {
                    return None;
                }
            }
            let factor = [reader.next()? as i32, reader.signed()?, reader.next()? as i32];
            gaussians.push(Gaussian { class: (head & 1) as u8, begins: head & 2 != 0, count: head >> 2, mean, factor });
        }
        Some(Self { map: map.to_owned(), gaussians })
    }

    #[inline(never)]
    pub(super) fn text(&self) -> String {
        let mut text = [PREFIX, &self.map, "~"].concat();
        let mut before = [0, 0];
        for &Gaussian { class, begins, count, mean, factor } in &self.gaussians {
            vlq::write(&mut text, count << 2 | u32::from(begins) << 1 | u32::from(class));
            vlq::write_signed(&mut text, mean[0] - before[0]);
            vlq::write_signed(&mut text, mean[1] - before[1]);
            vlq::write(&mut text, factor[0] as u32);
            vlq::write_signed(&mut text, factor[1]);
            vlq::write(&mut text, factor[2] as u32);
            before = mean;
        }
        text
    }

    #[inline(never)]
    pub(super) fn parse(text: &str) -> Result<Self> {
        let points = text.strip_prefix(PREFIX).and_then(Self::read).ok_or_else(|| wrong("of whole Gaussians"))?;
        points.check()?;
        if points.text() == text { Ok(points) } else { Err(wrong("written in the one way that they have")) }
    }
}

#[cold]
#[inline(never)]
fn wrong(expected: &'static str) -> Error {
    Error::invalid("What stands for points", expected, "not")
}
