//! A model prepared for tiles, and for one noise level.

use crate::distribution::{MixtureLanes, Pointwise, Smoothing};
use crate::guidance::Model;
use crate::lanes::{Lanes, TILE};
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

    /// Score of one tile.
    #[inline(always)]
    pub(super) fn score<L: Lanes>(
        &self,
        l: L,
        level: &AtLevel,
        scratch: &mut NetworkScratch,
        [x, y]: [&[f32]; 2],
        [score_x, score_y]: [&mut [f32]; 2],
    ) {
        match (self, level) {
            (Self::Exact(mixture), AtLevel::Exact(smoothing)) => {
                let out = Pointwise { log_density: &mut [0.0; TILE], score_x, score_y };
                mixture.evaluate(l, smoothing, x, y, out);
            }
            (Self::Network(network), AtLevel::Network(level)) => {
                network.score(l, level, scratch, [x, y], [score_x, score_y]);
            }
            _ => unreachable!("a level belongs to its model"),
        }
    }
}
