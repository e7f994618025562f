//! Which branches samples come from, one by one and in all.

use super::{is_lost, lost};
use crate::plane::distribution::{Mixture, MixtureLanes, Posterior, quadrature};

/// Points of the quadrature: standard errors are then right to a percent.
const POINTS: u32 = 1 << 14;

/// A mixture by its branches.
pub struct Coverage {
    lanes: MixtureLanes,
    /// Of each branch: the variance of the probability that a perfect sample comes from it.
    variances: Vec<f64>,
}

impl Coverage {
    /// That of samples of `mixture`.
    pub fn new(mixture: &Mixture) -> Self {
        let lanes = MixtureLanes::new(mixture);
        let (_, posteriors) = lanes.branch_posteriors(0.0, &quadrature(mixture, 0.0, POINTS));
        let squares = |list: &[_]| {
            let square = |p: &Posterior| f64::from(p.share).powi(2);
            list.iter().map(square).sum::<f64>() / f64::from(POINTS)
        };
        let variances =
            posteriors.iter().zip(mixture.branch_masses()).map(|(list, mass)| squares(list) - mass * mass).collect();
        Self { lanes, variances }
    }

    /// The share of samples that comes from each branch: the mean of the probabilities, which for perfect samples is the
    /// branch's mass. Samples that are lost are left out; of none, NaN.
    pub fn shares(&self, points: &[[f32; 2]]) -> Vec<f64> {
        let points = lost::kept(points);
        let (_, posteriors) = self.lanes.branch_posteriors(0.0, &points);
        let mean = |list: &Vec<Posterior>| list.iter().map(|p| f64::from(p.share)).sum::<f64>() / points.len() as f64;
        posteriors.iter().map(mean).collect()
    }

    /// The standard errors that these shares have for so many perfect samples.
    pub fn standard_errors(&self, samples: usize) -> Vec<f64> {
        self.variances.iter().map(|variance| (variance / samples as f64).sqrt()).collect()
    }

    /// The log-density of every sample and the branch that it most probably comes from; of one that is lost, nothing.
    pub fn places(&self, points: &[[f32; 2]]) -> Vec<Option<(f32, u16)>> {
        let (log_densities, posteriors) = self.lanes.branch_posteriors(0.0, &lost::kept(points));
        let mut greatest = vec![0.0; log_densities.len()];
        let mut places: Vec<(f32, u16)> = log_densities.into_iter().map(|log_density| (log_density, 0)).collect();
        for (branch, list) in (0..).zip(&posteriors) {
            for p in list {
                let i = p.point as usize;
                if p.share > greatest[i] {
                    greatest[i] = p.share;
                    places[i].1 = branch;
                }
            }
        }
        let mut places = places.into_iter();
        points.iter().map(|&p| if is_lost(p) { None } else { places.next() }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plane::Models;
    use crate::plane::distribution::Classes;
    use crate::plane::metrics::evaluator::tests::drawn;
    use nalgebra::Vector2;

    /// Over 64 sets of perfect samples: the mean of the shares is the mass, and their spread the standard error.
    #[test]
    fn shares_of_perfect_samples_are_masses_within_their_errors() {
        let models = Models::new();
        let mixture = models.mixture(Classes::A);
        let coverage = Coverage::new(mixture);
        let (sets, samples) = (64, 1024);
        let errors = coverage.standard_errors(samples);
        let shares: Vec<Vec<f64>> =
            (0..sets).map(|seed| coverage.shares(&drawn(mixture, seed, samples as u64))).collect();
        let mut worst: f64 = 0.0;
        let mut ratios = Vec::new();
        for (branch, mass) in mixture.branch_masses().into_iter().enumerate() {
            let found: Vec<f64> = shares.iter().map(|set| set[branch]).collect();
            let (mean, spread) = crate::statistics::mean_and_deviation(&found);
            worst = worst.max((mean - mass).abs() / (errors[branch] / (sets as f64).sqrt()));
            ratios.push(spread / errors[branch]);
        }
        // The greatest of 127 standard normals is above 4.5 once in a thousand times.
        assert!(worst < 4.5, "{worst} standard errors");
        // A deviation of 64 numbers errs by a twelfth, the mean of 127 by some hundredths (shares hang together).
        let mean = ratios.iter().sum::<f64>() / ratios.len() as f64;
        assert!((mean - 1.0).abs() < 0.03, "{mean}");
        assert!(ratios.iter().all(|r| (0.6..1.45).contains(r)), "{ratios:?}");
    }

    #[test]
    fn places_are_those_of_f64() {
        let models = Models::new();
        let mixture = models.mixture(Classes::A);
        let mut points = drawn(mixture, 3, 200);
        points.extend([[1.7, -1.7], [f32::NAN, 0.0]]);
        let places = Coverage::new(mixture).places(&points);
        for (&place, &point) in places.iter().zip(&points).take(201) {
            let (log_density, branch) = place.unwrap();
            let x = Vector2::from(point.map(f64::from));
            let of = |b: u16| mixture.part(|c| c.branch == b).unwrap().log_density(x, 0.0);
            let masses = mixture.branch_masses();
            let joint = |b: u16| masses[usize::from(b)].ln() + of(b);
            let truth = mixture.log_density(x, 0.0);
            assert!((f64::from(log_density) - truth).abs() < 3e-6 * truth.abs().max(1.0), "{point:?}");
            let best = (0..127).map(joint).fold(f64::NEG_INFINITY, f64::max);
            assert!(joint(branch) > best - 1e-4 * best.abs().max(1.0), "{point:?}: {branch}");
        }
        assert_eq!(places[201..], [None]);
    }
}
