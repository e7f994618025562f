//! `sweep`: a grid of schemes, to files.

use crate::study::{Options, load, progress};
use crate::{Failure, Outcome, points, rows, scheme};
use clap::Args;
use guidance_playground::study::{Axis, Grid, METRICS, Point, Row, Trials};
use rows::Log;
use serde_json::Value;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Run every combination of some values and judge each against class A.
///
/// Writes a line of JSON for each point as it is done: what was varied, the whole configuration, every metric with its
/// standard error, spread over seeds, noise floor and difference from the main model alone. A point that makes no sense has
/// its reason in place of metrics, and so has one whose particles are all lost. Ctrl-C stops after the run under way; the same
/// command goes on where it stopped.
#[derive(Args)]
#[command(after_help = after_help())]
pub struct Sweep {
    /// The scheme that is varied: a name of the catalogue, or a file in JSON
    #[arg(value_name = "NAME|FILE.json")]
    base: String,
    /// What is varied, and its values: k=1:1.3:0.02 (both ends), w=1,2,4, schedule=cosine,linear; may be given often
    #[arg(long, value_name = "SYMBOL=VALUES", required = true)]
    over: Vec<String>,
    #[command(flatten)]
    options: Options,
    /// Lines of JSON, to which is added what is not there; standard output otherwise, and for -
    #[arg(long, value_name = "FILE.jsonl")]
    out: Option<String>,
    /// A table of all points as well; - is standard output, where rows go to a file
    #[arg(long, value_name = "FILE.csv")]
    csv: Option<String>,
}

/// What rows are of.
pub const WHAT: &str = "sweep";

fn after_help() -> String {
    format!(
        "SYMBOL is a parameter as formulas write it (w, k, nu, steps, ...), a part (schedule, reading, combination, space,\n\
         solver, spacing, main, guide), or a JSON pointer into the scheme (/levels/min). `guidance-playground schemes` lists\n\
         symbols and variants.\n\n{}",
        scheme::list()
    )
}

impl Sweep {
    pub fn run(self) -> Outcome {
        let (distribution, seeds) = (self.options.distribution()?, self.options.seeds()?);
        let grid = Grid::new(&scheme::on(&distribution, &self.base)?, &self.over)?;
        let chosen: Vec<Point> =
            grid.points().map(|point| if self.options.exact { point.exact() } else { point }).collect();
        let models = load(&distribution, &chosen)?;
        let out = self.out.as_deref().filter(|&out| out != "-");
        if out.is_none() && self.csv.as_deref() == Some("-") {
            let sentence = "Rows and table cannot both be written to standard output.";
            return Err(Failure::new(sentence, "Give --out or --csv a file."));
        }
        points::expect_folder(out)?;
        points::expect_folder(self.csv.as_deref())?;
        let mut log = out.map(|path| Log::open(path, WHAT)).transpose()?;
        let mut trials = Trials::over(distribution.clone(), self.options.particles, self.options.threads())?;

        let stop = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&stop);
        ctrlc::set_handler(move || flag.store(true, Ordering::Relaxed)).map_err(|e| e.to_string())?;

        let configuration = |point: &Point| {
            Row::configuration(&distribution, point, self.options.particles, &seeds, self.options.exact)
        };
        if let Some(log) = &log {
            let points = chosen.iter().map(|point| (configuration(point), Value::Object(point.object())));
            log.expect_rows_of(&points.collect::<Vec<_>>())?;
        }
        let known =
            |log: &Option<Log>, point: &Point| log.as_ref().and_then(|log| log.row(&configuration(point)).cloned());
        let left = chosen.iter().filter(|point| known(&log, point).is_none()).count();
        if left < chosen.len() {
            eprintln!("{} of {} points are there already.", chosen.len() - left, chosen.len());
        }
        let bar = progress(left * seeds.len());
        let mut rows = Vec::with_capacity(chosen.len());
        for point in &chosen {
            let words: Vec<String> =
                point.over.iter().map(|(name, value)| format!("{name}={}", plain(value))).collect();
            bar.set_message(words.join(" "));
            if let Some(row) = known(&log, point) {
                rows.push(row);
                continue;
            }
            let before = bar.position();
            let Some(outcome) = trials.point(point, &seeds, &models, || {
                bar.inc(1);
                !stop.load(Ordering::Relaxed)
            }) else {
                break;
            };
            bar.set_position(before + seeds.len() as u64);
            let row =
                Row { name: self.base.clone(), over: point.over.clone(), configuration: configuration(point), outcome };
            let row = row.to_json();
            match &mut log {
                Some(log) => log.add(&row)?,
                None => points::print(&format!("{row}\n"))?,
            }
            rows.push(row);
        }
        bar.finish_and_clear();
        if let Some(path) = &self.csv {
            table(path, grid.axes(), &rows)?;
        }
        let refused = rows.iter().filter(|row| row.get("refused").is_some()).count();
        if refused > 0 {
            eprintln!("{refused} of {} points have no metrics; their rows say why.", chosen.len());
        }
        if rows.len() < chosen.len() {
            let advice =
                if log.is_some() { "resume by running the same command" } else { "nothing was kept: give --out" };
            let sentence = format!("Stopped after {} of {} points; {advice}.", rows.len(), chosen.len());
            return Err(Failure::Interrupted(sentence));
        }
        Ok(())
    }
}

/// A value as it was given.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A field of CSV.
fn quoted(text: String) -> String {
    if text.contains([',', '"', '\n']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

/// Columns of each metric: what is added to its name, and where it stands.
const COLUMNS: [(&str, &str); 7] = [
    ("", "/value"),
    ("StandardError", "/standardError"),
    ("Deviation", "/deviation"),
    ("Floor", "/floor/mean"),
    ("FloorSpread", "/floor/spread"),
    ("Difference", "/difference/value"),
    ("DifferenceStandardError", "/difference/standardError"),
];

fn table(path: &str, axes: &[Axis], rows: &[Value]) -> Result<(), Failure> {
    let mut columns: Vec<(String, String)> = vec![("name".into(), "/name".into())];
    columns.extend(axes.iter().map(|axis| {
        // A pointer's own slashes, escaped.
        (axis.name.clone(), format!("/over/{}", axis.name.replace('~', "~0").replace('/', "~1")))
    }));
    columns.push(("particles".into(), "/configuration/particles".into()));
    for metric in METRICS {
        let id = metric.id;
        columns.extend(COLUMNS.map(|(suffix, place)| (format!("{id}{suffix}"), format!("/results/{id}{place}"))));
    }
    columns.push(("evaluationsPerParticle".into(), "/results/cost/evaluationsPerParticle".into()));
    columns.push(("milliseconds".into(), "/results/cost/milliseconds".into()));
    columns.push(("lost".into(), "/results/lost".into()));
    columns.push(("refused".into(), "/refused".into()));
    columns.push(("configuration".into(), "/configuration".into()));
    let header: Vec<String> = columns.iter().map(|(name, _)| quoted(name.clone())).collect();
    let lines = rows.iter().map(|row| {
        columns.iter().map(|(_, place)| quoted(row.pointer(place).map_or_else(String::new, plain))).collect::<Vec<_>>()
    });
    Ok(points::write(Some(path), &header.join(","), lines)?)
}
