//! The table at the end of the checks.

use std::time::Duration;

use crate::{
    counts::Counts,
    progress::{Step, seconds},
};

/// Steps of a check that the table names: the longest.
const STEPS: usize = 4;
/// A shorter one is not worth a line.
const WORTH_A_LINE: Duration = Duration::from_secs(2);

/// One line of the table, and the steps that the check took.
pub struct Row {
    pub name: &'static str,
    pub time: Duration,
    pub counts: Counts,
    pub steps: Vec<Step>,
    /// Whether it passed in an earlier run, and nothing that it depends on has changed since.
    pub as_before: bool,
}

/// The table and, last and alone on its line, the sum.
pub fn text(rows: &[Row]) -> String {
    let mut text = format!("  {:<14} {:>9} {:>7} {:>7}\n", "check", "time", "passed", "failed");
    for row in rows {
        let mark = if row.counts.failed > 0 { "  <--" } else { "" };
        let Counts { passed, failed } = row.counts;
        let time = if row.as_before { "as before".to_owned() } else { seconds(row.time) };
        text += &format!("  {:<14} {time:>9} {passed:>7} {failed:>7}{mark}\n", row.name);
        for Step { name, time } in longest(&row.steps) {
            text += &format!("  {:<14} {:>9}   {name}\n", "", seconds(*time));
        }
    }
    let Counts { passed, failed } = total(rows);
    let before: u32 = rows.iter().filter(|row| row.as_before).map(|row| row.counts.passed).sum();
    if before > 0 {
        text += &format!(
            "\n{before} of the passed were not run again: nothing that they depend on has changed since (--again runs them).\n"
        );
    }
    text + &format!("\n{passed} passed, {failed} failed")
}

/// The longest steps, longest first, where there is more than one to tell apart.
fn longest(steps: &[Step]) -> Vec<&Step> {
    let mut long: Vec<_> = steps.iter().filter(|step| step.time >= WORTH_A_LINE).collect();
    if long.len() < 2 {
        return Vec::new();
    }
    long.sort_by_key(|step| std::cmp::Reverse(step.time));
    long.truncate(STEPS);
    long
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

    fn row(name: &'static str, passed: u32, failed: u32, steps: &[(&str, u64)]) -> Row {
        let steps = steps.iter().map(|&(name, time)| Step { name: name.to_owned(), time: Duration::from_secs(time) });
        Row {
            name,
            time: Duration::from_millis(1500),
            counts: Counts { passed, failed },
            steps: steps.collect(),
            as_before: false,
        }
    }

    #[test]
    fn the_sum_is_the_last_line() {
        let text = text(&[row("format", 1, 0, &[]), row("native", 30, 2, &[])]);
        assert_eq!(text.lines().last(), Some("31 passed, 2 failed"));
        assert!(text.lines().any(|line| line.starts_with("  native") && line.ends_with("<--")));
    }

    #[test]
    fn what_was_not_run_again_is_said() {
        let before = Row { as_before: true, ..row("unit", 30, 0, &[]) };
        let text = text(&[row("format", 1, 0, &[]), before]);
        assert!(text.lines().any(|line| line == "  unit           as before      30       0"));
        assert!(text.contains("\n30 of the passed were not run again"));
        assert_eq!(text.lines().last(), Some("31 passed, 0 failed"));
    }

    #[test]
    fn the_longest_steps_stand_below_their_check() {
        let text =
            text(&[row("build", 1, 0, &[("npm", 3), ("look", 1), ("wasm", 90)]), row("size", 1, 0, &[("wasm", 9)])]);
        let lines: Vec<_> = text.lines().map(str::trim).collect();
        assert_eq!(
            lines[2..5].iter().map(|line| line.split_whitespace().next().unwrap()).collect::<Vec<_>>(),
            ["90.0", "3.0", "size"]
        );
    }
}
