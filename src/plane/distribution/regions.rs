//! Highest-density regions, and what log p is on average.

use super::{Mixture, MixtureLanes};
use crate::random::{Stream, words};
use crate::sort;

/// Points of the quadrature: the 99% threshold of the tree then repeats to about .01 between seeds.
const POINTS: u32 = 1 << 16;
/// Any number: it only has to stay the same.
const SEED: u64 = 0;

/// The distribution of log p(x; sigma) under x ~ p(.; sigma), by quadrature.
#[derive(Clone, Debug)]
pub struct Regions {
    /// log p at the points, ascending.
    log_densities: Vec<f32>,
    mean: f64,
    variance: f64,
}

impl Regions {
    /// Work it out for a mixture at noise level `sigma`.
    pub fn new(mixture: &Mixture, sigma: f64) -> Self {
        let points = quadrature(mixture, sigma, POINTS);
        let mut log_densities = MixtureLanes::new(mixture).log_densities(sigma, &points);
        sort::ascending(&mut log_densities);
        let mean = log_densities.iter().map(|&l| f64::from(l)).sum::<f64>() / f64::from(POINTS);
        let variance = log_densities.iter().map(|&l| (f64::from(l) - mean).powi(2)).sum::<f64>() / f64::from(POINTS);
        Self { log_densities, mean, variance }
    }

    /// The log-density above which `mass` (in 0..=1) of the distribution lies: the edge of its highest-density
    /// region.
    pub fn threshold(&self, mass: f64) -> f64 {
        let rank = (1.0 - mass) * self.log_densities.len() as f64;
        f64::from(self.log_densities[(rank as usize).min(self.log_densities.len() - 1)])
    }

    /// The mass where log p is above `level`, in 0..=1.
    pub fn mass_above(&self, level: f64) -> f64 {
        let below = self.log_densities.partition_point(|&l| f64::from(l) <= level);
        1.0 - below as f64 / self.log_densities.len() as f64
    }

    /// The expectation of log p: minus the differential entropy.
    pub fn mean_log_density(&self) -> f64 {
        self.mean
    }

    /// The standard deviation of log p.
    pub fn log_density_spread(&self) -> f64 {
        self.variance.sqrt()
    }
}

/// Points that stand for a mixture at noise level `sigma`: means over them are expectations.
///
/// Randomised quadrature: a Hammersley set of `count` points, a power of two, in three dimensions (component, and two for
/// the place within it), shifted at random (Cranley & Patterson 1976): unbiased, always the same, and with less variance
/// than as many random samples.
pub(crate) fn quadrature(mixture: &Mixture, sigma: f64, count: u32) -> Vec<[f32; 2]> {
    let [shift, a, b, _] = words(SEED, Stream::Regions, 0, 0);
    (0..count)
        .map(|i| {
            let which = i.wrapping_mul(u32::MAX / count + 1).wrapping_add(shift);
            let place = [radical_inverse(i, 2).wrapping_add(a), radical_inverse(i, 3).wrapping_add(b)];
            let x = mixture.sample_with(sigma, which, place);
            [x.x as f32, x.y as f32]
        })
        .collect()
}

/// The digits of `i` in `base` mirrored at the point, as a fraction of 2^32.
fn radical_inverse(mut i: u32, base: u32) -> u32 {
    let (mut value, mut place) = (0.0, 1.0);
    while i > 0 {
        place /= f64::from(base);
        value += place * f64::from(i % base);
        i /= base;
    }
    (value * 32f64.exp2()) as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plane::distribution::{Classes, tree};

    #[test]
    fn the_trees_regions_are_the_published_ones() {
        let r = Regions::new(&tree::grow(tree::PAPER_SEED).classes(Classes::A).unwrap(), 0.0);
        // The published thresholds come from random samples; both repeat less well the fewer points lie outside.
        for (outside, threshold, tolerance) in
            [(0.05, -0.531, 0.02), (0.02, -1.265, 0.02), (0.01, -1.856, 0.02), (0.005, -2.416, 0.07)]
        {
            let t = r.threshold(1.0 - outside);
            assert!((t - threshold).abs() < tolerance, "{outside}: {t} against {threshold}");
        }
        assert!((r.mean_log_density() - 1.355).abs() < 0.003, "{}", r.mean_log_density());
        assert!((r.log_density_spread() - 1.105).abs() < 0.005, "{}", r.log_density_spread());
    }
    #[test]
    fn the_papers_outline_holds_the_published_mass() {
        let a = tree::grow(tree::PAPER_SEED).classes(Classes::A).unwrap();
        let level = a.peak_log_density(0.0) - 2.12 * 2.12;
        let mass = Regions::new(&a, 0.0).mass_above(level);
        assert!((mass - 0.9865).abs() < 0.001, "{mass}");
    }
}
