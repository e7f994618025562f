//! The metrics of schemes over several noises.

use crate::error::Result;
use crate::images::metrics::{METRICS, Scores, difference};
use crate::statistics::{Difference, mean_and_deviation};
use crate::study;
use std::collections::BTreeMap;

/// Something of each of [`METRICS`]; nothing of one that no prompt is about.
pub type List<T> = [Option<T>; METRICS.len()];

/// A metric over noises.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OverNoises {
    /// Mean, and its standard error from the spread of pictures within noises.
    pub mean: Difference,
    /// Standard deviation of one noise's value; none of one noise.
    pub deviation: Option<f64>,
}

impl OverNoises {
    /// Of each noise's metrics.
    pub fn of(noises: &[Scores]) -> List<Self> {
        let all: Vec<List<Difference>> = noises.iter().map(Scores::estimates).collect();
        let means = together(&all);
        std::array::from_fn(|i| {
            let values: Vec<f64> = all.iter().filter_map(|list| Some(list[i]?.value)).collect();
            let deviation = (values.len() > 1).then(|| mean_and_deviation(&values).1);
            Some(Self { mean: means[i]?, deviation })
        })
    }
}

/// Mean over independent lists.
fn together(lists: &[List<Difference>]) -> List<Difference> {
    let n = lists.len() as f64;
    std::array::from_fn(|i| {
        let all: Vec<Difference> = lists.iter().map(|list| list[i]).collect::<Option<_>>()?;
        let squares: f64 = all.iter().map(|d| d.standard_error * d.standard_error).sum();
        Some(Difference { value: all.iter().map(|d| d.value).sum::<f64>() / n, standard_error: squares.sqrt() / n })
    })
}

/// One scheme's metrics less another's, paired by noise, over noises.
///
/// # Errors
/// If the prompts differ.
pub fn less(a: &[Scores], b: &[Scores]) -> Result<List<Difference>> {
    let all = a.iter().zip(b).map(|(a, b)| Ok(difference(a, b)?.into_list())).collect::<Result<Vec<_>>>()?;
    Ok(together(&all))
}

/// What claims are decided by.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    /// By the experiments' identifiers.
    pub values: BTreeMap<String, List<Difference>>,
    /// The metrics of the first less those of the second.
    pub differences: BTreeMap<[String; 2], List<Difference>>,
    /// The plane's metrics of the same schemes, means over seeds.
    pub plane: BTreeMap<String, [f64; study::METRICS.len()]>,
}

impl Evidence {
    /// Of each experiment's noises, the same for all, and of what the plane says.
    ///
    /// # Errors
    /// If prompts differ.
    pub fn new(runs: &[(String, &[Scores])], plane: BTreeMap<String, [f64; study::METRICS.len()]>) -> Result<Self> {
        let values = |noises: &[Scores]| OverNoises::of(noises).map(|of| Some(of?.mean));
        let mut differences = BTreeMap::new();
        for (a, of_a) in runs {
            for (b, of_b) in runs {
                differences.insert([a.clone(), b.clone()], less(of_a, of_b)?);
            }
        }
        let values = runs.iter().map(|(id, noises)| (id.clone(), values(noises))).collect();
        Ok(Self { values, differences, plane })
    }
}
