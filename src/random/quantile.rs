//! Standard normals from integers alone, so that a kernel without f64 repeats them bit for bit.
//!
//! A word's first bit is the sign; the other 31, `m`, stand for the tail probability `(m + 1/2) / 2^32`, whose quantile is
//! read from a table: exactly for the 128 least `m`, and by straight lines between 128 points of every octave above, which
//! errs by less than 1e-5.

use std::sync::LazyLock;

/// Fraction bits of a quantile.
pub const QUANTILE_BITS: u32 = 28;
/// Binary logarithm of the points of an octave.
pub const OCTAVE_BITS: u32 = 7;

/// The table: quantiles in units of 2^-28, of the tails `m = 0, 1, ..., 127`, then of the points of octaves 2^7 to 2^30,
/// and 2^31.
pub static QUANTILES: LazyLock<Vec<u32>> = LazyLock::new(|| {
    let points = 1u64 << OCTAVE_BITS;
    let m = |i: u64| match i >> OCTAVE_BITS {
        0 => i,
        octave => (points + i % points) << (octave - 1),
    };
    // One range: a chain of several is two kilobytes of wasm.
    let all = 0..=u64::from(32 - OCTAVE_BITS) << OCTAVE_BITS;
    all.map(|i| fixed((m(i) as f64 + 0.5) * (-32f64).exp2())).collect()
});

fn fixed(tail: f64) -> u32 {
    // The median's own point lies beyond it by half a step.
    (quantile(tail).max(0.0) * f64::from(QUANTILE_BITS).exp2()).round() as u32
}

/// The point that a standard normal exceeds with probability `tail`, 0 < tail <= 1/2 or little more: Newton's method on
/// erfc.
fn quantile(tail: f64) -> f64 {
    let mut z = if tail < 0.02 { (-2.0 * libm::log(tail)).sqrt() - 0.5 } else { 0.0 };
    for _ in 0..40 {
        let excess = 0.5 * libm::erfc(z * std::f64::consts::FRAC_1_SQRT_2) - tail;
        let density = libm::exp(-0.5 * z * z) / (std::f64::consts::TAU).sqrt();
        z += excess / density;
    }
    z
}

/// The standard normal of a word, in units of 2^-28; the largest magnitude is 6.34. (Twin: place_starts.wgsl.)
pub fn normal(word: u32) -> i32 {
    let m = word & 0x7fff_ffff;
    let (index, rest) = if m < 1 << OCTAVE_BITS {
        (m, 0)
    } else {
        let shift = 31 - m.leading_zeros() - OCTAVE_BITS;
        // Octaves stand behind each other, each with the points 128 to 255 over 2^shift.
        ((shift << OCTAVE_BITS) + (m >> shift), (m << (31 - shift)) << 1)
    };
    let high = QUANTILES[index as usize];
    // Only the last of the exact ones has no successor that matters: its rest is zero.
    let low = QUANTILES[index as usize + 1];
    let magnitude = (high - multiply_high(high - low, rest)) as i32;
    if word >> 31 == 1 { -magnitude } else { magnitude }
}

/// The upper half of a product.
pub fn multiply_high(a: u32, b: u32) -> u32 {
    ((u64::from(a) * u64::from(b)) >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Stream, words};

    #[test]
    fn quantiles_are_the_published_ones() {
        // Abramowitz & Stegun, table 26.5, and P(Z > 6) = 9.865876e-10.
        // Seven digits of a tail of 1e-9 tell its quantile to 1e-8.
        for (tail, z) in
            [(0.5, 0.0), (0.1, 1.281_551_566), (0.025, 1.959_963_985), (0.001, 3.090_232_306), (9.865_876e-10, 6.0)]
        {
            assert!((quantile(tail) - z).abs() < 1e-8, "{tail}: {}", quantile(tail));
        }
        assert_eq!(QUANTILES.len(), 25 * 128 + 1);
        assert!(QUANTILES.windows(2).all(|pair| pair[0] > pair[1]));
    }

    #[test]
    fn lines_between_points_err_little() {
        let mut greatest: f64 = 0.0;
        for i in 0..200_000u64 {
            let [w, ..] = words(3, Stream::Start, i, 1);
            // Every octave, not only those that fill the words.
            let m = (w & 0x7fff_ffff) >> (i % 31);
            for word in [m, m | 1 << 31] {
                let z = f64::from(normal(word)) / f64::from(1 << QUANTILE_BITS);
                let exact = quantile((f64::from(m) + 0.5) * (-32f64).exp2());
                greatest = greatest.max((z.abs() - exact.max(0.0)).abs());
                assert!(z == 0.0 || (z < 0.0) == (word >> 31 == 1));
            }
        }
        assert!(greatest < 1e-5, "{greatest}");
        assert_eq!(normal(0), QUANTILES[0] as i32);
        assert!(normal(u32::MAX >> 1) <= 1);
    }

    #[test]
    fn they_are_normal() {
        let n = 200_000u64;
        let draws: Vec<f64> = (0..n)
            .flat_map(|i| words(9, Stream::Start, i, 2))
            .map(|word| f64::from(normal(word)) / f64::from(1 << QUANTILE_BITS))
            .collect();
        let count = draws.len() as f64;
        let moment = |power| draws.iter().map(|z| z.powi(power)).sum::<f64>() / count;
        // Five standard errors at 800,000 draws.
        for (power, truth, error) in [(1, 0.0, 0.0056), (2, 1.0, 0.008), (3, 0.0, 0.022), (4, 3.0, 0.055)] {
            assert!((moment(power) - truth).abs() < error, "moment {power}: {}", moment(power));
        }
        let mut sorted = draws;
        sorted.sort_by(f64::total_cmp);
        let distance = sorted
            .iter()
            .enumerate()
            .map(|(i, z)| (0.5 * libm::erfc(-z * std::f64::consts::FRAC_1_SQRT_2) - (i as f64 + 0.5) / count).abs())
            .fold(0.0, f64::max);
        // Kolmogorov and Smirnov: exceeded by one perfect sampler in ten thousand.
        assert!(distance < 2.23 / count.sqrt(), "{distance}");
    }
}
