//! Solvers of the probability-flow ODE dx/dsigma = -sigma s(x; sigma).

use serde::{Deserialize, Serialize};

/// How a step is taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub enum Solver {
    /// Second order (EDM algorithm 1): two evaluations a step, one in the last.
    #[default]
    Heun,
    /// First order, which is DDIM: one evaluation a step.
    Euler,
}

impl Solver {
    /// Whether the step from a level to `next` has a second stage.
    pub fn corrects(self, next: f64) -> bool {
        self == Self::Heun && next > 0.0
    }

    /// Evaluations of every model for one particle over `sigmas`.
    pub fn evaluations(self, sigmas: &[f64]) -> usize {
        sigmas.windows(2).map(|w| 1 + usize::from(self.corrects(w[1]))).sum()
    }
}

impl std::str::FromStr for Solver {
    type Err = crate::Error;

    fn from_str(text: &str) -> crate::Result<Self> {
        match text {
            "heun" => Ok(Self::Heun),
            "euler" => Ok(Self::Euler),
            _ => Err(crate::Error::invalid("The solver", "heun or euler", format!("\"{text}\""))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_papers_run_costs_63_evaluations() {
        let sigmas = crate::sampling::NoiseLevels::default().sigmas().unwrap();
        assert_eq!(Solver::Heun.evaluations(&sigmas), 63);
        assert_eq!(Solver::Euler.evaluations(&sigmas), 32);
    }
}
