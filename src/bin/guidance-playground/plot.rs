//! `plot`: quality against diversity.

use crate::picture::{Mark, Picture};
use crate::{Failure, Outcome, points, sweep};
use clap::Args;
use guidance_playground::Error;
use guidance_playground::study::{METRICS, Metric};
use serde_json::Value;
use std::collections::BTreeMap;

/// Draw the rows of `sweep` or of `compare --json` as an SVG: one metric against another, with error bars.
///
/// Points that differ only in the last of what was varied, by the alphabet, are joined. Bars are two standard errors to
/// either side.
#[derive(Args)]
#[command(after_help = names())]
pub struct Plot {
    /// Rows of `sweep` or of `compare --json`
    #[arg(value_name = "FILE.jsonl", required = true)]
    files: Vec<String>,
    /// Metric to the right
    #[arg(long, default_value = "effectiveBranches")]
    x: String,
    /// Metric upwards
    #[arg(long, default_value = "outliers")]
    y: String,
    /// Where to write; standard output otherwise
    #[arg(long, value_name = "FILE.svg")]
    out: Option<String>,
}

fn names() -> String {
    let rows: String = METRICS.iter().map(|m| format!("  {:<24}{}\n", m.id, m.name)).collect();
    format!("Metrics:\n{rows}")
}

fn metric(id: &str) -> Result<Metric, Failure> {
    let known = || METRICS.map(|m| m.id).join(", ");
    Ok(Metric::named(id).ok_or_else(|| Error::invalid("A metric", format!("one of {}", known()), id))?)
}

impl Plot {
    pub fn run(self) -> Outcome {
        let (x, y) = (metric(&self.x)?, metric(&self.y)?);
        points::expect_folder(self.out.as_deref())?;
        let mut lines: BTreeMap<String, Vec<Mark>> = BTreeMap::new();
        let mut floors = None;
        for path in &self.files {
            let failed = |e: std::io::Error| Error::File { path: path.clone(), problem: e.to_string() };
            let text = std::fs::read_to_string(path).map_err(failed)?;
            for row in sweep::rows(path, &text)?.iter().filter(|row| row.get("results").is_some()) {
                let number = |place: String| row.pointer(&place).and_then(Value::as_f64).unwrap_or(f64::NAN);
                let of = |m: Metric| ["value", "standardError"].map(|part| number(format!("/results/{}/{part}", m.id)));
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
                let line = format!("{path} {name} {}", over[..over.len().saturating_sub(1)].join(","));
                // What stands alone is joined to nothing.
                let line = if over.is_empty() { format!("{line} {}", lines.len()) } else { line };
                floors = Some([x, y].map(|m| number(format!("/results/{}/floor/mean", m.id))));
                let accent = !over.is_empty();
                lines.entry(line).or_default().push(Mark { x: of(x), y: of(y), label, accent });
            }
        }
        if lines.is_empty() {
            return Err(Failure::from("There is no row with results to draw.".to_owned()));
        }
        let picture = Picture { names: [x.name, y.name], lines: lines.into_values().collect(), truth: floors };
        Ok(points::save(self.out.as_deref(), &picture.svg()?)?)
    }
}
