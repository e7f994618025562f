//! What is said of several runs together.

use super::evaluator::Scores;
use super::table::PerMetric;
use super::{Metrics, deviations, is_lost};
use crate::error::{Error, Result};
use crate::sort;
use crate::statistics::{Difference, mean_and_deviation, quantile, standard_error};
use serde::Serialize;

/// The metrics of run `a` less those of run `b`, where particle i of both has the same start: what the start alone
/// decides then cancels, in the standard error too.
///
/// Standard errors are those of [`Scores::standard_errors`], but for total variation and W1 between two runs that are
/// nearly the same and both within their floors: there they can be as little as .6 of the real spread.
///
/// Each metric is of the particles that its run has not lost; those that are lost in one run alone count as unpaired.
///
/// # Errors
/// If the runs differ in their number of particles.
pub fn paired(a: &Scores, b: &Scores) -> Result<PerMetric<Difference>> {
    same_number(a.particles(), b.particles())?;
    let (va, vb) = (a.values.into_list(), b.values.into_list());
    Ok(PerMetric::from_list(std::array::from_fn(|i| Difference {
        value: va[i] - vb[i],
        standard_error: paired_error(&a.influences[i], &b.influences[i]),
    })))
}

/// The mean of `a` less that of `b`, where number i of both is of one start; NaN stands for a particle that is lost.
pub fn mean_difference(a: &[f64], b: &[f64]) -> Difference {
    let mean = |list: &[f64]| {
        let some: Vec<f64> = list.iter().copied().filter(|v| !v.is_nan()).collect();
        mean_and_deviation(&some).0
    };
    Difference { value: mean(a) - mean(b), standard_error: paired_error(a, b) }
}

/// The standard error of the difference of two means whose values are paired.
fn paired_error(a: &[f64], b: &[f64]) -> f64 {
    let differences: Vec<f64> = deviations(a).iter().zip(deviations(b)).map(|(a, b)| a - b).collect();
    standard_error(&differences)
}

/// How far the endpoints of two runs from the same starts lie apart, in units of the plane.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct EndpointDistance {
    /// Mean distance.
    pub mean: f64,
    /// Standard error of the mean.
    pub standard_error: f64,
    /// Median distance.
    pub median: f64,
}

/// The distance between the endpoints `a` and `b`, particle by particle: against a run of the exact ODE from the same
/// starts, how far a sampler goes astray, whether or not what comes out is distributed rightly. Particles that are lost in
/// either run are left out; of none, the distance is NaN.
///
/// # Errors
/// If the runs differ in their number of particles.
pub fn endpoint_distance(a: &[[f32; 2]], b: &[[f32; 2]]) -> Result<EndpointDistance> {
    same_number(a.len(), b.len())?;
    let pairs = a.iter().zip(b).filter(|&(&a, &b)| !is_lost(a) && !is_lost(b));
    let mut distances: Vec<f32> = pairs.map(|(a, b)| (a[0] - b[0]).hypot(a[1] - b[1])).collect();
    sort::ascending(&mut distances);
    let wide: Vec<f64> = distances.iter().map(|&d| f64::from(d)).collect();
    let (mean, _) = mean_and_deviation(&wide);
    Ok(EndpointDistance { mean, standard_error: standard_error(&wide), median: quantile(&distances, 0.5) })
}

/// A metric over several seeds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Spread {
    /// Mean.
    pub mean: f64,
    /// Standard deviation of one seed.
    pub deviation: f64,
    /// Standard error of the mean.
    pub standard_error: f64,
}

/// The metrics of runs with several seeds. Of one, deviations are NaN.
pub fn over_seeds(runs: &[Metrics]) -> PerMetric<Spread> {
    PerMetric::from_list(std::array::from_fn(|i| {
        let values: Vec<f64> = runs.iter().map(|run| run.estimates.into_list()[i].value).collect();
        let (mean, deviation) = mean_and_deviation(&values);
        Spread { mean, deviation, standard_error: standard_error(&values) }
    }))
}

/// What a run took.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Cost {
    /// Evaluations of models for each particle; main and guide count one each.
    pub evaluations_per_particle: usize,
    /// Time of sampling alone.
    pub milliseconds: f64,
}

fn same_number(a: usize, b: usize) -> Result<()> {
    if a == b { Ok(()) } else { Err(Error::invalid("The second run", format!("of {a} particles like the first"), b)) }
}

#[cfg(test)]
mod tests {
    use super::super::evaluator::tests::{drawn, evaluator};
    use super::super::table::METRIC_COUNT;
    use super::super::{Estimate, Floor};
    use super::*;
    use crate::plane::Models;
    use crate::plane::distribution::Classes;

    const SEEDS: u64 = 128;

