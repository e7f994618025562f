//! All metrics of a set of samples, their standard errors and their floors.

use super::measures::{Branches, LogDensities, Measure, Positions};
use super::table::{MEASURES, METRIC_COUNT, PerMetric};
use super::values::Metrics;
use super::wasserstein::Projections;
use super::{count_lost, deviations, is_lost, lost};
use crate::error::Result;
use crate::plane::distribution::{Mixture, MixtureLanes, Regions};
use crate::random::Stream;
use crate::statistics::{Estimate, Floor, effective, mean_and_deviation, standard_error};
use std::sync::Arc;

/// Perfect samplers behind a noise floor.
const REPLICATES: usize = 8;

/// Scores sets of samples against a mixture.
pub struct Evaluator {
    mixture: Arc<Mixture>,
    lanes: MixtureLanes,
    regions: Regions,
    masses: Vec<f64>,
    projections: Projections,
    /// By number of samples.
    floors: Vec<(usize, [Floor; METRIC_COUNT])>,
}

/// The metrics of a set of samples and, for each, what every sample adds to it.
#[derive(Clone, Debug)]
pub struct Scores {
    /// The metrics of the samples that are not lost.
    pub values: PerMetric<f64>,
    /// Samples that are lost.
    pub lost: usize,
    /// A number for each sample; of one that is lost, NaN.
    pub(super) influences: [Vec<f64>; METRIC_COUNT],
}

impl Evaluator {
    /// An evaluator of samples of `mixture`.
    pub fn new(mixture: Arc<Mixture>) -> Self {
        Self {
            lanes: MixtureLanes::new(&mixture),
            regions: Regions::new(&mixture, 0.0),
            masses: mixture.branch_masses(),
            projections: Projections::new(&mixture),
            mixture,
            floors: Vec::new(),
        }
    }

    /// The regions that outliers are counted against.
    pub fn regions(&self) -> &Regions {
        &self.regions
    }

    /// Branches that a perfect sampler reaches: e to the entropy of their masses.
    pub fn true_effective_branches(&self) -> f64 {
        effective(&self.masses)
    }

    /// The metrics of those of a set of samples that are not lost ([`is_lost`]).
    ///
    /// # Errors
    /// [`Error::Diverged`](crate::Error::Diverged) where all samples are lost, [`Error::Invalid`](crate::Error::Invalid) where
    /// there are none.
    pub fn scores(&self, points: &[[f32; 2]]) -> Result<Scores> {
        let lost = count_lost(points)?;
        let (values, mut influences) = self.measure(&lost::kept(points));
        if lost > 0 {
            influences = influences.map(|list| {
                let mut list = list.into_iter();
                points.iter().map(|&p| if is_lost(p) { f64::NAN } else { list.next().unwrap_or(f64::NAN) }).collect()
            });
        }
        Ok(Scores { values, lost, influences })
    }

    /// The metrics of points of which none is lost, and what each adds to them.
    fn measure(&self, points: &[[f32; 2]]) -> (PerMetric<f64>, [Vec<f64>; METRIC_COUNT]) {
        let (log_densities, posteriors) = self.lanes.branch_posteriors(0.0, points);
        let log_densities = LogDensities::new(log_densities, &self.regions);
        let branches = Branches::new(points.len(), posteriors, &self.masses, &self.projections.erf);
        let positions = Positions { points, projections: &self.projections };
        let mut influences = [const { Vec::new() }; METRIC_COUNT];
        let mut values = [0.0; METRIC_COUNT];
        for (i, measure) in MEASURES.iter().enumerate() {
            let measured = match measure {
                Measure::LogDensities(of) => of(&log_densities),
                Measure::Branches(of) => of(&branches),
                Measure::Positions(of) => of(&positions),
            };
            (values[i], influences[i]) = measured.split();
        }
        (PerMetric::from_list(values), influences)
    }

