//! Gaussian mixtures in two dimensions, and those that have names: the fractal tree, and the field's classic toys.
//!
//! Invariant: whatever smoothing is asked for, density, score and Laplacian are closed forms, computed in log
//! space, and finite wherever the position is. [`Mixture`] is the truth in f64; [`MixtureLanes`] is the same
//! in f32 on vectors of particles, for the engines and the metrics.

#[cfg(feature = "own-data")]
pub mod cloud;
pub mod drawing;
#[cfg(feature = "own-data")]
pub mod files;
mod id;
mod lanes;
mod mixture;
mod named;
pub mod points;
mod regions;
pub mod student;
pub mod tree;
mod vlq;

pub use drawing::Drawing;
pub use id::Id;
pub(crate) use lanes::PointTile;
pub use lanes::{MixtureLanes, Pointwise, Posterior, Smoothing};
pub use mixture::{Component, Mixture, Value};
pub use named::{Distribution, called};
pub use regions::Regions;
pub(crate) use regions::quadrature;

/// The most Gaussians of one's own data: as many as a tree has, which engines are made and measured for.
pub const MOST_COMPONENTS: usize = 2032;

/// Which of the two classes of the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum Classes {
    /// The orange class.
    A,
    /// The grey class.
    B,
    /// Both, half and half: what an unconditional model learns.
    AB,
}

impl Classes {
    /// All there are.
    pub const ALL: [Self; 3] = [Self::A, Self::B, Self::AB];

    /// The ones with this name.
    pub fn named(text: &str) -> Option<Self> {
        match text {
            "A" => Some(Self::A),
            "B" => Some(Self::B),
            "AB" => Some(Self::AB),
            _ => None,
        }
    }
}

impl std::fmt::Display for Classes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Debug::fmt(self, f)
    }
}

impl std::str::FromStr for Classes {
    type Err = crate::Error;

    fn from_str(text: &str) -> crate::Result<Self> {
        let unknown = || crate::Error::invalid("The class", "A, B or AB", format!("\"{text}\""));
        Self::named(text).ok_or_else(unknown)
    }
}
