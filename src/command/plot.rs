//! `plot`: quality against diversity, and maps over two things that were varied.

use crate::command::map::{Axis, Cell, Map};
use crate::command::picture::{Mark, Picture};
use crate::command::{Failure, Outcome, grid, points, rows, table, text};
use crate::study::{METRICS, Metric};
use crate::{Error, images};
use clap::Args;
use serde_json::Value;
use std::collections::BTreeMap;

/// Draw the rows of `sweep`, of `image sweep` or of `compare --json` as an SVG: one metric or cost against another, with error bars,
/// or with --map one over two things that were varied.
///
/// Points that differ only in the last of what was varied, by the alphabet, are joined. Bars are two standard errors to
/// either side. On a map what cannot be told from a perfect sampler's has a ring.
#[derive(Args)]
#[command(after_help = names())]
pub struct Plot {
    /// Rows of `sweep` or of `compare --json`
    #[arg(value_name = "FILE.jsonl", required = true)]
    files: Vec<String>,
    /// Metric or cost to the right, effectiveBranches unless told; on a map, what was varied
    #[arg(long)]
    x: Option<String>,
    /// Metric or cost upwards, outliers unless told; on a map, what else was varied
    #[arg(long)]
    y: Option<String>,
    /// Metric or cost that is drawn as colour over two things that were varied
    #[arg(long, value_name = "METRIC")]
    map: Option<String>,
    /// Where to write; standard output otherwise
    #[arg(long, value_name = "FILE.svg")]
    out: Option<String>,
}

/// What an axis can show besides metrics: its name, in words, and where a row has it.
const COSTS: [(&str, &str, &str); 2] = [
    ("evaluations", "evaluations of models for each particle", "/results/cost/evaluationsPerParticle"),
    ("milliseconds", "milliseconds of a run", "/results/cost/milliseconds"),
];

fn names() -> String {
    let row = |id: &str, name: &str| format!("  {id:<24}{name}\n");
    let metrics: String = METRICS.iter().map(|m| row(m.id, m.name)).collect();
    let of_images: String = images::metrics::METRICS.iter().map(|m| row(m.id, m.label)).collect();
    let costs: String = COSTS.iter().map(|(id, name, _)| row(id, name)).collect();
    format!("Metrics:\n{metrics}\nMetrics of pictures:\n{of_images}\nCosts:\n{costs}")
}

/// What stands along an axis.
struct Shown {
    name: &'static str,
    /// Where a row has the value.
    value: String,
    /// Where it has the standard error, and mean and spread of what a perfect sampler gives; a cost has none of them.
    error: Option<String>,
    floor: Option<String>,
    spread: Option<String>,
}

impl Shown {
    fn named(id: &str) -> Result<Self, Failure> {
        let of_images = || images::metrics::METRICS.into_iter().find(|m| m.id == id).map(|m| m.label);
        if let Some(name) = Metric::named(id).map(|m| m.name).or_else(of_images) {
            let place = |part: &str| format!("/results/{id}/{part}");
            let [error, floor, spread] = ["standardError", "floor/mean", "floor/spread"].map(|part| Some(place(part)));
            return Ok(Self { name, value: place("value"), error, floor, spread });
        }
        if let Some((_, name, place)) = COSTS.into_iter().find(|(known, ..)| *known == id) {
            return Ok(Self { name, value: place.to_owned(), error: None, floor: None, spread: None });
        }
        let of_images = images::metrics::METRICS.iter().map(|m| m.id);
        let known: Vec<&str> = METRICS.iter().map(|m| m.id).chain(of_images).chain(COSTS.map(|(id, ..)| id)).collect();
        Err(Error::invalid("What is drawn", format!("one of {}", known.join(", ")), format!("\"{id}\"")).into())
    }
}

/// A number of a row; none where it has none.
fn number(row: &Value, place: &str) -> f64 {
    row.pointer(place).and_then(Value::as_f64).unwrap_or(f64::NAN)
}

/// The same, of something that not everything has.
fn some(row: &Value, place: &Option<String>) -> f64 {
    place.as_deref().map_or(f64::NAN, |place| number(row, place))
}

/// A value that was varied, as it was given.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn over(row: &Value) -> impl Iterator<Item = (&String, &Value)> {
    row["over"].as_object().into_iter().flatten()
}

impl Plot {
    pub fn run(self) -> Outcome {
        points::expect_folder(self.out.as_deref())?;
        let svg = match &self.map {
            Some(metric) => self.map(&Shown::named(metric)?)?,
            None => self.against()?,
        };
        Ok(points::save(self.out.as_deref(), &svg)?)
    }

    /// Rows that have results, each with its file.
    fn rows(&self) -> Result<Vec<(&String, Value)>, Failure> {
        let mut all = Vec::new();
        for path in &self.files {
            let rows = rows::read(path, &text::read(Some(path))?, grid::WHAT)?;
            all.extend(rows.into_iter().filter(|row| row.get("results").is_some()).map(|row| (path, row)));
        }
        if all.is_empty() {
            return Err(Failure::from("There is no row with results to draw.".to_owned()));
        }
        Ok(all)
    }