    /// The metrics of a set of samples with standard errors and noise floors.
    ///
    /// # Errors
    /// [`Error::Diverged`](crate::Error::Diverged) where all samples are lost, [`Error::Invalid`](crate::Error::Invalid) where
    /// there are none.
    pub fn metrics(&mut self, points: &[[f32; 2]]) -> Result<Metrics> {
        let scores = self.scores(points)?;
        let (values, errors) = (scores.values.into_list(), scores.standard_errors().into_list());
        let (particles, lost) = (scores.particles(), scores.lost);
        let floors = self.floors(particles - lost);
        let estimate = |i| Estimate { value: values[i], standard_error: errors[i], floor: floors[i] };
        Ok(Metrics { particles, lost, estimates: PerMetric::from_list(std::array::from_fn(estimate)) })
    }

    /// What `count` perfect samples give.
    pub(crate) fn floors(&mut self, count: usize) -> [Floor; METRIC_COUNT] {
        if let Some((_, floors)) = self.floors.iter().find(|(n, _)| *n == count) {
            return *floors;
        }
        let mut values = [[0.0; REPLICATES]; METRIC_COUNT];
        for replicate in 0..REPLICATES {
            let points: Vec<[f32; 2]> = (0..count as u64)
                .map(|i| {
                    let x = self.mixture.sample(0.0, replicate as u64, Stream::Floor, i);
                    [x.x as f32, x.y as f32]
                })
                .collect();
            for (values, value) in values.iter_mut().zip(self.measure(&points).0.into_list()) {
                values[replicate] = value;
            }
        }
        let mut floors = [Floor::default(); METRIC_COUNT];
        for (floor, values) in floors.iter_mut().zip(&values) {
            let (mean, spread) = mean_and_deviation(values);
            *floor = Floor { mean, spread };
        }
        self.floors.push((count, floors));
        floors
    }
}

impl Scores {
    /// Number of samples, lost ones with them.
    pub fn particles(&self) -> usize {
        self.influences[0].len()
    }

