//! Outliers, log-density gap and branch coverage.

use crate::distribution::{Mixture, MixtureLanes, Regions};
use crate::random::Stream;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Mass of the region outside which a sample is an outlier.
pub const REGION: f64 = 0.99;
/// Perfect samplers behind a noise floor.
const REPLICATES: u64 = 8;

/// Scores sets of samples against a mixture.
pub struct Judge {
    mixture: Arc<Mixture>,
    lanes: MixtureLanes,
    regions: Regions,
    masses: Vec<f64>,
    floors: BTreeMap<usize, [Floor; FIGURES]>,
}

const FIGURES: usize = 4;

/// What figures are made of.
#[derive(Clone, Debug, PartialEq)]
pub struct Scores {
    /// Log-density of each sample.
    pub log_densities: Vec<f32>,
    /// Expected number of samples of each branch: each is shared out by the posterior of its branch.
    pub branch_counts: Vec<f64>,
}

/// The raw figures of one set of samples.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figures {
    /// Share of samples outside the 99% highest-density region: .01 is perfect.
    pub outliers: f64,
    /// Mean log p minus its expectation, in nats: 0 is perfect, more is over-concentration.
    pub log_density_gap: f64,
    /// Half the sum of absolute differences between the shares of branches and their masses, 0 to 1.
    pub branch_total_variation: f64,
    /// e to the entropy of the shares of branches.
    pub effective_branches: f64,
    /// Median log p: the mean can be ruled by a few far samples.
    pub median_log_density: f64,
}

/// What a perfect sampler gives: mean and standard deviation over replicates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Floor {
    /// Mean.
    pub mean: f64,
    /// Standard deviation of one sampler.
    pub spread: f64,
}

/// A figure and its noise floor.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Measure {
    /// The figure.
    pub value: f64,
    /// What a perfect sampler gives at this number of particles.
    pub floor: Floor,
}

/// All figures of one set of samples.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Metrics {
    /// Number of samples.
    pub particles: usize,
    /// Share outside the 99% highest-density region.
    pub outliers: Measure,
    /// Mean log p minus its expectation, in nats.
    pub log_density_gap: Measure,
    /// Median log p.
    pub median_log_density: f64,
    /// Total variation between shares of branches and their masses.
    pub branch_total_variation: Measure,
    /// e to the entropy of the shares of branches.
    pub effective_branches: Measure,
}

impl Judge {
    /// A judge of samples of `mixture`.
    pub fn new(mixture: Arc<Mixture>) -> Self {
        Self {
            lanes: MixtureLanes::new(&mixture),
            regions: Regions::new(&mixture, 0.0),
            masses: mixture.branch_masses(),
            mixture,
            floors: BTreeMap::new(),
        }
    }

    /// The regions that outliers are counted against.
    pub fn regions(&self) -> &Regions {
        &self.regions
    }

    /// Branches that a perfect sampler reaches: e to the entropy of their masses.
    pub fn true_effective_branches(&self) -> f64 {
        effective(self.masses.iter().copied())
    }

    /// What the figures of a set of samples are made of.
    pub fn scores(&self, points: &[[f32; 2]]) -> Scores {
        let (log_densities, branch_counts) = self.lanes.branch_counts(0.0, points);
        Scores { log_densities, branch_counts }
    }

    /// The figures of a set of samples; of an empty set, NaN.
    pub fn figures(&self, scores: Scores) -> Figures {
        let Scores { mut log_densities, branch_counts: counts } = scores;
        let n = log_densities.len() as f64;
        let threshold = self.regions.threshold(REGION) as f32;
        let outside = log_densities.iter().filter(|&&l| l < threshold).count();
        let mean = log_densities.iter().map(|&l| f64::from(l)).sum::<f64>() / n;
        let shares = || counts.iter().map(|c| c / n);
        log_densities.sort_unstable_by(f32::total_cmp);
        let median = match log_densities.len() {
            0 => f64::NAN,
            n => 0.5 * f64::from(log_densities[(n - 1) / 2] + log_densities[n / 2]),
        };
        Figures {
            outliers: outside as f64 / n,
            log_density_gap: mean - self.regions.mean_log_density(),
            branch_total_variation: 0.5 * shares().zip(&self.masses).map(|(s, m)| (s - m).abs()).sum::<f64>(),
            effective_branches: effective(shares()),
            median_log_density: median,
        }
    }

    /// The figures of a set of samples with their noise floors.
    pub fn metrics(&mut self, points: &[[f32; 2]]) -> Metrics {
        let scores = self.scores(points);
        self.metrics_of(scores)
    }

    /// The same where an engine has worked out the scores.
    pub fn metrics_of(&mut self, scores: Scores) -> Metrics {
        let particles = scores.log_densities.len();
        let figures = self.figures(scores);
        let floors = self.floors(particles);
        let [outliers, log_density_gap, branch_total_variation, effective_branches] =
            std::array::from_fn(|i| Measure { value: figures.list()[i], floor: floors[i] });
        Metrics {
            particles,
            outliers,
            log_density_gap,
            median_log_density: figures.median_log_density,
            branch_total_variation,
            effective_branches,
        }
    }

