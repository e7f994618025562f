//! Random numbers that are the same on every engine and machine.
//!
//! Invariant: every draw is a function of (seed, stream, indices) through [`philox`], so that no result
//! depends on threads, on the order of work or on what was drawn before. The one exception is
//! [`legacy::LegacyNormals`], which replays NumPy's legacy stream to regrow the paper's tree.

pub mod legacy;
pub mod philox;
pub mod quantile;

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
    let radius = libm::sqrt(-2.0 * libm::log(unit(a)));
    let angle = std::f64::consts::TAU * unit(b);
    [radius * libm::cos(angle), radius * libm::sin(angle)]
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
    fn streams_and_seeds_differ() {
        let base = words(1, Stream::Start, 5, 0);
        assert_ne!(base, words(2, Stream::Start, 5, 0));
        assert_ne!(base, words(1 << 32, Stream::Start, 5, 0));
        assert_ne!(base, words(1, Stream::Weights, 5, 0));
        assert_ne!(base, words(1, Stream::Start, 6, 0));
        assert_ne!(base, words(1, Stream::Start, 5, 1));
    }
}
