//! `metrics`: how good a set of samples is.

use crate::Error;
use crate::command::models::Data;
use crate::command::points::{self, Set};
use crate::command::table::{self, Table};
use crate::command::{Failure, Outcome, text};
use crate::plane::Models;
use crate::plane::distribution::Classes;
use crate::plane::metrics::{self, Estimate, Evaluator, FARTHEST, METRICS, Metric, Unit, is_lost};
use clap::Args;
use serde_json::{Value, json};
use std::sync::Arc;

/// Judge samples against class A: outliers, log-density, branch coverage and distance (sliced W1).
///
/// Each metric comes with its standard error (after ±) and with what a perfect sampler scores at the same number of
/// samples: mean and standard deviation of eight. A table with a column `panel`, as the page exports it, gives a row a panel.
#[derive(Args)]
pub struct Metrics {
    /// CSV with the header x,y, or particles that the page has exported; standard input otherwise
    #[arg(value_name = "FILE.csv")]
    file: Option<String>,
    #[command(flatten)]
    data: Data,
    /// JSON in place of a table: an object, or a list of them where there are panels
    #[arg(long)]
    json: bool,
}

impl Metrics {
    pub fn run(self) -> Outcome {
        let distribution = self.data.distribution()?;
        let sets = points::read_sets(self.file.as_deref())?;
        let own = |set: &&Set| set.panel.is_none();
        sets.iter().filter(own).try_for_each(|set| self.expect_near(set))?;
        let models = Models::over(distribution);
        let mut evaluator = Evaluator::new(Arc::clone(models.mixture(Classes::A)));
        let found = sets.iter().map(|set| evaluator.metrics(&points::to_f32(&set.points)));
        let found: Vec<Result<metrics::Metrics, Error>> = found.collect();
        let panels: Option<Vec<&String>> = sets.iter().map(|set| set.panel.as_ref()).collect();
        let text = match (self.json, panels) {
            (json, None) => {
                let metrics = found.into_iter().next().expect("there is a set")?;
                if json { pretty(&metrics) } else { single(&metrics) }
            }
            (true, Some(panels)) => pretty(&panels.into_iter().zip(&found).map(as_json).collect::<Vec<_>>()),
            (false, Some(panels)) => {
                if let (true, Some(Err(reason))) = (found.iter().all(Result::is_err), found.first()) {
                    return Err(reason.clone().into());
                }
                by_panel(&panels, &found)
            }
        };
        Ok(points::print(&text)?)
    }

    /// # Errors
    /// If a point is farther away than metrics can be given of.
    fn expect_near(&self, set: &Set) -> Result<(), Failure> {
        let far = points::to_f32(&set.points).into_iter().position(is_lost);
        far.map_or(Ok(()), |i| {
            let ([x, y], name) = (set.points[i], text::name(self.file.as_deref()));
            let problem = format!("the point ({x}, {y}) is too far for metrics, which end at {FARTHEST:e}");
            Err(text::fault(name, set.lines[i], problem, "Leave it out, or look at what made it."))
        })
    }
}

fn pretty(data: &impl serde::Serialize) -> String {
    format!("{}\n", serde_json::to_string_pretty(data).expect("metrics are plain data"))
}

/// A panel's metrics, or why it has none.
fn as_json((panel, found): (&String, &Result<metrics::Metrics, Error>)) -> Value {
    let mut row = match found {
        Ok(metrics) => json!(metrics),
        Err(reason) => json!({"refused": reason.to_string(), "code": reason.code(), "advice": reason.advice()}),
    };
    row["panel"] = json!(panel);
    row
}

/// A line for each metric.
fn single(metrics: &metrics::Metrics) -> String {
    let row = |(m, metric): (Estimate, Metric)| {
        let [value, floor] =
            [(m.value, m.standard_error), (m.floor.mean, m.floor.spread)].map(|(a, b)| table::pair(4, a, b));
        let name = if metric.unit == Unit::Nats {
            format!("{} ({})", metric.name, metric.unit)
        } else {
            metric.name.to_owned()
        };
        format!("{name:<32}{value:>22}{floor:>24}\n")
    };
    let samples = format!("{} samples of class A", metrics.particles);
    let head = format!("{samples:<32}{:>22}{:>24}\n", "value", "a perfect sampler");
    std::iter::once(head).chain(metrics.estimates.into_list().into_iter().zip(METRICS).map(row)).collect()
}

/// A row for each panel, and a perfect sampler's under it; beneath them, which have no metrics.
fn by_panel(panels: &[&String], found: &[Result<metrics::Metrics, Error>]) -> String {
    let heads = METRICS.iter().map(|metric| metric.head);
    let mut table = Table::new(["panel", "samples"].into_iter().chain(heads));
    let mut refused = String::new();
    for (panel, found) in panels.iter().zip(found) {
        let metrics = match found {
            Ok(metrics) => metrics,
            Err(reason) => {
                refused.push_str(&format!("\nPanel {panel} has no metrics. {reason} {}\n", reason.advice()));
                continue;
            }
        };
        let estimates = metrics.estimates.into_list();
        let cells = |of: fn(&Estimate) -> (f64, f64)| {
            estimates.iter().zip(METRICS).map(move |(e, metric)| table::with_error(metric, of(e).0, of(e).1))
        };
        let values = cells(|e| (e.value, e.standard_error));
        let samples = table::named(&metrics.particles.to_string(), metrics.lost as u64);
        table.push([(*panel).clone(), samples].into_iter().chain(values).collect());
        let floors = cells(|e| (e.floor.mean, e.floor.spread));
        table.push(["a perfect sampler".to_owned(), String::new()].into_iter().chain(floors).collect());
    }
    table.plain() + &refused
}
