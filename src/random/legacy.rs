//! NumPy's legacy `RandomState` normals, which grew the paper's tree.

use rand::Rng;
use rand_mt::Mt;

/// The stream of `numpy.random.RandomState(seed).randn()`.
///
/// MT19937 seeded by `init_genrand`; 53-bit doubles from two words; polar normals that return the second
/// of a pair first and keep the other.
pub struct LegacyNormals {
    words: Mt,
    kept: Option<f64>,
}

impl LegacyNormals {
    /// The stream of `seed`.
    pub fn new(seed: u32) -> Self {
        Self { words: Mt::new(seed), kept: None }
    }
}

/// A double in [0, 1) with all 53 bits, from two words.
fn double(words: &mut impl Rng) -> f64 {
    let a = words.next_u32() >> 5;
    let b = words.next_u32() >> 6;
    (f64::from(a) * 67_108_864.0 + f64::from(b)) / 9_007_199_254_740_992.0
}

impl Iterator for LegacyNormals {
    type Item = f64;

    fn next(&mut self) -> Option<f64> {
        if let Some(kept) = self.kept.take() {
            return Some(kept);
        }
        loop {
            let x1 = 2.0 * double(&mut self.words) - 1.0;
            let x2 = 2.0 * double(&mut self.words) - 1.0;
            let r2 = x1 * x1 + x2 * x2;
            if r2 < 1.0 && r2 != 0.0 {
                let f = (-2.0 * libm::log(r2) / r2).sqrt();
                self.kept = Some(f * x1);
                return Some(f * x2);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::LegacyNormals;

    #[test]
    fn first_draws_of_seed_2_are_numpys() {
        let expected =
            [-0.416_757_847_405_470_6, -0.056_266_827_226_329_474, -2.136_196_095_668_454, 1.640_270_808_404_988_6];
        for (drawn, expected) in LegacyNormals::new(2).zip(expected) {
            assert!((drawn / expected - 1.0).abs() < 1e-15, "{drawn} against {expected}");
        }
    }
}
