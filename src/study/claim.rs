//! Claims in general: a sentence, and what decides it of some evidence.

use super::verdict::{Comparison, Verdict};

/// Where something is not there: which.
pub type Found<T> = std::result::Result<T, String>;

/// What became of a claim.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The verdict.
    pub verdict: Verdict,
    /// The numbers behind it.
    pub comparisons: Vec<Comparison>,
    /// Which experiment is not there, where that is why there is no verdict.
    pub missing: Option<String>,
}

impl Finding {
    /// All that is compared has to hold.
    pub fn all(comparisons: Vec<Comparison>) -> Self {
        Self { verdict: Verdict::all(comparisons.iter().map(Comparison::verdict)), comparisons, missing: None }
    }
}

/// A sentence of the proposal, and what of such evidence decides it.
pub struct Claim<E> {
    /// The sentence.
    pub statement: &'static str,
    /// When it is said to hold.
    pub criterion: &'static str,
    /// What decides it.
    pub test: fn(&E) -> Found<Finding>,
}

impl<E> Claim<E> {
    /// What the numbers say.
    pub fn test(&self, evidence: &E) -> Finding {
        (self.test)(evidence).unwrap_or_else(|missing| Finding {
            verdict: Verdict::Untested,
            comparisons: Vec::new(),
            missing: Some(missing),
        })
    }
}
