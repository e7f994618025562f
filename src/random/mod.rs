//! Random numbers that are the same on every engine and machine.
//!
//! Invariant: every draw is a function of (seed, stream, indices) through [`philox`], so that no result
//! depends on threads, on the order of work or on what was drawn before. The one exception is
//! [`legacy::LegacyNormals`], which replays NumPy's legacy stream to regrow the paper's tree.
//!
//! Transcendental functions behind a draw are `libm`'s, because platforms differ in the last digit.

pub mod legacy;
pub mod philox;
pub mod quantile;

use crate::angles::sine_and_cosine;
use philox::philox4x32;

/// What a draw is for. Two streams of one seed share no numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Stream {
    /// Where particles start.
    Start = 0,
    /// Initial network weights.
    Weights = 1,
    /// Training batches: noise level and component.
    BatchLevel = 2,
    /// Training batches: position.
    BatchPosition = 3,
    /// Perfect samples, for the noise floors of the metrics.
    Floor = 4,
    /// Shifts of the quadrature behind the highest-density regions.
    Regions = 5,
    /// Noise that stochastic solvers add on the way.
    Noise = 6,
    /// Resampling of weighted particles.
    Resampling = 7,
    /// Hidden units that a degraded network is without.
    Dropout = 10,
    /// Noise in the weights of a degraded network.
    WeightNoise = 11,
    /// Training batches: how far Student-t noise goes beyond a Gaussian's.
    BatchTail = 12,
    /// Noise on what a network is told of a prompt.
    Prompt = 13,
    /// Resamples of a set, by which intervals are found.
    Bootstrap = 14,
    /// Perfect samples that are shown beside others.
    Truth = 15,
    /// Particles by which networks in training are judged.
    Validation = 16,
}

/// Four 32-bit words for entry `(index, row)` of a stream.
pub fn words(seed: u64, stream: Stream, index: u64, row: u32) -> [u32; 4] {
    let counter = [index as u32, (index >> 32) as u32, row, stream as u32];
    philox4x32(counter, [seed as u32, (seed >> 32) as u32])
}

/// A word as a number strictly inside (0, 1): `(word + 1/2) / 2^32`.
pub fn unit(word: u32) -> f64 {
    (f64::from(word) + 0.5) * (-32f64).exp2()
}

/// Two independent standard normals from two words (Box & Muller 1958).
///
/// Written with `libm` rather than the platform's functions, which differ in the last digit between
/// machines. The largest magnitude is 6.7.
pub fn normal_pair(a: u32, b: u32) -> [f64; 2] {
    let radius = (-2.0 * libm::log(unit(a))).sqrt();
    let angle = std::f64::consts::TAU * unit(b);
    let [sine, cosine] = sine_and_cosine(angle);
    [radius * cosine, radius * sine]
}

/// A draw from the Gamma distribution of a shape of 1 or more and of scale 1, for entry `(index, row)` of a stream;
/// indices are below 2^32, since later attempts are told apart by the bits above (Marsaglia & Tsang 2000).
pub fn gamma(shape: f64, seed: u64, stream: Stream, index: u64, row: u32) -> f64 {
    assert!(shape >= 1.0 && index <= u64::from(u32::MAX));
    let d = shape - 1.0 / 3.0;
    let c = 1.0 / (9.0 * d).sqrt();
    let mut attempt = 0;
    loop {
        let [a, b, accept, _] = words(seed, stream, index | attempt << 32, row);
        let z = normal_pair(a, b)[0];
        let cube = 1.0 + c * z;
        let v = cube * cube * cube;
        if cube > 0.0 && libm::log(unit(accept)) < 0.5 * z * z + d * (1.0 - v + libm::log(v)) {
            return d * v;
        }
        attempt += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normals_have_the_moments_of_normals() {
        let n = 200_000;
        let mut moments = [0.0; 4];
        let mut cross = 0.0;
        for i in 0..n {
            let w = words(7, Stream::Start, i, 0);
            let [x, y] = normal_pair(w[1], w[2]);
            for (power, moment) in moments.iter_mut().enumerate() {
                *moment += (x.powi(power as i32 + 1) + y.powi(power as i32 + 1)) / (2 * n) as f64;
            }
            cross += x * y / n as f64;
        }
        // Standard errors at 400,000 draws: .0016, .0022, .006, .015; five of each.
        assert!(moments[0].abs() < 0.008, "{moments:?}");
        assert!((moments[1] - 1.0).abs() < 0.011, "{moments:?}");
        assert!(moments[2].abs() < 0.03, "{moments:?}");
        assert!((moments[3] - 3.0).abs() < 0.08, "{moments:?}");
        assert!(cross.abs() < 0.011, "{cross}");
    }

    #[test]
    fn gamma_draws_have_the_moments_of_gamma() {
        for shape in [1.05, 2.0, 5.0, 500.0] {
            let n = 100_000;
            let draws: Vec<f64> = (0..n).map(|i| gamma(shape, 3, Stream::BatchTail, i, 9)).collect();
            let mean = |f: &dyn Fn(f64) -> f64| draws.iter().map(|&x| f(x)).sum::<f64>() / n as f64;
            // Mean and variance are the shape, the third central moment is twice it; five standard errors.
            let sd = shape.sqrt();
            assert!((mean(&|x| x) - shape).abs() < 5.0 * sd / (n as f64).sqrt());
            let variance = mean(&|x| (x - shape).powi(2));
            assert!((variance - shape).abs() < 5.0 * shape * ((2.0 + 6.0 / shape) / n as f64).sqrt(), "{variance}");
            // E ln x is the digamma function, which is steep where the density is least like a normal's:
            // psi(x) = ln x - 1/(2x) - 1/(12x^2) + ... at x + 6, less the terms of the recurrence.
            let far = shape + 6.0;
            let digamma = far.ln() - 0.5 / far - 1.0 / (12.0 * far * far) + 1.0 / (120.0 * far.powi(4))
                - (0..6).map(|k| 1.0 / (shape + f64::from(k))).sum::<f64>();
            let spread = mean(&|x| (x.ln() - digamma).powi(2)).sqrt();
            assert!((mean(&f64::ln) - digamma).abs() < 5.0 * spread / (n as f64).sqrt(), "{shape}");
        }
    }

    #[test]
    fn streams_and_seeds_differ() {
        let base = words(1, Stream::Start, 5, 0);
        assert_ne!(base, words(2, Stream::Start, 5, 0));
        assert_ne!(base, words(1 << 32, Stream::Start, 5, 0));
        assert_ne!(base, words(1, Stream::Weights, 5, 0));
        assert_ne!(base, words(1, Stream::Start, 6, 0));
        assert_ne!(base, words(1, Stream::Start, 5, 1));
    }
}