    /// The standard error of each metric; of fewer than two samples that are not lost, NaN.
    ///
    /// Against the real spread of perfect and of faulty samples between .85 and 1.2 of it; more where a quantile of log p
    /// stands at the edge of the data, with few samples near.
    pub fn standard_errors(&self) -> PerMetric<f64> {
        PerMetric::from_list(self.influences.each_ref().map(|list| standard_error(&deviations(list))))
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::plane::Models;
    use crate::plane::distribution::Classes;
    use crate::plane::metrics::measures::REGION;
    use crate::plane::metrics::{METRICS, Metric};
    use crate::random::{unit, words};
    use nalgebra::Vector2;

    pub fn evaluator() -> Evaluator {
        Evaluator::new(Arc::clone(Models::new().mixture(Classes::A)))
    }

    /// Samples of a mixture.
    pub fn drawn(mixture: &Mixture, seed: u64, count: u64) -> Vec<[f32; 2]> {
        (0..count).map(|i| mixture.sample(0.0, seed, Stream::Start, i)).map(|x| [x.x as f32, x.y as f32]).collect()
    }

    /// Of every twenty points the first becomes uniform in a square of side 4.
    fn scatter(points: &mut [[f32; 2]], seed: u64) {
        for (i, p) in points.iter_mut().step_by(20).enumerate() {
            let w = words(seed, Stream::Start, i as u64, 9);
            *p = [4.0 * unit(w[0]) as f32 - 2.0, 4.0 * unit(w[1]) as f32 - 2.0];
        }
    }

    fn part(evaluator: &Evaluator, keep: impl Fn(u16) -> bool) -> Mixture {
        evaluator.mixture.part(|c| keep(c.branch)).unwrap()
    }

    /// The metric lies where it should, within four standard errors and what is known of its bias.
    fn stands(estimate: Estimate, expected: f64, bias: f64) {
        let tolerance = 4.0 * estimate.standard_error + bias;
        assert!((estimate.value - expected).abs() < tolerance, "{estimate:?}: not {expected} +- {tolerance}");
    }

    #[test]
    fn floors_are_the_published_ones() {
        let mut evaluator = evaluator();
        for (n, variation, wasserstein) in [(1024, 0.103, 0.0136), (4096, 0.050, 0.0063), (16384, 0.024, 0.0033)] {
            let floors = PerMetric::from_list(evaluator.floors(n));
            // Standard errors of a mean of eight, with room for four of them.
            let root = (n as f64 * 8.0).sqrt();
            assert!((floors.outliers.mean - 0.01).abs() < 4.0 * 0.1 / root + 0.0003, "{n}: {floors:?}");
            assert!(floors.log_density_gap.mean.abs() < 4.0 * 1.105 / root + 0.003, "{n}: {floors:?}");
            assert!((floors.branch_total_variation.mean / variation - 1.0).abs() < 0.08, "{n}: {floors:?}");
            // A perfect sampler varies by a quarter of its mean, and so may the published number.
            let distance = floors.sliced_wasserstein.mean / wasserstein;
            assert!((distance - 1.0).abs() < 0.25, "{n}: {floors:?}");
            // The entropy of n draws from k cells is low by (k - 1) / 2n nats (Miller 1955).
            let expected = 31.2 * (-126.0 / (2.0 * n as f64)).exp();
            let effective = floors.effective_branches;
            assert!((effective.mean - expected).abs() < 2.0 * effective.spread, "{n}: {floors:?}");
            // 5% and 50% of the mass lie below these thresholds; a published one and the quadrature's own.
            assert!((floors.low_log_density.mean + 0.531).abs() < 0.02 + 2.0 * floors.low_log_density.spread);
            let median = evaluator.regions.threshold(0.5);
            assert!((floors.median_log_density.mean - median).abs() < 0.003 + 2.0 * floors.median_log_density.spread);
        }
        assert!((evaluator.true_effective_branches() - 31.2).abs() < 0.05);
    }

    #[test]
    fn perfect_samples_stand_on_the_floor() {
        let mut evaluator = evaluator();
        let points = drawn(&evaluator.mixture, 99, 4096);
        for estimate in evaluator.metrics(&points).unwrap().estimates.into_list() {
            // Two estimates of the same spread, the floor's from eight runs.
            let spread = estimate.standard_error.max(estimate.floor.spread);
            assert!((estimate.value - estimate.floor.mean).abs() < 4.0 * spread, "{estimate:?}");
        }
    }

    /// Uniform points among perfect ones mix densities: outliers and W1 change in proportion.
    #[test]
    fn outliers_are_found() {
        let mut evaluator = evaluator();
        let mut points = drawn(&evaluator.mixture, 99, 4100);
        let before = evaluator.metrics(&points).unwrap().estimates;
        scatter(&mut points, 5);
        let after = evaluator.metrics(&points).unwrap().estimates;
        // The square on a grid, whose middles are a sample too even to be random.
        let place = |i: usize| ((i as f64 + 0.5) / 100.0 - 2.0) as f32;
        let square: Vec<[f32; 2]> = (0..160_000).map(|i| [place(i % 400), place(i / 400)]).collect();
        let threshold = evaluator.regions.threshold(REGION);
        let densities = square.iter().map(|p| evaluator.mixture.log_density(Vector2::from(p.map(f64::from)), 0.0));
        let outside = densities.filter(|&l| l < threshold).count() as f64 / square.len() as f64;
        stands(after.outliers, 0.95 * 0.01 + 0.05 * outside, 3e-4);
        let apart = evaluator.scores(&square).unwrap().values.sliced_wasserstein;
        stands(after.sliced_wasserstein, 0.05 * apart, after.sliced_wasserstein.floor.mean);
        // Log-densities of points far away are in the thousands: the mean tells of them and the median hardly.
        assert!(after.log_density_gap.value < -50.0);
        assert!(after.low_log_density.value < before.low_log_density.value - 1.0);
        assert!((after.median_log_density.value - before.median_log_density.value).abs() < 0.1);
        assert!((after.high_log_density.value - before.high_log_density.value).abs() < 0.02);
        // At most the twentieth moves between branches.
        let moved = after.branch_total_variation.value - before.branch_total_variation.value;
        assert!((0.0..0.05).contains(&moved), "{moved}");
    }

    /// The trunk has 8 components and a mass m of .257: without it, or with nothing else, shares and distribution functions
    /// are known.
    #[test]
    fn missing_branches_are_found() {
        let mut evaluator = evaluator();
        let m = evaluator.masses[0];
        assert!((m - 0.257).abs() < 1e-3);
        let trunk = evaluator.metrics(&drawn(&part(&evaluator, |b| b == 0), 1, 4096)).unwrap().estimates;
        let others = evaluator.metrics(&drawn(&part(&evaluator, |b| b > 0), 1, 4096)).unwrap().estimates;
        // What the posterior shares with the neighbours that overlap.
        let overlap = 0.03;
        stands(trunk.branch_total_variation, 1.0 - m, overlap);
        stands(others.branch_total_variation, m, overlap);
        // The entropy of that overlap: h(.03) = .13 nats of one branch, .03 of the others' sum.
        stands(trunk.effective_branches, 1.0, 0.16);
        let rest: Vec<f64> = evaluator.masses[1..].iter().map(|b| b / (1.0 - m)).collect();
        stands(others.effective_branches, effective(&rest), 0.16 * effective(&rest));
        // Log p is higher on the trunk, by so much that the others' is lower.
        assert!(trunk.log_density_gap.value > 0.9 && others.log_density_gap.value < -0.2);
        stands(others.log_density_gap, -m / (1.0 - m) * trunk.log_density_gap.value, 0.01);
        assert!(trunk.outliers.value < 0.006);
        stands(others.outliers, (0.01 - m * trunk.outliers.value) / (1.0 - m), 5e-4);
        assert!(trunk.low_log_density.value > 0.5 && trunk.median_log_density.value > 2.5);
        assert!(others.median_log_density.value < others.median_log_density.floor.mean - 0.1);
        // F' - F = (F - F0) m / (1 - m).
        assert!(trunk.sliced_wasserstein.value > 0.2);
        let floor = others.sliced_wasserstein.floor.mean;
        stands(others.sliced_wasserstein, m / (1.0 - m) * trunk.sliced_wasserstein.value, floor);
    }

    /// The derivative by the weight of a sample, from adding the sample once more.
    #[test]
    fn influences_are_derivatives() {
        let evaluator = evaluator();
        // Too concentrated, so that no difference is within its noise, where the derivative is smoothed.
        let mut points = drawn(&part(&evaluator, |b| b == 0), 4, 3000);
        points[..100].fill([3.0, -1.0]);
        let scores = evaluator.scores(&points).unwrap();
        let influences = &scores.influences;
        let quantiles = [Metric::LOW_LOG_DENSITY, Metric::MEDIAN_LOG_DENSITY, Metric::HIGH_LOG_DENSITY];
        let n = points.len() as f64;
        for i in [7, 120, 121, 122, 123, 124] {
            points.push(points[i]);
            let more = evaluator.scores(&points).unwrap().values.into_list();
            points.pop();
            for (f, (more, value)) in more.into_iter().zip(scores.values.into_list()).enumerate() {
                // Quantiles go in steps.
                if quantiles.contains(&METRICS[f]) {
                    continue;
                }
                let influence = influences[f][i] - influences[f].iter().sum::<f64>() / n;
                let difference = (n + 1.0) * (more - value);
                // Second order, and the few places where a sign changes.
                assert!(
                    (influence - difference).abs() < 2e-3 * difference.abs() + 2e-3,
                    "{f}, {i}: {influence} {difference}"
                );
            }
        }
    }

    /// Standard errors against the real spread: 200 runs tell it to 5%, and four times that is allowed beyond what the
    /// method errs by: .86 (W1 of few samples) to 1.21 (the median, on whose place the density has a step), from 400 runs.
    #[test]
    fn standard_errors_are_the_spread_of_runs() {
        let evaluator = evaluator();
        let lacking = part(&evaluator, |b| b != 3);
        let perfect: Vec<Scores> =
            (0..200).map(|seed| evaluator.scores(&drawn(&evaluator.mixture, seed, 1024)).unwrap()).collect();
        let faulty: Vec<Scores> = (0..200)
            .map(|seed| {
                let mut points = drawn(&lacking, seed, 1024);
                scatter(&mut points[..200], seed);
                evaluator.scores(&points).unwrap()
            })
            .collect();
        for runs in [perfect, faulty] {
            for f in 0..METRIC_COUNT {
                let (_, spread) =
                    mean_and_deviation(&runs.iter().map(|run| run.values.into_list()[f]).collect::<Vec<_>>());
                let (error, _) = mean_and_deviation(
                    &runs.iter().map(|run| run.standard_errors().into_list()[f]).collect::<Vec<_>>(),
                );
                assert!((0.7..1.45).contains(&(error / spread)), "{f}: {error} for {spread}");
            }
        }
    }

    #[test]
    fn few_and_far_points_are_judged_too() {
        let mut evaluator = evaluator();
        assert_eq!(evaluator.metrics(&[]).unwrap_err().code(), "invalid");
        let one = evaluator.metrics(&[[0.1, 0.2]]).unwrap().estimates.into_list();
        assert!(one.iter().all(|m| m.value.is_finite() && m.standard_error.is_nan()));
        let mut points = drawn(&evaluator.mixture, 1, 97);
        let before = evaluator.scores(&points).unwrap().values;
        points.extend([[1e9, 0.0], [1e9, -1e9], [-1e9, 1e9]]);
        let scores = evaluator.scores(&points).unwrap();
        assert!(scores.values.into_list().iter().all(|v| v.is_finite()), "{scores:?}");
        assert!(scores.standard_errors().into_list().iter().all(|e| e.is_finite()), "{scores:?}");
        assert!((scores.values.outliers - (0.97 * before.outliers + 0.03)).abs() < 1e-12);
        // The mean of |cos| is 2/pi to a thousandth with 32 directions.
        let expected = 1e9 * (1.0 + 2.0 * 2f64.sqrt()) * std::f64::consts::FRAC_2_PI / 100.0;
        assert!((scores.values.sliced_wasserstein / expected - 1.0).abs() < 0.002, "{scores:?}");
    }

    /// Metrics are of the others, as if the lost had never been; nothing is made up in their place.
    #[test]
    fn lost_particles_are_counted_and_left_out() {
        let mut evaluator = evaluator();
        let points = drawn(&evaluator.mixture, 1, 97);
        let alone = evaluator.metrics(&points).unwrap();
        let mut some = points.clone();
        for (at, lost) in [(0, [f32::NAN, 0.0]), (50, [f32::INFINITY, f32::NEG_INFINITY]), (99, [1e30, f32::MAX])] {
            some.insert(at, lost);
        }
        let found = evaluator.metrics(&some).unwrap();
        assert_eq!((found.particles, found.lost, alone.lost), (100, 3, 0));
        for (found, alone) in found.estimates.into_list().into_iter().zip(alone.estimates.into_list()) {
            assert_eq!((found.value, found.floor), (alone.value, alone.floor));
            assert!((found.standard_error / alone.standard_error - 1.0).abs() < 1e-12, "{found:?} {alone:?}");
        }
        let nowhere = evaluator.metrics(&[[f32::NAN; 2]; 9]).unwrap_err();
        assert_eq!(nowhere.to_string(), "Particle 0 left the range of numbers: 9 of 9 are lost.");
        // One that is left says nothing of its spread.
        let single = evaluator.metrics(&[[f32::NAN; 2], [0.1, 0.2]]).unwrap().estimates.into_list();
        assert!(single.iter().all(|m| m.value.is_finite() && m.standard_error.is_nan()));
    }
}