    fn floors(&mut self, count: usize) -> [Floor; FIGURES] {
        if let Some(floors) = self.floors.get(&count) {
            return *floors;
        }
        let replicates: Vec<[f64; FIGURES]> = (0..REPLICATES)
            .map(|seed| {
                let points: Vec<[f32; 2]> = (0..count as u64)
                    .map(|i| {
                        let x = self.mixture.sample(0.0, seed, Stream::Floor, i);
                        [x.x as f32, x.y as f32]
                    })
                    .collect();
                self.figures(self.scores(&points)).list()
            })
            .collect();
        let n = REPLICATES as f64;
        let floors = std::array::from_fn(|i| {
            let mean = replicates.iter().map(|r| r[i]).sum::<f64>() / n;
            let variance = replicates.iter().map(|r| (r[i] - mean).powi(2)).sum::<f64>() / (n - 1.0);
            Floor { mean, spread: variance.sqrt() }
        });
        self.floors.insert(count, floors);
        floors
    }
}

impl Figures {
    fn list(&self) -> [f64; FIGURES] {
        [self.outliers, self.log_density_gap, self.branch_total_variation, self.effective_branches]
    }
}

fn effective(shares: impl Iterator<Item = f64>) -> f64 {
    (-shares.filter(|&s| s > 0.0).map(|s| s * s.ln()).sum::<f64>()).exp()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::Classes;
    use crate::guidance::Models;
    use crate::random::{unit, words};

    fn judge() -> Judge {
        Judge::new(Arc::clone(Models::new().mixture(Classes::A)))
    }

    fn perfect(judge: &Judge, n: u64) -> Vec<[f32; 2]> {
        (0..n).map(|i| judge.mixture.sample(0.0, 99, Stream::Start, i)).map(|x| [x.x as f32, x.y as f32]).collect()
    }

    #[test]
    fn floors_are_the_published_ones() {
        let mut judge = judge();
        for (n, variation) in [(1024, 0.103), (4096, 0.050), (16384, 0.024)] {
            let [outliers, gap, tv, effective] = judge.floors(n);
            // Standard errors of a mean of eight, with room for four of them.
            let root = (n as f64 * 8.0).sqrt();
            assert!((outliers.mean - 0.01).abs() < 4.0 * 0.1 / root + 0.0003, "{n}: {outliers:?}");
            assert!(gap.mean.abs() < 4.0 * 1.105 / root + 0.003, "{n}: {gap:?}");
            assert!((tv.mean / variation - 1.0).abs() < 0.08, "{n}: {tv:?}");
            // The entropy of n draws from k cells is low by (k - 1) / 2n nats (Miller 1955).
            let expected = 31.2 * (-126.0 / (2.0 * n as f64)).exp();
            assert!((effective.mean - expected).abs() < 2.0 * effective.spread, "{n}: {effective:?}");
        }
        assert!((judge.true_effective_branches() - 31.2).abs() < 0.05);
    }

    #[test]
    fn perfect_samples_stand_on_the_floor() {
        let mut judge = judge();
        let points = perfect(&judge, 4096);
        let m = judge.metrics(&points);
        for measure in [m.outliers, m.log_density_gap, m.branch_total_variation, m.effective_branches] {
            // Five standard deviations, themselves known to a quarter.
            assert!((measure.value - measure.floor.mean).abs() < 5.0 * measure.floor.spread, "{measure:?}");
        }
    }

    #[test]
    fn planted_faults_are_found() {
        let mut judge = judge();
        let points = perfect(&judge, 4096);
        let mut scattered = points.clone();
        for (i, p) in scattered.iter_mut().step_by(20).enumerate() {
            let w = words(5, Stream::Start, i as u64, 9);
            *p = [4.0 * unit(w[0]) as f32 - 2.0, 4.0 * unit(w[1]) as f32 - 2.0];
        }
        let m = judge.metrics(&scattered);
        // 5% uniform points, of which about a fifth of a tenth fall on the tree.
        assert!((0.05..0.065).contains(&m.outliers.value), "{:?}", m.outliers);
        assert!(m.log_density_gap.value < -1.0 && m.median_log_density > 1.0);

        let root = judge.mixture.components().iter().filter(|c| c.branch == 0).count();
        let trunk = judge.mixture.part(|c| c.branch == 0).unwrap();
        assert_eq!(root, 8);
        let on_trunk: Vec<[f32; 2]> =
            (0..4096).map(|i| trunk.sample(0.0, 1, Stream::Start, i)).map(|x| [x.x as f32, x.y as f32]).collect();
        let m = judge.metrics(&on_trunk);
        // All mass on one branch of mass .257, but for what the posterior shares with its neighbours.
        assert!((0.70..0.745).contains(&m.branch_total_variation.value), "{:?}", m.branch_total_variation);
        assert!(m.effective_branches.value < 1.3 && m.log_density_gap.value > 0.0);
    }
}
