//! What is mixed: scores, noise or denoised estimates.

use crate::from_json;
use serde::{Deserialize, Serialize};

/// What is mixed. It makes a difference where the guide is asked at another noise level.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub enum Space {
    /// Scores s.
    #[default]
    Score,
    /// Noise estimates -sigma s.
    Epsilon,
    /// Denoised estimates x + sigma^2 s.
    Denoised,
}

from_json!(
    enum Space {
        Score,
        Epsilon,
        Denoised,
    }
);

impl Space {
    /// As JSON writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Score => "score",
            Self::Epsilon => "epsilon",
            Self::Denoised => "denoised",
        }
    }

    /// What the score of a guide at k sigma is multiplied by, so that scores can be mixed: with eps0 = -k sigma s0,
    /// mixing eps is mixing s1 with k s0; with D0 = x + (k sigma)^2 s0, it is k^2 s0.
    pub fn factor(self, k: f64) -> f64 {
        match self {
            Self::Score => 1.0,
            Self::Epsilon => k,
            Self::Denoised => k * k,
        }
    }
}
