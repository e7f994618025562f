//! What became of claims, as reports tell it.

use crate::command::table::Table;
use crate::study::{Claim, Comparison, Finding, Test, Verdict, critical};

/// Claims and their verdicts, with networks and with exact scores.
pub fn verdicts<E>(claims: &[Claim<E>], sets: &[&[Finding]]) -> Table {
    let mut table = Table::new(["claim", "with networks", "with exact scores"]);
    for (i, claim) in claims.iter().enumerate() {
        let verdicts = sets.iter().map(|findings| findings[i].verdict.words().to_owned());
        table.push(std::iter::once(format!("{}. {}", i + 1, claim.statement)).chain(verdicts).collect());
    }
    table
}

/// Identifiers in brackets as names in words.
pub fn named<'a>(words: &str, names: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    names
        .into_iter()
        .fold(words.to_owned(), |words, (id, name)| words.replace(&format!("[{id}]"), &format!("({name})")))
}

/// A difference, and what decides about it.
pub fn figures(c: &Comparison, digits: usize) -> String {
    let value = format!("{:+.digits$} ± {:.digits$}", c.mean, c.standard_error);
    match c.test {
        Test::Seeds(seeds) => {
            format!("{value}, t = {:.1} with {seeds} seeds (beyond ±{})", c.t(), critical(seeds))
        }
        Test::Samples => value,
        // Of what is all alike on one side there are no ranks.
        Test::Interval(_) if c.standard_error.is_nan() => "nothing to rank: all alike".to_owned(),
        Test::Interval([low, high]) => format!("{:+.digits$} ({low:+.digits$} to {high:+.digits$})", c.mean),
    }
}

/// What a difference says of its part of a criterion.
pub fn decided(c: &Comparison) -> &'static str {
    match c.verdict() {
        Verdict::Holds => "yes",
        Verdict::DoesNotHold => "no",
        _ => "undecided",
    }
}

/// What a difference would have to be for its part of a criterion to be told, in words.
pub fn change(finding: &Finding) -> String {
    let of = |verdict: Verdict| finding.comparisons.iter().filter(move |c| c.verdict() == verdict);
    let margin = |c: &Comparison| {
        let [low, _] = c.bounds();
        if c.test == Test::Samples { low / c.standard_error } else { low }
    };
    match finding.verdict {
        Verdict::Holds => {
            let weakest = finding.comparisons.iter().min_by(|a, b| margin(a).total_cmp(&margin(b)));
            weakest.map_or_else(String::new, |c| {
                format!("It would be undecided if this were no longer certain: {} = {}.", c.words, figures(c, 4))
            })
        }
        Verdict::DoesNotHold => {
            let all = finding.comparisons.len();
            let against = of(Verdict::DoesNotHold).count();
            let say = if against == 1 { "says" } else { "say" };
            let nearest = of(Verdict::DoesNotHold).max_by(|a, b| a.t().total_cmp(&b.t())).map_or("", |c| &c.words);
            format!(
                "Of {all} figures {against} {say} no; all would have to be above zero. The nearest to that is {nearest}."
            )
        }
        Verdict::Undecided => {
            let needed = |c: &Comparison| {
                let times = (Test::ERRORS * c.standard_error / c.mean).powi(2);
                if c.test == Test::Samples && times.is_finite() && times > 1.0 {
                    format!("{} (told by {:.0} times as many pictures, if it stays as it is)", c.words, times.ceil())
                } else {
                    c.words.clone()
                }
            };
            let open: Vec<String> = of(Verdict::Undecided).map(needed).collect();
            format!("It cannot be told: chance could have made what was seen of {}.", open.join("; of "))
        }
        Verdict::Untested => String::new(),
    }
}

/// Which part is guidance and which is network error, by the verdicts with networks and with exact scores.
pub fn parts(networks: Verdict, exact: Verdict) -> &'static str {
    use Verdict::{DoesNotHold, Holds};
    match (networks, exact) {
        (Holds, Holds) => "It is so of guidance by itself, without any network error.",
        (Holds, DoesNotHold) => "It is not so of guidance by itself: what the errors of the networks add makes it so.",
        (DoesNotHold, Holds) => "It is so of guidance by itself; the errors of the networks undo it.",
        (DoesNotHold, DoesNotHold) => "It is so neither of guidance by itself nor of guidance of these networks.",
        _ => {
            "Which part is guidance and which is network error is told by the figures alone: one of the verdicts is open."
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(words: &str, mean: f64) -> Comparison {
        Comparison { words: words.to_owned(), mean, standard_error: 0.1, test: Test::Samples, least: 0.01 }
    }

    #[test]
    fn what_would_change_a_verdict_is_the_figure_that_is_nearest_to_it() {
        let change =
            |means: &[(&str, f64)]| change(&Finding::all(means.iter().map(|&(words, mean)| of(words, mean)).collect()));
        let holds = change(&[("a", 5.0), ("b", 0.4), ("c", 2.0)]);
        assert!(holds.contains("b = +0.4000 ± 0.1000") && holds.contains("undecided if"), "{holds}");
        let not = change(&[("a", 5.0), ("b", -4.0), ("c", -1.0)]);
        assert!(not.contains("Of 3 figures 2 say no") && not.ends_with("nearest to that is c."), "{not}");
        assert!(change(&[("a", -1.0)]).contains("Of 1 figures 1 says no"));
        let open = change(&[("a", 5.0), ("b", 0.1), ("c", 0.25)]);
        // 3.1 errors of a tenth are 3.1 times b: 9.61 times as many.
        assert!(open.contains("of b (told by 10 times") && open.contains("; of c (told by 2 times"), "{open}");
        assert!(!open.contains("of a"), "{open}");
        let nothing = Finding { verdict: Verdict::Untested, comparisons: Vec::new(), missing: None };
        assert_eq!(super::change(&nothing), "");
    }

    #[test]
    fn parts_are_told_by_both_verdicts() {
        use Verdict::{DoesNotHold, Holds, Undecided, Untested};
        assert!(parts(Holds, Holds).contains("without any network error"));
        assert!(parts(Holds, DoesNotHold).contains("errors of the networks add makes it so"));
        assert!(parts(DoesNotHold, Holds).contains("undo it"));
        assert!(parts(DoesNotHold, DoesNotHold).contains("neither"));
        assert_eq!(parts(Undecided, Holds), parts(Holds, Untested));
    }
}
