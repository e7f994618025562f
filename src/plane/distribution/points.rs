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
    /// What they are as text.
    text: String,
    gaussians: Vec<Gaussian>,
}

impl Points {
    /// Gaussians, and what one unit of the plane is in the units of the points, and where the origin is there.
    ///
    /// # Errors
    /// If they are too many, a number is out of its range, or they do not stand class by class.
    #[cfg(any(not(target_arch = "wasm32"), feature = "own-data"))]
    pub fn new(map: [f64; 3], gaussians: &[Gaussian]) -> Result<Self> {
        Self::parse(&write(map, gaussians))
    }

    /// How a mixture's own units are told in those of the points that it stands for: position times the first, plus the others.
    #[cfg(any(not(target_arch = "wasm32"), feature = "own-data"))]
    pub fn map_back(&self) -> [f64; 3] {
        let mut numbers = self.text[PREFIX.len()..].split('~').map(|number| number.parse().unwrap_or(f64::NAN));
        [(); 3].map(|()| numbers.next().unwrap_or(f64::NAN))
    }

    /// The Gaussians.
    pub fn gaussians(&self) -> &[Gaussian] {
        &self.gaussians
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

    /// The Gaussians of a text; none if that is no text of any.
    fn read(text: &str) -> Option<Vec<Gaussian>> {
        let (map, numbers) = text.strip_prefix(PREFIX)?.rsplit_once('~')?;
        if map.split('~').count() != 3 || !map.split('~').all(is_decimal) {
            return None;
        }
        let mut reader = vlq::Reader(numbers.as_bytes().iter());
        let mut gaussians: Vec<Gaussian> = Vec::new();
        let mut mean = [0, 0];
        while !reader.0.as_slice().is_empty() {
            let head = reader.next()?;
            let (class, begins, count) = ((head & 1) as u8, head & 2 != 0, head >> 2);
            for axis in &mut mean {
                // No sum can overflow of numbers that go no farther.
                *axis += reader.signed()?;
                if axis.abs() > FARTHEST {
                    return None;
                }
            }
            let factor = [reader.next()? as i32, reader.signed()?, reader.next()? as i32];
            // Classes are one after the other, and each begins a branch.
            let before = gaussians.last().map(|last| last.class);
            let steps = before == Some(class) || begins && class == before.map_or(0, |before| before + 1);
            let sized = factor[0] > 0 && factor[2] > 0 && factor.iter().all(|each| each.abs() <= FARTHEST);
            if !steps || !sized || count == 0 {
                return None;
            }
            gaussians.push(Gaussian { class, begins, count, mean, factor });
        }
        (gaussians.last()?.class == 1 && gaussians.len() <= MOST_COMPONENTS).then_some(gaussians)
    }

    /// As text, of which it has one.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    #[inline(never)]
    pub(super) fn parse(text: &str) -> Result<Self> {
        let needed = "that of at most 2032 whole Gaussians, of class A and then of class B";
        let gaussians = Self::read(text).ok_or_else(|| Error::invalid("The name of the points", needed, "not"))?;
        Ok(Self { text: text.to_owned(), gaussians })
    }
}

/// Whether a number is written as Rust writes decimal numbers.
fn is_decimal(number: &str) -> bool {
    let number = number.strip_prefix('-').unwrap_or(number);
    let mut parts = number.as_bytes().split(|b| *b == b'.');
    parts.clone().count() <= 2 && parts.all(|digits| !digits.is_empty() && digits.iter().all(u8::is_ascii_digit))
}

/// The text of Gaussians.
#[cfg(any(not(target_arch = "wasm32"), feature = "own-data"))]
fn write(map: [f64; 3], gaussians: &[Gaussian]) -> String {
    let mut text = PREFIX.to_owned();
    for number in map {
        text.extend([&number.to_string(), "~"]);
    }
    let mut before = [0, 0];
    for &Gaussian { class, begins, count, mean, factor } in gaussians {
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
