//! Tables of results, for a terminal and for Markdown.

use crate::statistics::Difference;
use crate::study::{Metric, Results};

/// Rows of text under heads.
pub struct Table {
    heads: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    pub fn new<S: Into<String>>(heads: impl IntoIterator<Item = S>) -> Self {
        Self { heads: heads.into_iter().map(Into::into).collect(), rows: Vec::new() }
    }

    pub fn push(&mut self, row: Vec<String>) {
        self.rows.push(row);
    }

    /// Columns set off by spaces, the first to the left.
    pub fn plain(&self) -> String {
        let all = || std::iter::once(&self.heads).chain(&self.rows);
        let width = |i: usize| all().filter_map(|row| row.get(i)).map(|cell| cell.chars().count()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..self.heads.len()).map(width).collect();
        let line = |row: &Vec<String>| {
            let cells = row.iter().zip(&widths).enumerate().map(|(i, (cell, &width))| match i {
                0 => format!("{cell:<width$}"),
                _ => format!("  {cell:>width$}"),
            });
            format!("{}\n", cells.collect::<String>().trim_end())
        };
        all().map(line).collect()
    }

    /// A table of Markdown.
    pub fn markdown(&self) -> String {
        let line = |row: &[String]| format!("| {} |\n", row.join(" | "));
        let rule: Vec<String> = (0..self.heads.len()).map(|i| if i == 0 { "---" } else { "---:" }.to_owned()).collect();
        [line(&self.heads), line(&rule)].into_iter().chain(self.rows.iter().map(|row| line(row))).collect()
    }
}

/// `value ± error`, with the digits that the metric is worth.
pub fn with_error(metric: Metric, value: f64, error: f64) -> String {
    pair(metric.digits, value, error)
}

/// `value ± error`; without what is no number, as the standard error of one sample.
pub fn pair(digits: usize, value: f64, error: f64) -> String {
    let [value, told] = [value, error].map(|number| rounded(digits, number));
    if error.is_nan() { value } else { format!("{value} ± {told}") }
}

/// A metric's value.
pub fn number(metric: Metric, value: f64) -> String {
    rounded(metric.digits, value)
}

/// Far ones without digits that nobody reads.
fn rounded(digits: usize, value: f64) -> String {
    let digits = if value.abs() < 100.0 { digits } else { 1 };
    format!("{value:.digits$}")
}

/// The name of a row, and how many particles are lost, which its metrics are not of.
pub fn named(name: &str, lost: u64) -> String {
    if lost == 0 { name.to_owned() } else { format!("{name} ({lost} lost)") }
}

/// Metrics with standard errors, and a perfect sampler's under them.
pub fn values(shown: &[Metric], rows: &[(String, &Results)], times: bool) -> Table {
    let cost = if times { &["evaluations", "ms"][..] } else { &["evaluations"] };
    let heads = shown.iter().map(|m| m.head).chain(cost.iter().copied());
    let mut table = Table::new(std::iter::once("").chain(heads));
    for (name, results) in rows {
        let cells = shown.iter().map(|&m| with_error(m, results.of(m).value, results.of(m).standard_error));
        let mut row: Vec<String> = std::iter::once(name.clone()).chain(cells).collect();
        row.push(results.cost.evaluations_per_particle.to_string());
        if times {
            row.push(format!("{:.0}", results.cost.milliseconds));
        }
        table.push(row);
    }
    if let Some((_, results)) = rows.iter().min_by_key(|(_, results)| results.lost) {
        let cells = shown.iter().map(|&m| with_error(m, results.of(m).floor.mean, results.of(m).floor.spread));
        let mut row: Vec<String> = std::iter::once("a perfect sampler".to_owned()).chain(cells).collect();
        row.resize(1 + shown.len() + cost.len(), String::new());
        table.push(row);
    }
    table
}

/// Beyond so many standard errors a difference has a star.
pub const CERTAIN: f64 = 3.0;

/// What guidance changes: differences from the main model alone, or from what is compared against.
pub fn differences(shown: &[Metric], rows: &[(String, &Results)], starred: bool) -> Table {
    let mut table = Table::new(std::iter::once("").chain(shown.iter().map(|m| m.head)));
    for (name, results) in rows {
        let cells = shown.iter().map(|&m| {
            let d = results.of(m).difference;
            let sign = if d.value > 0.0 { "+" } else { "" };
            let star = if starred && is_certain(&d) { "*" } else { "" };
            format!("{sign}{}{star}", with_error(m, d.value, d.standard_error))
        });
        table.push(std::iter::once(name.clone()).chain(cells).collect());
    }
    table
}

/// Whether a difference is beyond [`CERTAIN`] standard errors.
pub fn is_certain(d: &Difference) -> bool {
    d.value.abs() > CERTAIN * d.standard_error
}

/// Standard deviations of one seed.
pub fn deviations(shown: &[Metric], rows: &[(String, &Results)]) -> Table {
    let mut table = Table::new(["", "seeds"].into_iter().chain(shown.iter().map(|m| m.head)));
    for (name, results) in rows {
        let cells = shown.iter().map(|&m| results.of(m).deviation.map_or_else(String::new, |d| number(m, d)));
        let seeds = results.values.len().to_string();
        table.push([name.clone(), seeds].into_iter().chain(cells).collect());
    }
    table
}
