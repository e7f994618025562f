//! The toy denoiser of autoguidance (Karras et al. 2024, arXiv 2406.02507, public toy example): a small network
//! whose output is an unnormalised log-density, so that its score is its gradient.
//!
//! Features `f = (x/c, y/c, ln(sigma)/4, 1)` with `c = sqrt(sigma_data^2 + sigma^2)`; `h = W0 f`, then
//! `h = W_i (silu(h)/0.596)` a number of times, without biases; every row of every matrix normalised to unit length
//! and divided by the square root of its length. `log p(x; sigma) = gain mean_j(h_j^2)/sigma - |x/c|^2/2`.
//!
//! A network of heavy tails (Student-t noise of nu degrees of freedom; after Pandey et al. 2024, arXiv 2410.14171) has
//! `c = sqrt(sigma_data^2 + sigma^2 nu/(nu - 2))`, and `-(nu + 2)/2 ln(1 + |x|^2 / (nu (sigma_data^2 + sigma^2)))` in place
//! of the Gaussian base `-|x/c|^2/2`.
//!
//! Invariant: [`Network`] holds the raw weights and is always well formed (sizes agree, every number finite);
//! [`evaluate`](Network::evaluate) in f64 is the definition, [`NetworkLanes`] the fast form.

use crate::parameter::DEGREES_OF_FREEDOM;

mod degrade;
mod evaluate;
mod lanes;
mod products;
mod training_config;
mod weights;

pub use evaluate::NetworkValue;
pub use lanes::{Level, NetworkLanes, NetworkScratch};
#[cfg(feature = "gpu")]
pub(crate) use products::Folded;
#[cfg(any(not(target_arch = "wasm32"), feature = "training", test))]
pub(crate) use products::Products;
pub use training_config::TrainingConfig;

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
    pub(crate) hidden: usize,
    /// `hidden x 4`, then `hidden x hidden` each; row-major.
    pub(crate) matrices: Vec<Vec<f32>>,
    pub(crate) gain: f32,
    /// Degrees of freedom of its noise, if that is a Student-t.
    pub(crate) nu: Option<f32>,
    /// What is added to the ln(sigma) that it is told; not saved.
    pub(crate) noise_shift: f64,
    /// What its file says of it, by name: `data`, the distribution that it learned, and `condition`, the classes.
    pub(crate) metadata: Vec<(String, String)>,
}

/// What a network's output stands on at one noise level.
#[derive(Clone, Copy)]
pub(crate) struct Base {
    /// What positions are divided by.
    pub c: f64,
    /// The base's gradient is `slope x / (1 + spread |x|^2)`.
    pub slope: f64,
    /// Zero for a Gaussian.
    pub spread: f64,
}

impl Base {
    /// At noise level `sigma`, under a Student-t's noise of `nu` degrees of freedom or a Gaussian's.
    pub fn new(nu: Option<f64>, sigma: f64) -> Self {
        match nu {
            None => {
                let c = SIGMA_DATA.hypot(sigma);
                Self { c, slope: -1.0 / (c * c), spread: 0.0 }
            }
            Some(nu) => {
                let spread = 1.0 / (nu * (SIGMA_DATA * SIGMA_DATA + sigma * sigma));
                Self { c: SIGMA_DATA.hypot(sigma * (nu / (nu - 2.0)).sqrt()), slope: -(nu + 2.0) * spread, spread }
            }
        }
    }

    /// The base, given |x|^2.
    pub fn log_density(self, square: f64) -> f64 {
        let square = if self.spread > 0.0 { (self.spread * square).ln_1p() / self.spread } else { square };
        0.5 * self.slope * square
    }

    /// What x is times in its gradient, given |x|^2.
    pub fn pull(self, square: f64) -> f64 {
        self.slope / (1.0 + self.spread * square)
    }
}

/// Degrees of freedom that a network of heavy tails can have, in words and as a rule: c needs a variance.
pub(crate) const NETWORK_DEGREES: &str = "above 2 and at most 1000000";

/// Whether a network can have so many degrees of freedom.
pub(crate) fn has_variance(nu: f32) -> bool {
    nu > 2.0 && f64::from(nu) <= DEGREES_OF_FREEDOM.greatest
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

    /// Degrees of freedom of the Student-t noise that it was trained for, or none for Gaussian noise.
    pub fn degrees_of_freedom(&self) -> Option<f64> {
        self.nu.map(f64::from)
    }

    /// What its file says under a name, such as `data`: the distribution that it learned.
    pub fn says(&self, name: &str) -> Option<&str> {
        self.metadata.iter().find(|(key, _)| key == name).map(|(_, text)| text.as_str())
    }

    /// All that its file says, in the order of names.
    #[cfg(not(target_arch = "wasm32"))]
    pub fn metadata(&self) -> &[(String, String)] {
        &self.metadata
    }

    pub(crate) fn base(&self, sigma: f64) -> Base {
        Base::new(self.degrees_of_freedom(), sigma)
    }

    /// Columns of matrix `i`.
    fn columns(&self, i: usize) -> usize {
        if i == 0 { FEATURES } else { self.hidden }
    }

    /// Trainable numbers, the gain included.
    pub fn parameters(&self) -> usize {
        self.matrices.iter().map(Vec::len).sum::<usize>() + 1
    }

    /// Matrix `i` as used: every row normalised and divided by the square root of its length.
    pub(crate) fn normalised(&self, i: usize) -> Vec<f64> {
        let columns = self.columns(i);
        let mut used: Vec<f64> = self.matrices[i].iter().copied().map(f64::from).collect();
        for (row, raw) in used.chunks_exact_mut(columns).zip(self.matrices[i].chunks_exact(columns)) {
            let scale = 1.0 / (row_norm(raw) * (columns as f64).sqrt());
            row.iter_mut().for_each(|w| *w *= scale);
        }
        used
    }
}

/// What a row is divided by: `1e-4 + |row| / sqrt(length)`.
pub(crate) fn row_norm(row: &[f32]) -> f64 {
    NORM_EPSILON + (row.iter().map(|&w| f64::from(w) * f64::from(w)).sum::<f64>() / row.len() as f64).sqrt()
}