    fn against(&self) -> Result<String, Failure> {
        let axis = |chosen: &Option<String>, usual: &str| Shown::named(chosen.as_deref().unwrap_or(usual));
        let (x, y) = (axis(&self.x, "effectiveBranches")?, axis(&self.y, "outliers")?);
        let mut lines: BTreeMap<String, Vec<Mark>> = BTreeMap::new();
        let mut floors = None;
        for (path, row) in &self.rows()? {
            let of = |shown: &Shown| [number(row, &shown.value), some(row, &shown.error)];
            let name = row["name"].as_str().unwrap_or_default();
            let over: Vec<String> = over(row).map(|(k, v)| format!("{k} = {}", plain(v))).collect();
            let label = if over.is_empty() { name.to_owned() } else { over.join(", ") };
            let label = table::named(&label, row.pointer("/results/lost").and_then(Value::as_u64).unwrap_or(0));
            let line = format!("{path} {name} {}", over[..over.len().saturating_sub(1)].join(","));
            // What stands alone is joined to nothing.
            let line = if over.is_empty() { format!("{line} {}", lines.len()) } else { line };
            floors = Some([&x, &y].map(|shown| some(row, &shown.floor))).filter(|at| at.iter().all(|v| v.is_finite()));
            let accent = !over.is_empty();
            lines.entry(line).or_default().push(Mark { x: of(&x), y: of(&y), label, accent });
        }
        Picture { names: [x.name, y.name], lines: lines.into_values().collect(), truth: floors }.svg()
    }

    fn map(&self, shown: &Shown) -> Result<String, Failure> {
        let rows = self.rows()?;
        let names = self.varied(&rows)?;
        let axes = names.map(|name| {
            let mut values: Vec<&Value> = Vec::new();
            for value in rows.iter().map(|(_, row)| &row["over"][&name]) {
                if !values.contains(&value) {
                    values.push(value);
                }
            }
            // Words stay in the order in which they were given.
            values.sort_by(|a, b| {
                let [a, b] = [a, b].map(|v| v.as_f64());
                a.partial_cmp(&b).filter(|_| a.is_some() && b.is_some()).unwrap_or(std::cmp::Ordering::Equal)
            });
            Axis { name, values: values.into_iter().map(plain).collect() }
        });
        let mut cells: Vec<Cell> = Vec::new();
        for (_, row) in &rows {
            let place = |axis: &Axis| {
                let value = plain(&row["over"][&axis.name]);
                axis.values.iter().position(|v| *v == value).expect("axes have the values of all rows")
            };
            let at = [&axes[0], &axes[1]].map(place);
            if cells.iter().any(|cell| cell.at == at) {
                let [(x, i), (y, j)] = [(&axes[0], at[0]), (&axes[1], at[1])];
                let which = format!("{} = {} and {} = {}", x.name, x.values[i], y.name, y.values[j]);
                let sentence = format!("Several rows have {which}, of which a map can show but one.");
                return Err(Failure::new(sentence, "Draw rows of one sweep that vary these two and nothing else."));
            }
            let value = number(row, &shown.value);
            if value.is_finite() {
                cells.push(Cell { at, value, floor: [some(row, &shown.floor), some(row, &shown.spread)] });
            }
        }
        if cells.is_empty() {
            return Err(Failure::from(format!("No row has a number of {}.", shown.name)));
        }
        Map { name: shown.name, axes, cells }.svg()
    }

    /// The two that are along a map's axes: those that were named, and of the rest of what was varied the first.
    fn varied(&self, rows: &[(&String, Value)]) -> Result<[String; 2], Failure> {
        let everywhere = |name: &String| rows.iter().all(|(_, row)| row["over"].get(name).is_some());
        let names: Vec<&String> = over(&rows[0].1).map(|(name, _)| name).filter(|name| everywhere(name)).collect();
        let list = if names.is_empty() { "nothing".to_owned() } else { list(&names) };
        for name in [&self.x, &self.y].into_iter().flatten() {
            if !names.contains(&name) {
                let needs = format!("varied in these rows, which vary {list}");
                return Err(Error::invalid("An axis of a map", needs, format!("\"{name}\"")).into());
            }
        }
        let mut rest = names.iter().filter(|name| ![&self.x, &self.y].into_iter().flatten().any(|n| n == **name));
        let mut axis = |chosen: &Option<String>| chosen.clone().or_else(|| rest.next().map(|name| (*name).clone()));
        match (axis(&self.x), axis(&self.y)) {
            (Some(x), Some(y)) if x != y => Ok([x, y]),
            _ => Err(Failure::new(
                format!("A map is over two things that were varied; these rows vary {list}."),
                "Give sweep two of --over.",
            )),
        }
    }
}

/// Names in a sentence.
fn list(names: &[&String]) -> String {
    let words: Vec<&str> = names.iter().map(|name| name.as_str()).collect();
    words.join(" and ")
}
