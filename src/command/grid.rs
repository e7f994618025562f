//! Grids of runs, a row for each point: files that grow row by row, go on where they stopped, and tables of all.

use crate::command::interrupt::Interrupt;
use crate::command::rows::Log;
use crate::command::study::progress;
use crate::command::{Failure, Outcome, points};
use crate::study::Axis;
use clap::Args;
use serde_json::{Map, Value};

/// What rows are of.
pub const WHAT: &str = "sweep";

/// Where rows go.
#[derive(Args)]
pub struct Files {
    /// Lines of JSON, to which is added what is not there; standard output otherwise, and for -
    #[arg(long, value_name = "FILE.jsonl")]
    out: Option<String>,
    /// A table of all points as well; - is standard output, where rows go to a file
    #[arg(long, value_name = "FILE.csv")]
    csv: Option<String>,
}

/// A point that is to have a row.
pub struct Planned {
    /// What is varied, and its value.
    pub over: Map<String, Value>,
    /// Everything that the row depends on: one with the same is not computed again.
    pub configuration: Value,
}

/// A column of a table: its head, and a JSON pointer into rows.
type Column = (String, String);

impl Files {
    /// # Errors
    /// If both are standard output, or a folder is not there.
    pub fn check(&self) -> Result<(), Failure> {
        if self.log().is_none() && self.csv.as_deref() == Some("-") {
            let sentence = "Rows and table cannot both be written to standard output.";
            return Err(Failure::new(sentence, "Give --out or --csv a file."));
        }
        points::expect_folder(self.log())?;
        Ok(points::expect_folder(self.csv.as_deref())?)
    }

    fn log(&self) -> Option<&str> {
        self.out.as_deref().filter(|&out| out != "-")
    }

    /// Write a row for each point, of so many runs each. Of those that are not there yet `row` makes one, by the point's place. It tells
    /// what it is given how many runs it begins, and makes none where that says no, after Ctrl-C.
    ///
    /// # Errors
    /// If a file cannot be written, or is another sweep's; what `row` fails with; after Ctrl-C.
    pub fn grow(
        &self,
        planned: &[Planned],
        runs: usize,
        columns: &[Column],
        mut row: impl FnMut(usize, &(dyn Fn(u64) -> bool + Sync)) -> Result<Option<Value>, Failure>,
    ) -> Outcome {
        let mut log = self.log().map(|path| Log::open(path, WHAT)).transpose()?;
        let interrupt = Interrupt::watch()?;
        if let Some(log) = &log {
            let all = planned.iter().map(|point| (point.configuration.clone(), Value::Object(point.over.clone())));
            log.expect_rows_of(&all.collect::<Vec<_>>())?;
        }
        let known =
            |log: &Option<Log>, point: &Planned| log.as_ref().and_then(|log| log.row(&point.configuration).cloned());
        let left = planned.iter().filter(|point| known(&log, point).is_none()).count();
        if left < planned.len() {
            eprintln!("{} of {} points are there already.", planned.len() - left, planned.len());
        }
        let bar = progress(left * runs);
        let mut rows = Vec::with_capacity(planned.len());
        for (place, point) in planned.iter().enumerate() {
            let words: Vec<String> =
                point.over.iter().map(|(name, value)| format!("{name}={}", plain(value))).collect();
            bar.set_message(words.join(" "));
            if let Some(row) = known(&log, point) {
                rows.push(row);
                continue;
            }
            let before = bar.position();
            let go_on = |runs| {
                bar.inc(runs);
                !interrupt.came()
            };
            let Some(row) = row(place, &go_on)? else { break };
            bar.set_position(before + runs as u64);
            match &mut log {
                Some(log) => log.add(&row)?,
                None => points::print(&format!("{row}\n"))?,
            }
            rows.push(row);
        }
        bar.finish_and_clear();
        if let Some(path) = &self.csv {
            table(path, columns, &rows)?;
        }
        let refused = rows.iter().filter(|row| row.get("refused").is_some()).count();
        if refused > 0 {
            eprintln!("{refused} of {} points have no metrics; their rows say why.", planned.len());
        }
        if rows.len() < planned.len() {
            let advice =
                if log.is_some() { "resume by running the same command" } else { "nothing was kept: give --out" };
            let sentence = format!("Stopped after {} of {} points; {advice}.", rows.len(), planned.len());
            return Err(Failure::Interrupted(sentence));
        }
        Ok(())
    }
}

/// A table's columns: what is varied, how many were drawn, every metric by its parts, what a point cost, and what became of it.
/// `own` is the part of a metric that only this kind of sweep has.
pub fn columns(
    axes: &[Axis],
    drawn: (&str, &str),
    metrics: impl IntoIterator<Item = &'static str>,
    own: (&str, &str),
    costs: &[&str],
) -> Vec<Column> {
    let parts = [
        ("", "/value"),
        ("StandardError", "/standardError"),
        own,
        ("Floor", "/floor/mean"),
        ("FloorSpread", "/floor/spread"),
        ("Difference", "/difference/value"),
        ("DifferenceStandardError", "/difference/standardError"),
    ];
    let plain = |name: &str, place: String| (name.to_owned(), place);
    let mut columns = vec![plain("name", "/name".to_owned())];
    // A pointer's own slashes, escaped.
    let varied = |axis: &Axis| format!("/over/{}", axis.name.replace('~', "~0").replace('/', "~1"));
    columns.extend(axes.iter().map(|axis| plain(&axis.name, varied(axis))));
    columns.push(plain(drawn.0, drawn.1.to_owned()));
    for id in metrics {
        columns.extend(parts.map(|(suffix, place)| (format!("{id}{suffix}"), format!("/results/{id}{place}"))));
    }
    columns.extend(costs.iter().map(|cost| plain(cost, format!("/results/cost/{cost}"))));
    columns.push(plain("lost", "/results/lost".to_owned()));
    columns.extend(["refused", "configuration"].map(|name| plain(name, format!("/{name}"))));
    columns
}

/// A value as it was given.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A field of CSV.
fn quoted(text: String) -> String {
    if text.contains([',', '"', '\n']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

fn table(path: &str, columns: &[Column], rows: &[Value]) -> Result<(), Failure> {
    let header: Vec<String> = columns.iter().map(|(name, _)| quoted(name.clone())).collect();
    let lines = rows.iter().map(|row| {
        columns.iter().map(|(_, place)| quoted(row.pointer(place).map_or_else(String::new, plain))).collect::<Vec<_>>()
    });
    Ok(points::write(Some(path), &header.join(","), lines)?)
}
