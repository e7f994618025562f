//! What is said of a metric wherever it is shown.

use super::measures::Measure;
use crate::statistics::Better;
use serde::Serialize;

/// A row of a table of metrics: everything but how it is computed. The page's is its JSON.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Metric {
    /// Its name in JSON and CSV.
    pub id: &'static str,
    /// What the page calls it.
    pub label: &'static str,
    /// In a sentence.
    #[serde(skip)]
    pub name: &'static str,
    /// The head of a table's column.
    #[serde(skip)]
    pub head: &'static str,
    /// What the number means; of its own file, which the page fetches when it is asked for.
    #[serde(skip)]
    pub explanation: &'static str,
    /// What it is counted in.
    pub unit: Unit,
    /// Which values are better.
    pub better: Better,
    /// What the data themselves have: a number, or none where that depends on the data, as the noise floor tells.
    pub perfect: Option<f64>,
    /// Digits after the point that are worth showing beside a standard error; without one, one less.
    pub digits: usize,
    /// Where it is shown.
    pub shown: Shown,
    /// What it is made from.
    #[serde(skip)]
    pub needs: Need,
}

/// What a metric is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Unit {
    /// A part of all samples, 0 to 1.
    Share,
    /// Natural logarithms of densities, which have no least value.
    Nats,
    /// A number of branches.
    Branches,
    /// Units of the data's space.
    Space,
}

impl std::fmt::Display for Unit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Share => "share",
            Self::Nats => "nats",
            Self::Branches => "branches",
            Self::Space => "units of the data",
        })
    }
}

/// Where a metric is shown, and in all places before that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Shown {
    /// In files, and where it is asked for.
    Files,
    /// In the report's tables.
    Report,
    /// In the command's tables.
    Tables,
    /// Under every panel of the page.
    Panels,
}

/// What a metric is made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// The data's log-densities at the samples.
    LogDensities,
    /// The branches that the samples come from.
    Branches,
    /// Where the samples are.
    Positions,
    /// Where the exact ODE leads from the same starts.
    Reference,
}

impl Measure {
    /// What it is made from.
    pub(super) const fn needs(&self) -> Need {
        match self {
            Self::LogDensities(_) => Need::LogDensities,
            Self::Branches(_) => Need::Branches,
            Self::Positions(_) => Need::Positions,
        }
    }
}
