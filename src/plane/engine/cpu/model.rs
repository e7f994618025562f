//! A model prepared for tiles, and for one noise level.

use crate::error::Result;
use crate::lanes::{Kernel, Lanes, TILE, dispatch};
use crate::plane::Model;
use crate::plane::distribution::student::{self, Node};
use crate::plane::distribution::{MixtureLanes, Pointwise, Smoothing};
use crate::plane::network::{Level, NetworkLanes, NetworkScratch};

/// A model in the form that tiles are evaluated with.
pub enum CpuModel {
    /// A mixture, and what its noise is made of.
    Mixture(MixtureLanes, Vec<Node>),
    /// A network.
    Network(NetworkLanes),
}

/// What of it depends on the noise level.
pub(super) enum AtLevel {
    Mixture(Smoothing),
    Network(Level),
}

impl CpuModel {
    /// Prepare a model.
    ///
    /// # Errors
    /// If a Student-t's degrees of freedom are out of range.
    pub fn new(model: &Model) -> Result<Self> {
        Ok(match model {
            Model::Exact(mixture) => Self::Mixture(MixtureLanes::new(mixture), vec![Node::GAUSSIAN]),
            Model::StudentT(mixture, nu) => Self::Mixture(MixtureLanes::new(mixture), student::nodes(*nu)?),
            Model::Network(network) => Self::Network(NetworkLanes::new(network)),
            Model::Fresh(..) => return Self::new(&model.in_step(0)),
        })
    }

    pub(super) fn at(&self, sigma: f64) -> AtLevel {
        match self {
            Self::Mixture(mixture, nodes) => AtLevel::Mixture(mixture.smoothed_by(nodes, sigma)),
            Self::Network(network) => AtLevel::Network(network.level(sigma)),
        }
    }

    pub(super) fn scratch(&self) -> NetworkScratch {
        match self {
            Self::Mixture(..) => NetworkScratch::default(),
            Self::Network(network) => network.scratch(),
        }
    }

    /// Log-density, unnormalised for a network, and score of one tile. An entry of its own for every evaluation, so that
    /// each kernel is compiled once; beside an evaluation it costs nothing.
    #[inline(never)]
    pub(super) fn evaluate(&self, level: &AtLevel, scratch: &mut NetworkScratch, at: [&[f32]; 2], out: Pointwise<'_>) {
        match (self, level) {
            (Self::Mixture(mixture, _), AtLevel::Mixture(smoothing)) => {
                dispatch(MixtureValue { mixture, smoothing, at, out });
            }
            (Self::Network(network), AtLevel::Network(level)) => {
                dispatch(NetworkValue { network, level, scratch, at, out });
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
        if let (Self::Mixture(mixture, _), AtLevel::Mixture(smoothing)) = (self, level) {
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

struct MixtureValue<'a> {
    mixture: &'a MixtureLanes,
    smoothing: &'a Smoothing,
    at: [&'a [f32]; 2],
    out: Pointwise<'a>,
}

impl Kernel for MixtureValue<'_> {
    type Output = ();

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        self.mixture.evaluate(l, self.smoothing, self.at[0], self.at[1], self.out);
    }
}

struct NetworkValue<'a> {
    network: &'a NetworkLanes,
    level: &'a Level,
    scratch: &'a mut NetworkScratch,
    at: [&'a [f32]; 2],
    out: Pointwise<'a>,
}

impl Kernel for NetworkValue<'_> {
    type Output = ();

    #[inline(always)]
    fn run<L: Lanes>(self, l: L) {
        self.network.evaluate(l, self.level, self.scratch, self.at, self.out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plane::Models;
    use crate::plane::distribution::{Classes, PointTile};
    use nalgebra::Vector2;
    use std::sync::Arc;

    #[test]
    fn every_kind_of_model_is_its_f64_form() {
        let data = Arc::clone(Models::new().mixture(Classes::A));
        let net = Arc::new(crate::plane::training::initial(8, 4, 1));
        let points: Vec<[f32; 2]> = (0..TILE).map(|i| [0.02 * i as f32 - 0.5, 1.3 - 0.025 * i as f32]).collect();
        let tile = PointTile::split(&points).next().unwrap();
        for model in [Model::Exact(Arc::clone(&data)), Model::StudentT(data, 3.0), Model::Network(net)] {
            let prepared = CpuModel::new(&model).unwrap();
            let [mut log_density, mut x, mut y] = [[0.0; TILE]; 3];
            for sigma in [0.1, 1.1] {
                let out = Pointwise { log_density: &mut log_density, score_x: &mut x, score_y: &mut y };
                prepared.evaluate(&prepared.at(sigma), &mut prepared.scratch(), [&tile.x, &tile.y], out);
                for (i, p) in points.iter().enumerate() {
                    let (height, exact) = model.evaluate(Vector2::from(p.map(f64::from)), sigma);
                    let error = (Vector2::new(x[i], y[i]).cast() - exact).norm() / (exact.norm() + 1.0 / sigma);
                    assert!(error < 1e-5, "{sigma} {p:?}: {error:e}");
                    let error = (f64::from(log_density[i]) - height).abs() / height.abs().max(1.0);
                    assert!(error < 1e-5, "{sigma} {p:?}: {error:e}");
                }
            }
        }
    }

    #[test]
    fn degrees_of_freedom_out_of_range_are_refused() {
        let data = Arc::clone(Models::new().mixture(Classes::A));
        assert!(CpuModel::new(&Model::StudentT(data, 0.0)).is_err());
    }
}