    /// Perfect samples drawn towards a place: by a tenth, which shows, and by a hundredth, which is lost in the noise.
    #[test]
    fn pairing_takes_out_what_runs_share() {
        let evaluator = evaluator();
        let models = Models::new();
        let data = models.mixture(Classes::A);
        for (kept, range) in [(0.9, 0.75..1.35), (0.99, 0.55..1.35)] {
            let runs: Vec<[Scores; 2]> = (0..SEEDS)
                .map(|seed| {
                    let a = drawn(data, seed, 1024);
                    let b: Vec<[f32; 2]> = a.iter().map(|p| p.map(|x| kept * x + (1.0 - kept) * 0.3)).collect();
                    [b, a].map(|points| evaluator.scores(&points).unwrap())
                })
                .collect();
            let paired: Vec<_> = runs.iter().map(|[b, a]| paired(b, a).unwrap().into_list()).collect();
            let errors: Vec<_> =
                runs.iter().map(|run| run.each_ref().map(|s| s.standard_errors().into_list())).collect();
            for f in 0..METRIC_COUNT {
                let of = |value: fn(&Difference) -> f64| paired.iter().map(|d| value(&d[f])).collect::<Vec<_>>();
                let (_, spread) = mean_and_deviation(&of(|d| d.value));
                let (error, _) = mean_and_deviation(&of(|d| d.standard_error));
                let (unpaired, _) =
                    mean_and_deviation(&errors.iter().map(|[b, a]| b[f].hypot(a[f])).collect::<Vec<_>>());
                assert!(error < unpaired, "{f}: {error}, unpaired {unpaired}");
                // The spread of 128 is known to 6%; and where the runs are nearly the same, see `paired`.
                assert!(range.contains(&(error / spread)), "{f}: {error} for {spread}");
            }
        }
    }

    /// Differences of perfect runs are nothing but noise: within one standard error in 68% of cases, within two in 95%.
    #[test]
    fn independent_runs_differ_by_their_errors() {
        let evaluator = evaluator();
        let models = Models::new();
        let scores = |seed| evaluator.scores(&drawn(models.mixture(Classes::A), seed, 1024)).unwrap();
        let mut within = [[0; 2]; METRIC_COUNT];
        for seed in 0..SEEDS {
            let differences = paired(&scores(2 * seed), &scores(2 * seed + 1)).unwrap().into_list();
            for (within, d) in within.iter_mut().zip(differences) {
                for (errors, within) in [1.0, 2.0].into_iter().zip(within) {
                    *within += u64::from(d.value.abs() < errors * d.standard_error);
                }
            }
        }
        // 87.4 and 122.2 of 128 are expected, with standard deviations of 5.3 and 2.4: four of them, and more of the first
        // for the median, whose standard errors are a fifth too large.
        for [one, two] in within {
            assert!((66..=116).contains(&one) && two >= 112, "{within:?}");
        }
    }

    #[test]
    fn runs_of_different_numbers_are_no_pairs() {
        let evaluator = evaluator();
        let scores = |count| evaluator.scores(&vec![[0.1, 0.2]; count]).unwrap();
        assert!(paired(&scores(3), &scores(4)).unwrap_err().to_string().contains("3 particles"));
        assert!(endpoint_distance(&[[0.0; 2]; 3], &[[0.0; 2]; 4]).is_err());
    }

    /// The variance of a difference of means, worked out from what pairs share and what they do not.
    #[test]
    fn differences_of_runs_with_losses_pair_what_both_have() {
        let nan = f64::NAN;
        let (a, b) = ([1.0, 4.0, nan, 2.0, 5.0, 6.0], [2.0, nan, 3.0, 1.0, 7.0, 4.0]);
        let found = mean_difference(&a, &b);
        // Means 18/5 and 17/5, and sums of squares about them 17.2 and 21.2; each is of five.
        assert!((found.value - 0.2).abs() < 1e-12);
        let products: f64 = [0, 3, 4, 5].map(|i: usize| (a[i] - 3.6) * (b[i] - 3.4)).iter().sum();
        let variance = (17.2 + 21.2 - 2.0 * products) / 20.0;
        assert!((found.standard_error - variance.sqrt()).abs() < 1e-12, "{found:?} {variance}");
        // Nothing is lost: the usual paired error. One is left: none is known.
        let paired = mean_difference(&[1.0, 2.0, 6.0], &[0.0, 0.0, 0.0]);
        assert!((paired.standard_error - (7f64 / 3.0).sqrt()).abs() < 1e-12);
        assert!(mean_difference(&[1.0, nan], &[1.0, 2.0]).standard_error.is_nan());
    }

    #[test]
    fn endpoint_distances_are_euclidean() {
        let a = [[0.0, 0.0], [1.0, 1.0], [2.0, 0.0], [0.0, f32::NAN]];
        let b = [[3.0, 4.0], [1.0, 1.0], [2.0, 1.0], [0.0, 0.0]];
        let found = endpoint_distance(&a[..3], &b[..3]).unwrap();
        // Of 5, 0 and 1: mean 2, variance (9 + 4 + 1) / 2 = 7.
        let expected = EndpointDistance { mean: 2.0, standard_error: (7f64 / 3.0).sqrt(), median: 1.0 };
        assert_eq!(found, expected);
        // What is lost is no distance.
        assert_eq!(endpoint_distance(&a, &b).unwrap(), expected);
        assert_eq!(endpoint_distance(&b, &a).unwrap(), expected);
        assert!(endpoint_distance(&a[3..], &b[3..]).unwrap().mean.is_nan());
    }

    #[test]
    fn seeds_spread() {
        let run = |value: f64| {
            let estimate = |i| Estimate { value: value * i as f64, standard_error: 9.0, floor: Floor::default() };
            Metrics { particles: 5, lost: 0, estimates: PerMetric::from_list(std::array::from_fn(estimate)) }
        };
        let spreads = over_seeds(&[run(1.0), run(2.0), run(6.0)]).into_list();
        for (i, spread) in spreads.into_iter().enumerate() {
            // Of 1, 2 and 6: mean 3, variance (4 + 1 + 9) / 2 = 7.
            let i = i as f64;
            assert!((spread.mean - 3.0 * i).abs() < 1e-12);
            assert!((spread.deviation - 7f64.sqrt() * i).abs() < 1e-12);
            assert!((spread.standard_error - (7f64 / 3.0).sqrt() * i).abs() < 1e-12);
        }
    }
}
