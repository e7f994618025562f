//! A model prepared for tiles, and for one noise level.

use crate::distribution::{MixtureLanes, Pointwise, Smoothing};
use crate::guidance::Model;
use crate::lanes::{Kernel, Lanes, TILE, dispatch};
use crate::network::{Level, NetworkLanes, NetworkScratch};

/// A model in the form that tiles are evaluated with.
pub enum CpuModel {
    /// A mixture.
    Exact(MixtureLanes),
    /// A network.
    Network(NetworkLanes),
}

/// What of it depends on the noise level.
pub(super) enum AtLevel {
    Exact(Smoothing),
    Network(Level),
}

impl CpuModel {
    /// Prepare a model.
    pub fn new(model: &Model) -> Self {
        match model {
            Model::Exact(mixture) => Self::Exact(MixtureLanes::new(mixture)),
            Model::Network(network) => Self::Network(NetworkLanes::new(network)),
        }
    }

    pub(super) fn at(&self, sigma: f64) -> AtLevel {
        match self {
            Self::Exact(mixture) => AtLevel::Exact(mixture.smoothing(sigma)),
            Self::Network(network) => AtLevel::Network(network.level(sigma)),
        }
    }

    pub(super) fn scratch(&self) -> NetworkScratch {
        match self {
            Self::Exact(_) => NetworkScratch::default(),
            Self::Network(network) => network.scratch(),
        }
    }

    /// Score of one tile. An entry of its own for every evaluation, so that each kernel is compiled once; beside an
    /// evaluation it costs nothing.
    #[inline(never)]
    pub(super) fn score(
        &self,
        level: &AtLevel,
        scratch: &mut NetworkScratch,
        [x, y]: [&[f32]; 2],
        [score_x, score_y]: [&mut [f32]; 2],
    ) {
        match (self, level) {
            (Self::Exact(mixture), AtLevel::Exact(smoothing)) => {
                let out = Pointwise { log_density: &mut [0.0; TILE], score_x, score_y };
                dispatch(ExactScore { mixture, smoothing, at: [x, y], out });
            }
            (Self::Network(network), AtLevel::Network(level)) => {
                dispatch(NetworkScore { network, level, scratch, at: [x, y], out: [score_x, score_y] });
            }
            _ => unreachable!("a level belongs to its model"),
        }
    }
}

/// All that is known of an exact model on a tile.
pub(super) struct Curved {
    pub log_density: [f32; TILE],
    pub score: [[f32; TILE]; 2],
    /// Laplacian of the density over the density.
    pub curvature: [f32; TILE],
}

impl CpuModel {
    /// Log-density, score and curvature of one tile; zeros for a network.
    #[inline(never)]
    pub(super) fn curved(&self, level: &AtLevel, at: &[[f32; TILE]; 2]) -> Curved {
        let mut curved = Curved { log_density: [0.0; TILE], score: [[0.0; TILE]; 2], curvature: [0.0; TILE] };
        if let (Self::Exact(mixture), AtLevel::Exact(smoothing)) = (self, level) {
            dispatch(ExactCurved { mixture, smoothing, at, out: &mut curved });
        }
        curved
    }
}

struct ExactCurved<'a> {
    mixture: &'a MixtureLanes,
    smoothing: &'a Smoothing,
    at: &'a [[f32; TILE]; 2],
    out: &'a mut Curved,
}

impl Kernel for ExactCurved<'_> {
    type Output = ();

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        let Curved { log_density, score: [score_x, score_y], curvature } = self.out;
        let out = Pointwise { log_density, score_x, score_y };
        self.mixture.evaluate_curved(l, self.smoothing, [&self.at[0], &self.at[1]], out, curvature);
    }
}

struct ExactScore<'a> {
    mixture: &'a MixtureLanes,
    smoothing: &'a Smoothing,
    at: [&'a [f32]; 2],
    out: Pointwise<'a>,
}

impl Kernel for ExactScore<'_> {
    type Output = ();

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        self.mixture.evaluate(l, self.smoothing, self.at[0], self.at[1], self.out);
    }
}

struct NetworkScore<'a> {
    network: &'a NetworkLanes,
    level: &'a Level,
    scratch: &'a mut NetworkScratch,
    at: [&'a [f32]; 2],
    out: [&'a mut [f32]; 2],
}

impl Kernel for NetworkScore<'_> {
    type Output = ();

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        self.network.score(l, self.level, self.scratch, self.at, self.out);
    }
}
