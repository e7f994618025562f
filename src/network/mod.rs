//! The toy denoiser of autoguidance (Karras et al. 2024, arXiv 2406.02507, public toy example): a small network
//! whose output is an unnormalised log-density, so that its score is its gradient.
//!
//! Features `f = (x/c, y/c, ln(sigma)/4, 1)` with `c = sqrt(sigma_data^2 + sigma^2)`; `h = W0 f`, then
//! `h = W_i (silu(h)/0.596)` a number of times, without biases; every row of every matrix normalised to unit length
//! and divided by the square root of its length. `log p(x; sigma) = gain mean_j(h_j^2)/sigma - |x/c|^2/2`.
//!
//! Invariant: [`Network`] holds the raw weights and is always well formed (sizes agree, every number finite);
//! [`evaluate`](Network::evaluate) in f64 is the definition, [`NetworkLanes`] the fast form.

mod evaluate;
mod lanes;
mod products;
pub mod training;
mod weights;

pub use evaluate::NetworkValue;
pub use lanes::{Level, NetworkLanes, NetworkScratch};
#[cfg(feature = "gpu")]
pub(crate) use products::Folded;

/// Standard deviation of the data that the features are scaled by.
pub const SIGMA_DATA: f64 = 0.5;
/// Inputs of the network: two coordinates, the noise level and a constant.
pub const FEATURES: usize = 4;
/// Gain of silu on standard normals, divided out so that layers keep their scale.
pub(crate) const SILU_GAIN: f64 = 0.596;
/// Keeps an all-zero row from dividing by zero.
pub(crate) const NORM_EPSILON: f64 = 1e-4;
/// Hidden-to-hidden matrices of the paper's networks.
pub const LAYERS: usize = 4;

/// Weights as trained and saved: matrices before normalisation, and the gain.
#[derive(Clone, Debug, PartialEq)]
pub struct Network {
    hidden: usize,
    /// `hidden x 4`, then `hidden x hidden` each; row-major.
    matrices: Vec<Vec<f32>>,
    gain: f32,
}

impl Network {
    /// Width of the hidden layers.
    pub fn hidden(&self) -> usize {
        self.hidden
    }

    /// Number of hidden-to-hidden matrices.
    pub fn layers(&self) -> usize {
        self.matrices.len() - 1
    }

    /// Trainable numbers, the gain included.
    pub fn parameters(&self) -> usize {
        self.matrices.iter().map(Vec::len).sum::<usize>() + 1
    }

    /// Matrix `i` as used: every row normalised and divided by the square root of its length.
    pub(crate) fn normalised(&self, i: usize) -> Vec<f64> {
        let columns = if i == 0 { FEATURES } else { self.hidden };
        let raw: Vec<f64> = self.matrices[i].iter().copied().map(f64::from).collect();
        raw.chunks_exact(columns)
            .flat_map(|row| {
                let scale = 1.0 / (row_norm(row) * (columns as f64).sqrt());
                row.iter().map(move |w| w * scale)
            })
            .collect()
    }
}

/// What a row is divided by: `1e-4 + |row| / sqrt(length)`.
pub(crate) fn row_norm(row: &[f64]) -> f64 {
    NORM_EPSILON + (row.iter().map(|w| w * w).sum::<f64>() / row.len() as f64).sqrt()
}
