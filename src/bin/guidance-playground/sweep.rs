//! `sweep`: a grid of schemes, to files.

use crate::study::{Options, load, progress};
use crate::{Failure, Outcome, points, scheme, text};
use clap::Args;
use guidance_playground::Error;
use guidance_playground::guidance::VERSION;
use guidance_playground::plane::catalogue::renewed;
use guidance_playground::study::{Axis, Grid, METRICS, Point, Row, Trials};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;
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
        let mut log = out.map(Log::open).transpose()?;
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

/// The file that grows by a line a point.
struct Log {
    path: String,
    file: File,
    rows: Vec<Value>,
    /// Places in `rows`, by configuration.
    places: BTreeMap<String, usize>,
}

/// How every row begins: fields are in the order of the alphabet.
const BEGINNING: &str = "{\"configuration\":";

impl Log {
    /// Read what is there, and cut off a line that was being written when the machine stopped.
    fn open(path: &str) -> Result<Self, Failure> {
        let failed = |e: std::io::Error| Error::File { path: path.to_owned(), problem: e.to_string() };
        let text = if Path::new(path).exists() { text::read(Some(path))? } else { String::new() };
        let whole = text.rfind('\n').map_or(0, |end| end + 1);
        let rows = rows(path, &text[..whole])?;
        let rest = &text[whole..];
        if !(rest.starts_with(BEGINNING) || BEGINNING.starts_with(rest)) {
            return Err(not_a_row(path, text[..whole].lines().count(), "it does not begin like one"));
        }
        let mut file = OpenOptions::new().create(true).append(true).open(path).map_err(failed)?;
        if !rest.is_empty() {
            eprintln!("{path}: the last line was cut short and is computed again.");
            let length = file.metadata().map_err(failed)?.len();
            file.set_len(length - rest.len() as u64).map_err(failed)?;
        }
        file.flush().map_err(failed)?;
        let places = rows.iter().enumerate().map(|(i, row)| (row["configuration"].to_string(), i)).collect();
        Ok(Self { path: path.to_owned(), file, rows, places })
    }

    /// The row of a configuration.
    fn row(&self, configuration: &Value) -> Option<&Value> {
        self.places.get(&configuration.to_string()).map(|&place| &self.rows[place])
    }

    /// # Errors
    /// If a row is of no point of this sweep, given by their configurations and what they vary: then the file is another
    /// sweep's.
    fn expect_rows_of(&self, points: &[(Value, Value)]) -> Result<(), Failure> {
        let known: BTreeMap<String, &Value> = points.iter().map(|(of, over)| (of.to_string(), over)).collect();
        for (line, row) in (1..).zip(&self.rows) {
            let (of, over) = (&row["configuration"], &row["over"]);
            if known.get(&of.to_string()).is_some_and(|known| *known == over) {
                continue;
            }
            let [all, here] = [of, &points[0].0].map(|of| of.as_object().expect("a configuration is an object"));
            let differs = |key: &&String| *key != "scheme" && all.get(*key) != here.get(*key);
            let reason = match here.keys().chain(all.keys()).find(differs) {
                Some(key) => {
                    let [theirs, ours] = [all, here].map(|of| of.get(key).map_or("none".to_owned(), Value::to_string));
                    format!("{key} {theirs}, here {ours}")
                }
                None => "its scheme is not in this grid, or is varied otherwise".to_owned(),
            };
            let advice = "Give --out another file, or the command that this one was begun with.";
            return Err(text::fault(&self.path, line, format!("this is a row of another sweep ({reason})"), advice));
        }
        Ok(())
    }

    fn add(&mut self, row: &Value) -> Result<(), Failure> {
        let failed = |e: std::io::Error| Error::File { path: self.path.clone(), problem: e.to_string() };
        Ok(self.file.write_all(format!("{row}\n").as_bytes()).map_err(failed)?)
    }
}

/// The fault of the line after so many others.
fn not_a_row(path: &str, before: usize, problem: impl std::fmt::Display) -> Failure {
    let problem = format!("this is no row of a sweep ({problem})");
    text::fault(path, 1 + before as u64, problem, "Give another file, or remove the line.")
}

/// The rows of a text of whole lines.
pub fn rows(path: &str, text: &str) -> Result<Vec<Value>, Failure> {
    let parse = |(index, line): (usize, &str)| {
        let mut row: Value = serde_json::from_str(line).map_err(|e| not_a_row(path, index, e))?;
        if let Some(of) = row.get_mut("configuration").filter(|of| of["version"] == 1) {
            of["version"] = VERSION.into();
            of["scheme"] = renewed(of["scheme"].take());
        }
        let complete =
            row["configuration"].is_object() && (row.get("results").is_some() || row.get("refused").is_some());
        if complete { Ok(row) } else { Err(not_a_row(path, index, "it has no configuration or no results")) }
    };
    text.lines().enumerate().map(parse).collect()
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
