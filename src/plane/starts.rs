//! Where particles start.
//!
//! They are worked out in integers, because kernels of a graphics processor have no f64: bit for bit the same on
//! every engine.

use crate::plane::distribution::Mixture;
use crate::random::quantile::{QUANTILE_BITS, multiply_high, normal};
use crate::random::{Stream, words};
use std::ops::Range;

/// A smoothed mixture in fixed-point numbers: samples are integers until the very last, so that a kernel without f64
/// gives them bit for bit.
pub struct Starts {
    /// Sums of weights up to and including each component, in units of 2^-32.
    pub(crate) cumulative: Vec<u32>,
    /// (mean x, mean y, l11, l21, l22, 0, 0, 0) of each: means in units of 2^-fraction, the Cholesky factor of the smoothed
    /// covariance in units of 2^-(fraction + 4).
    pub(crate) components: Vec<[i32; 8]>,
    /// Fraction bits of a position.
    pub(crate) fraction: i32,
}

/// A quantile times a factor of the Cholesky matrix, upper half, has the fraction bits of a position.
const FACTOR_BITS: i32 = 32 - QUANTILE_BITS as i32;

impl Starts {
    /// The samples of `data` smoothed by `sigma`. Positions are exact to 2^-31 of the distribution's reach, some 3e-8 at
    /// the default levels.
    pub fn new(data: &Mixture, sigma: f64) -> Self {
        // Correctly rounded operations only: the same on every machine.
        let factors: Vec<[f64; 5]> = data
            .components()
            .iter()
            .map(|c| {
                let v = &c.covariance;
                let l11 = (v.m11 + sigma * sigma).sqrt();
                let l21 = v.m12 / l11;
                [c.mean.x, c.mean.y, l11, l21, (v.m22 + sigma * sigma - l21 * l21).sqrt()]
            })
            .collect();
        // No normal is beyond 6.4 standard deviations, and no factor beyond 1/16 of the reach.
        let reach = factors
            .iter()
            .map(|f| f[0].abs().max(f[1].abs()) + 16.0 * f[2].max(f[3].abs() + f[4]))
            .fold(f64::MIN_POSITIVE, f64::max);
        let mut fraction = 30;
        while reach * f64::from(fraction).exp2() >= 31f64.exp2() {
            fraction -= 1;
        }
        let fixed = |value: f64, bits: i32| (value * f64::from(bits).exp2()).round() as i32;
        let components = factors
            .iter()
            .map(|&[x, y, l11, l21, l22]| {
                let factor = |l| fixed(l, fraction + FACTOR_BITS);
                [fixed(x, fraction), fixed(y, fraction), factor(l11), factor(l21), factor(l22), 0, 0, 0]
            })
            .collect();
        let cumulative = data.cumulative().iter().map(|&sum| sum as u32).collect();
        Self { cumulative, components, fraction }
    }

    /// Start of particle `index` of `seed`. (Twin: place_starts.wgsl.)
    pub fn place(&self, seed: u64, index: u64) -> [f32; 2] {
        let [which, a, b, _] = words(seed, Stream::Start, index, 0);
        let component = self.cumulative.partition_point(|&sum| sum <= which).min(self.components.len() - 1);
        let [x, y, l11, l21, l22, ..] = self.components[component];
        let (z0, z1) = (normal(a), normal(b));
        let position = [x.wrapping_add(scaled(l11, z0)), y.wrapping_add(scaled(l21, z0)).wrapping_add(scaled(l22, z1))];
        position.map(|fixed| to_float(fixed, self.fraction))
    }
}

/// `factor normal`, in units of a position, rounded towards zero.
fn scaled(factor: i32, normal: i32) -> i32 {
    let magnitude = multiply_high(factor.unsigned_abs(), normal.unsigned_abs()) as i32;
    if (factor < 0) == (normal < 0) { magnitude } else { -magnitude }
}

