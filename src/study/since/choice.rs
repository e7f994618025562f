//! The best of a grid, and its front.

/// What became of a setting: how far it is from what one wants, and what it lost of what there is to see.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Choice {
    /// Less is better.
    pub error: f64,
    /// Diversity that is lost; less is better.
    pub lost: f64,
}

/// The place of the setting with the least error among those that lose no more than `most`; where all lose more, of the one that
/// loses least. Of equals the first. None where nothing has numbers.
pub fn choose(found: &[Option<Choice>], most: f64) -> Option<usize> {
    let all = || {
        let with = |(i, of): (usize, &Option<Choice>)| of.map(|choice| (i, choice));
        found.iter().enumerate().filter_map(with).filter(|(_, c)| c.error.is_finite() && c.lost.is_finite())
    };
    let kept = all().filter(|(_, c)| c.lost <= most).min_by(|(_, a), (_, b)| a.error.total_cmp(&b.error));
    kept.or_else(|| all().min_by(|(_, a), (_, b)| a.lost.total_cmp(&b.lost))).map(|(i, _)| i)
}

/// Places of those that no other betters in both, from the least that is lost on.
pub fn front(found: &[Option<Choice>]) -> Vec<usize> {
    let with = |(i, of): (usize, &Option<Choice>)| of.map(|choice| (i, choice));
    let mut all: Vec<(usize, Choice)> = found.iter().enumerate().filter_map(with).collect();
    all.retain(|(_, c)| c.error.is_finite() && c.lost.is_finite());
    all.sort_by(|(_, a), (_, b)| a.lost.total_cmp(&b.lost).then(a.error.total_cmp(&b.error)));
    let mut least = f64::INFINITY;
    all.retain(|(_, c)| {
        let better = c.error < least;
        least = least.min(c.error);
        better
    });
    all.into_iter().map(|(i, _)| i).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(numbers: &[[f64; 2]]) -> Vec<Option<Choice>> {
        numbers.iter().map(|&[error, lost]| Some(Choice { error, lost })).collect()
    }

    #[test]
    fn the_best_has_least_error_of_those_that_keep_diversity() {
        let all = of(&[[0.1, 0.0], [0.05, 0.08], [0.01, 0.3], [0.05, 0.02]]);
        assert_eq!(choose(&all, 0.1), Some(1));
        assert_eq!(choose(&all, 0.05), Some(3));
        assert_eq!(choose(&all, 1.0), Some(2));
        // Where all lose too much, what loses least.
        assert_eq!(choose(&all[1..3], 0.01), Some(0));
        let some = [None, Some(Choice { error: f64::NAN, lost: 0.0 }), all[1]];
        assert_eq!((choose(&some, 0.1), choose(&some[..2], 0.1)), (Some(2), None));
    }

    #[test]
    fn fronts_are_what_nothing_betters() {
        let all = of(&[[0.1, 0.0], [0.2, 0.0], [0.05, 0.1], [0.07, 0.2], [0.01, 0.5], [f64::NAN, 0.0]]);
        assert_eq!(front(&all), [0, 2, 4]);
        assert_eq!(front(&of(&[])), [0usize; 0]);
    }
}
