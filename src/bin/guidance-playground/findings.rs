//! What became of claims, as reports tell it.

use crate::table::Table;
use guidance_playground::study::{Claim, Comparison, Finding, Test, Verdict, critical};

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
