//! The table at the end of the checks.

use std::time::Duration;

use crate::{counts::Counts, progress::seconds};

/// One line of the table.
pub struct Row {
    pub name: &'static str,
    pub time: Duration,
    pub counts: Counts,
}

/// The table and, last and alone on its line, the sum.
pub fn text(rows: &[Row]) -> String {
    let mut text = format!("  {:<14} {:>9} {:>7} {:>7}\n", "check", "time", "passed", "failed");
    for row in rows {
        let mark = if row.counts.failed > 0 { "  <--" } else { "" };
        let Counts { passed, failed } = row.counts;
        text += &format!("  {:<14} {:>9} {passed:>7} {failed:>7}{mark}\n", row.name, seconds(row.time));
    }
    let Counts { passed, failed } = total(rows);
    text + &format!("\n{passed} passed, {failed} failed")
}

pub fn total(rows: &[Row]) -> Counts {
    let mut sum = Counts::default();
    for row in rows {
        sum += row.counts;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sum_is_the_last_line() {
        let row =
            |name, passed, failed| Row { name, time: Duration::from_millis(1500), counts: Counts { passed, failed } };
        let text = text(&[row("format", 1, 0), row("native", 30, 2)]);
        assert_eq!(text.lines().last(), Some("31 passed, 2 failed"));
        assert!(text.lines().any(|line| line.starts_with("  native") && line.ends_with("<--")));
    }
}
