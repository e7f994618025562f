//! Whether two numbers of the same things are in the same order.

use super::verdict::{Comparison, Test};
use crate::random::{Stream, words};
use crate::statistics::{mean_and_deviation, quantile};

/// Resamples behind an interval.
const RESAMPLES: u64 = 4000;
/// What an interval leaves out on either side.
const LEVEL: f64 = 0.01;

/// Places in ascending order, from 1; equal values share the mean of theirs.
fn ranks(values: &[f64]) -> Vec<f64> {
    let place = |v: &f64| {
        let [below, alike] = [|a: f64, b: f64| a < b, |a: f64, b: f64| a == b]
            .map(|is: fn(f64, f64) -> bool| values.iter().filter(|&&other| is(other, *v)).count() as f64);
        below + (alike + 1.0) / 2.0
    };
    values.iter().map(place).collect()
}

/// Spearman's rank correlation of pairs, from -1 to 1; NaN where all of one side are equal.
pub fn rank_correlation(pairs: &[[f64; 2]]) -> f64 {
    let [a, b] = [0, 1].map(|side| ranks(&pairs.iter().map(|pair| pair[side]).collect::<Vec<_>>()));
    let mean = (pairs.len() as f64 + 1.0) / 2.0;
    let product = |x: &[f64], y: &[f64]| x.iter().zip(y).map(|(x, y)| (x - mean) * (y - mean)).sum::<f64>();
    product(&a, &b) / (product(&a, &a) * product(&b, &b)).sqrt()
}

/// The rank correlation, to be above zero, with the interval that it has over resamples of the pairs (Efron 1979, percentiles). It
/// takes pairs as drawn independently. Nothing where all of one side are equal, or there are fewer than three.
pub fn correlation(words: impl Into<String>, pairs: &[[f64; 2]]) -> Option<Comparison> {
    let mean = rank_correlation(pairs);
    if !mean.is_finite() || pairs.len() < 3 {
        return None;
    }
    let resample = |replicate: u64| {
        let draw = |i: usize| pairs[self::words(replicate, Stream::Bootstrap, i as u64, 0)[0] as usize % pairs.len()];
        rank_correlation(&(0..pairs.len()).map(draw).collect::<Vec<_>>())
    };
    // A resample of one pair alone has no order.
    let mut all: Vec<f64> = (0..RESAMPLES).map(resample).filter(|r| r.is_finite()).collect();
    all.sort_by(f64::total_cmp);
    let ascending: Vec<f32> = all.iter().map(|&r| r as f32).collect();
    let ends = [LEVEL, 1.0 - LEVEL].map(|level| quantile(&ascending, level));
    let test = Test::Interval(ends);
    Some(Comparison { words: words.into(), mean, standard_error: mean_and_deviation(&all).1, test, least: 0.0 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::Verdict;

    #[test]
    fn ranks_correlate_as_spearman_says() {
        // scipy.stats.spearmanr of the same numbers.
        let pairs = [[1.0, 5.0], [2.0, 6.0], [3.0, 7.0], [4.0, 8.0], [5.0, 7.0]];
        assert!((rank_correlation(&pairs) - 0.820_782_681_668_123_4).abs() < 1e-12);
        let tied = [[1.0, 2.0], [1.0, 3.0], [2.0, 1.0], [4.0, 4.0], [4.0, 4.0], [0.5, 9.0]];
        assert!((rank_correlation(&tied) + 0.089_562_215_103_979_83).abs() < 1e-12);
        assert!(rank_correlation(&[[1.0, 2.0], [1.0, 3.0]]).is_nan());
    }

    #[test]
    fn intervals_tell_order_from_none() {
        let line = |slope: f64| -> Vec<[f64; 2]> {
            (0..20).map(|i| [f64::from(i), slope * f64::from(i) + f64::from((7 * i) % 5)]).collect()
        };
        let verdict = |pairs: &[[f64; 2]]| correlation("", pairs).unwrap().verdict();
        assert_eq!([verdict(&line(2.0)), verdict(&line(-2.0))], [Verdict::Holds, Verdict::DoesNotHold]);
        assert_eq!(verdict(&line(0.0)), Verdict::Undecided);
        assert!(correlation("", &[[1.0, 2.0], [1.0, 3.0], [1.0, 4.0]]).is_none());
        // Fisher's standard error for a rank correlation near zero is 1/sqrt(n - 3), .24 of twenty.
        let none = correlation("", &line(0.0)).unwrap();
        assert!((0.17..0.32).contains(&none.standard_error), "{}", none.standard_error);
    }
}
