//! `plot`: quality against diversity.

use crate::picture::{Mark, Picture};
use crate::{Failure, Outcome, grid, points, rows, table, text};
use clap::Args;
use guidance_playground::Error;
use guidance_playground::study::{METRICS, Metric};
use serde_json::Value;
use std::collections::BTreeMap;

/// Draw the rows of `sweep` or of `compare --json` as an SVG: one metric or cost against another, with error bars.
///
/// Points that differ only in the last of what was varied, by the alphabet, are joined. Bars are two standard errors to
/// either side.
#[derive(Args)]
#[command(after_help = names())]
pub struct Plot {
    /// Rows of `sweep` or of `compare --json`
    #[arg(value_name = "FILE.jsonl", required = true)]
    files: Vec<String>,
    /// Metric or cost to the right
    #[arg(long, default_value = "effectiveBranches")]
    x: String,
    /// Metric or cost upwards
    #[arg(long, default_value = "outliers")]
    y: String,
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
    let costs: String = COSTS.iter().map(|(id, name, _)| row(id, name)).collect();
    format!("Metrics:\n{metrics}\nCosts:\n{costs}")
}

/// What stands along an axis.
struct Shown {
    name: &'static str,
    /// Where a row has the value.
    value: String,
    /// Where it has the standard error, and what a perfect sampler gives; a cost has neither.
    error: Option<String>,
    floor: Option<String>,
}

impl Shown {
    fn named(id: &str) -> Result<Self, Failure> {
        if let Some(metric) = Metric::named(id) {
            let place = |part: &str| format!("/results/{id}/{part}");
            let (error, floor) = (Some(place("standardError")), Some(place("floor/mean")));
            return Ok(Self { name: metric.name, value: place("value"), error, floor });
        }
        if let Some((_, name, place)) = COSTS.into_iter().find(|(known, ..)| *known == id) {
            return Ok(Self { name, value: place.to_owned(), error: None, floor: None });
        }
        let known: Vec<&str> = METRICS.iter().map(|m| m.id).chain(COSTS.map(|(id, ..)| id)).collect();
        Err(Error::invalid("What is drawn", format!("one of {}", known.join(", ")), format!("\"{id}\"")).into())
    }
}

impl Plot {
    pub fn run(self) -> Outcome {
        let (x, y) = (Shown::named(&self.x)?, Shown::named(&self.y)?);
        points::expect_folder(self.out.as_deref())?;
        let mut lines: BTreeMap<String, Vec<Mark>> = BTreeMap::new();
        let mut floors = None;
        for path in &self.files {
            for row in rows::read(path, &text::read(Some(path))?, grid::WHAT)?
                .iter()
                .filter(|row| row.get("results").is_some())
            {
                let number = |place: &str| row.pointer(place).and_then(Value::as_f64).unwrap_or(f64::NAN);
                let some = |place: &Option<String>| place.as_deref().map_or(f64::NAN, number);
                let of = |shown: &Shown| [number(&shown.value), some(&shown.error)];
                let name = row["name"].as_str().unwrap_or_default();
                let over: Vec<String> = row["over"]
                    .as_object()
                    .map(|over| {
                        over.iter()
                            .map(|(k, v)| format!("{k} = {}", v.as_str().map_or_else(|| v.to_string(), str::to_owned)))
                            .collect()
                    })
                    .unwrap_or_default();
                let label = if over.is_empty() { name.to_owned() } else { over.join(", ") };
                let label = table::named(&label, row.pointer("/results/lost").and_then(Value::as_u64).unwrap_or(0));
                let line = format!("{path} {name} {}", over[..over.len().saturating_sub(1)].join(","));
                // What stands alone is joined to nothing.
                let line = if over.is_empty() { format!("{line} {}", lines.len()) } else { line };
                floors = Some([&x, &y].map(|shown| some(&shown.floor))).filter(|at| at.iter().all(|v| v.is_finite()));
                let accent = !over.is_empty();
                lines.entry(line).or_default().push(Mark { x: of(&x), y: of(&y), label, accent });
            }
        }
        if lines.is_empty() {
            return Err(Failure::from("There is no row with results to draw.".to_owned()));
        }
        let picture = Picture { names: [x.name, y.name], lines: lines.into_values().collect(), truth: floors };
        Ok(points::save(self.out.as_deref(), &picture.svg()?)?)
    }
}
