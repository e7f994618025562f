//! What is done to guided estimates against colours that are too strong.

use super::Data;
use crate::guidance::rule::Real;
use crate::images::Finish;
use crate::images::world::SCALE;
use nalgebra::convert;

impl Finish {
    /// Finish a guided estimate of `x` in place, beside the main model's.
    pub(super) fn apply(self, data: &Data, sigma: f64, x: &[f64], main: &[f64], guided: &mut [f64]) {
        match self {
            Self::None => {}
            // D = a x - v, so that D' = a x - k v = D + (1 - k) v.
            Self::Rescale { share } => {
                let kept = data.deviation * data.deviation / (data.deviation * data.deviation + sigma * sigma);
                let mut sums = [0.0; 4];
                for ((x, main), guided) in x.iter().zip(main).zip(&*guided) {
                    let (main, guided) = (kept * x - main, kept * x - guided);
                    for (sum, term) in sums.iter_mut().zip([main, main * main, guided, guided * guided]) {
                        *sum += term;
                    }
                }
                let factor = rescaling(share, x.len() as f64, sums);
                for (guided, x) in guided.iter_mut().zip(x) {
                    *guided += (1.0 - factor) * (kept * x - *guided);
                }
            }
            Self::Threshold { quantile } => {
                // Colours from 0 to 1 are mean + SCALE D; those from -1 to 1 are twice that less 1.
                let middle = data.mean.map(|mean| 2.0 * mean - 1.0);
                let colour = |(i, d): (usize, &f64)| 2.0 * SCALE * d + middle[i % 3];
                let bound =
                    quantile_of(quantile, guided.iter().enumerate().map(|of| colour(of).abs()).collect()).max(1.0);
                for (i, guided) in guided.iter_mut().enumerate() {
                    let colour = colour((i, guided));
                    let finished = colour.clamp(-bound, bound) / bound;
                    // What nothing is done to is to stay as it is to the bit.
                    if finished != colour {
                        *guided = (finished - middle[i % 3]) / (2.0 * SCALE);
                    }
                }
            }
        }
    }
}

/// What v of a guided estimate is multiplied by: phi std(v1)/std(v) + 1 - phi, of the sums of v1, its square, v and its square over
/// the `count` numbers of a picture. With v = a x - D, where a = sd^2/(sd^2 + sigma^2) and sd is the deviation of data, v is
/// what a network of EDM's answers itself up to a factor that both share: D = a x + sigma sqrt(a) F. That is the v of a
/// variance-preserving process, for data in units of sd; there the paper has the rule.
pub fn rescaling<T: Real>(share: f64, count: T, [main, main_square, guided, guided_square]: [T; 4]) -> T {
    // count^2 times the variances; where the guided estimate has none, there is nothing to be rescaled.
    let variance = |sum: T, square: T| (count * square - sum * sum).max(T::zero());
    let (main, guided) = (variance(main, main_square), variance(guided, guided_square));
    let (one, share) = (T::one(), convert::<f64, T>(share));
    if guided > T::zero() { one + share * ((main / guided).sqrt() - one) } else { one }
}

/// The quantile of numbers, by straight lines between those in order.
fn quantile_of(quantile: f64, mut numbers: Vec<f64>) -> f64 {
    let place = quantile * (numbers.len() - 1) as f64;
    let (_, &mut at, above) = numbers.select_nth_unstable_by(place as usize, f64::total_cmp);
    let next = above.iter().copied().fold(f64::INFINITY, f64::min);
    if next.is_finite() { at + place.fract() * (next - at) } else { at }
}