/// `fixed / 2^fraction` to the nearest f32, halves away from zero: rounded among integers, since a kernel's conversion may
/// round either way.
fn to_float(fixed: i32, fraction: i32) -> f32 {
    let magnitude = fixed.unsigned_abs();
    let spare = 8u32.saturating_sub(magnitude.leading_zeros());
    let rounded = if spare == 0 { magnitude } else { (magnitude + (1 << (spare - 1))) >> spare };
    let unit = f32::from_bits(((127 + spare as i32 - fraction) as u32) << 23);
    let value = rounded as f32 * unit;
    if fixed < 0 { -value } else { value }
}

/// Where these particles of `seed` start: samples of the data smoothed by `sigma`.
pub fn starts(data: &Mixture, sigma: f64, seed: u64, particles: Range<usize>) -> Vec<[f32; 2]> {
    let starts = Starts::new(data, sigma);
    particles.map(|i| starts.place(seed, i as u64)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plane::distribution::{Classes, tree};
    use nalgebra::{Matrix2, Vector2};

    fn data() -> Mixture {
        tree::grow(tree::PAPER_SEED).classes(Classes::A).unwrap()
    }

    /// The same words through f64 throughout.
    #[test]
    fn fixed_point_loses_nothing_that_f32_would_keep() {
        let data = data();
        for (sigma, tolerance) in [(5.0, 2e-7), (0.5, 3e-8), (0.0, 1e-8)] {
            let starts = Starts::new(&data, sigma);
            for i in 0..5000 {
                let [which, a, b, _] = words(3, Stream::Start, i, 0);
                let [z0, z1] = [a, b].map(|w| f64::from(normal(w)) / f64::from(1 << QUANTILE_BITS));
                let component = starts.cumulative.partition_point(|&sum| sum <= which);
                let exact = data.components()[component].transform(sigma, z0, z1);
                let found = starts.place(3, i);
                for (found, exact) in found.into_iter().zip([exact.x, exact.y]) {
                    let error = (f64::from(found) - exact).abs();
                    // Half a unit in the last place of f32, and the fixed point's own.
                    assert!(error <= 6e-8 * exact.abs() + tolerance, "{sigma}: {found} {exact}");
                }
            }
        }
    }

    #[test]
    fn starts_have_the_mixtures_moments_and_density() {
        let data = data();
        let (n, sigma) = (100_000, 0.3);
        let points: Vec<_> =
            starts(&data, sigma, 11, 0..n).iter().map(|x| Vector2::new(f64::from(x[0]), f64::from(x[1]))).collect();
        let mean = points.iter().sum::<Vector2<f64>>() / n as f64;
        let truth: Vector2<f64> = data.components().iter().map(|c| c.weight * c.mean).sum();
        // Standard deviation of a coordinate is below .6: five standard errors.
        assert!((mean - truth).amax() < 5.0 * 0.6 / (n as f64).sqrt(), "{mean} {truth}");
        let second = points.iter().map(|x| x * x.transpose()).sum::<Matrix2<f64>>() / n as f64;
        let truth: Matrix2<f64> = data
            .components()
            .iter()
            .map(|c| c.weight * (c.covariance + c.mean * c.mean.transpose() + Matrix2::identity() * sigma * sigma))
            .sum();
        assert!((second - truth).amax() < 0.01, "{second} {truth}");
        // Without smoothing: the share outside the 99% region, whose threshold is -1.856 (tests/reference).
        let points = starts(&data, 0.0, 5, 0..n);
        let outside = points
            .iter()
            .filter(|x| data.log_density(Vector2::new(f64::from(x[0]), f64::from(x[1])), 0.0) < -1.856)
            .count();
        assert!((outside as f64 / n as f64 - 0.01).abs() < 0.0016, "{outside}");
    }

    #[test]
    fn integers_become_the_nearest_floats() {
        for fixed in [0, 1, -1, 3, 0xff_ffff, 0x1ff_ffff, -0x1ff_ffff, 0x7654_3210, i32::MAX, i32::MIN + 1] {
            let exact = f64::from(fixed) / 25f64.exp2();
            let found = f64::from(to_float(fixed, 25));
            assert!((found - exact).abs() <= exact.abs() * 0.5f64.powi(24), "{fixed}");
        }
    }
}
