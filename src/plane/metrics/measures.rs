//! How each metric comes out of a set of samples, and what every sample adds to it.
//!
//! The influence of a sample is the derivative of the metric by its weight (Hampel 1974), up to a constant. Each metric
//! is close to a mean of such independent numbers, so that standard errors follow from their spread (the delta method, or
//! infinitesimal jackknife: Jaeckel 1972), and those of paired differences from the spread of differences.

use super::wasserstein::{ErrorFunction, Projections};
use crate::plane::distribution::{Posterior, Regions};
use crate::sort;
use crate::statistics::{effective, quantile_and_slope};

/// Share of perfect samples that are outliers.
pub(super) const OUTSIDE: f64 = 0.01;
/// Mass of the region outside which a sample is an outlier.
pub const REGION: f64 = 1.0 - OUTSIDE;

/// A metric as a function of what it needs.
pub(super) enum Measure {
    LogDensities(fn(&LogDensities) -> Measured),
    Branches(fn(&Branches) -> Measured),
    Positions(fn(&Positions) -> Measured),
}

/// A metric of some samples, none of which is lost.
pub(super) enum Measured {
    /// The mean of what each sample contributes, less a number that does not depend on the samples.
    Mean { contributions: Vec<f64>, less: f64 },
    /// What is no mean: the value, and each sample's influence on it.
    NoMean { value: f64, influences: Vec<f64> },
}

impl Measured {
    /// The value, and each sample's influence on it.
    pub fn split(self) -> (f64, Vec<f64>) {
        match self {
            Self::Mean { contributions, less } => {
                (contributions.iter().sum::<f64>() / contributions.len() as f64 - less, contributions)
            }
            Self::NoMean { value, influences } => (value, influences),
        }
    }
}

/// The data's log-densities at the samples.
pub(super) struct LogDensities<'a> {
    /// Of each sample.
    all: Vec<f64>,
    ascending: Vec<f32>,
    regions: &'a Regions,
}

impl<'a> LogDensities<'a> {
    pub fn new(mut all: Vec<f32>, regions: &'a Regions) -> Self {
        let wide = all.iter().map(|&l| f64::from(l)).collect();
        sort::ascending(&mut all);
        Self { all: wide, ascending: all, regions }
    }

    fn quantile(&self, level: f64) -> Measured {
        let (value, slope) = quantile_and_slope(&self.ascending, level);
        let influences = self.all.iter().map(|&each| if each < value { -slope } else { 0.0 }).collect();
        Measured::NoMean { value, influences }
    }
}

pub(super) fn outliers(samples: &LogDensities) -> Measured {
    let threshold = f64::from(samples.regions.threshold(REGION) as f32);
    let contributions = samples.all.iter().map(|&l| f64::from(u8::from(l < threshold))).collect();
    Measured::Mean { contributions, less: 0.0 }
}

pub(super) fn log_density_gap(samples: &LogDensities) -> Measured {
    Measured::Mean { contributions: samples.all.clone(), less: samples.regions.mean_log_density() }
}

pub(super) fn low_log_density(samples: &LogDensities) -> Measured {
    samples.quantile(0.05)
}

pub(super) fn median_log_density(samples: &LogDensities) -> Measured {
    samples.quantile(0.5)
}

pub(super) fn high_log_density(samples: &LogDensities) -> Measured {
    samples.quantile(0.95)
}

/// The branches that samples come from.
pub(super) struct Branches<'a> {
    samples: usize,
    /// By branch: the samples that may come from it.
    posteriors: Vec<Vec<Posterior>>,
    /// By branch: the mean of the samples' probabilities.
    shares: Vec<f64>,
    /// By branch: what the mean should be.
    masses: &'a [f64],
    erf: &'a ErrorFunction,
}

impl<'a> Branches<'a> {
    pub fn new(samples: usize, posteriors: Vec<Vec<Posterior>>, masses: &'a [f64], erf: &'a ErrorFunction) -> Self {
        let shares = posteriors.iter().map(|list| mean_power(list, 1, samples)).collect();
        Self { samples, posteriors, shares, masses, erf }
    }

    /// The sum over branches of each sample's probability times a number of the branch.
    fn influences(&self, factor: impl Fn(usize) -> f64) -> Vec<f64> {
        let mut influences = vec![0.0; self.samples];
        for (branch, list) in self.posteriors.iter().enumerate() {
            let factor = factor(branch);
            for p in list {
                influences[p.point as usize] += factor * f64::from(p.share);
            }
        }
        influences
    }
}

fn mean_power(list: &[Posterior], power: i32, samples: usize) -> f64 {
    list.iter().map(|p| f64::from(p.share).powi(power)).sum::<f64>() / samples as f64
}

/// Half the sum of absolute differences between shares and masses.
pub(super) fn branch_total_variation(samples: &Branches) -> Measured {
    let Branches { posteriors, shares, masses, erf, .. } = samples;
    let value = 0.5 * shares.iter().zip(*masses).map(|(s, m)| (s - m).abs()).sum::<f64>();
    let influences = samples.influences(|branch| {
        let (n, share) = (samples.samples, shares[branch]);
        let variance = (mean_power(&posteriors[branch], 2, n) - share * share) / n as f64;
        0.5 * erf.smooth_sign(share - masses[branch], variance)
    });
    Measured::NoMean { value, influences }
}

pub(super) fn effective_branches(samples: &Branches) -> Measured {
    let value = effective(&samples.shares);
    Measured::NoMean { value, influences: samples.influences(|branch| value * -libm::log(samples.shares[branch])) }
}

/// Where samples are.
pub(super) struct Positions<'a> {
    pub points: &'a [[f32; 2]],
    pub projections: &'a Projections,
}

pub(super) fn sliced_wasserstein(samples: &Positions) -> Measured {
    let (value, influences) = samples.projections.distance(samples.points);
    Measured::NoMean { value, influences }
}
