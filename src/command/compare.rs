//! `compare`: schemes beside each other.

use crate::Error;
use crate::command::study::{Options, load, progress};
use crate::command::{Failure, Outcome, points, scheme, table};
use crate::study::{self, Metric, Point, Results, Row, Shown, Trials};
use clap::Args;

/// Run schemes from the same starts and judge them against class A.
///
/// Three tables: each metric with its standard error (after ±), under them a perfect sampler's (mean and standard
/// deviation); the differences from the main model alone, or from another scheme, paired by particle, with a star where they
/// are beyond three standard errors; and the spread over seeds.
#[derive(Args)]
#[command(after_help = scheme::list())]
pub struct Compare {
    /// Schemes: names of the catalogue, files in JSON, or addresses of the page
    #[arg(value_name = "SCHEME", required = true)]
    schemes: Vec<String>,
    /// What all are compared against: as schemes are given; the main model alone unless told
    #[arg(long, value_name = "SCHEME")]
    against: Option<String>,
    #[command(flatten)]
    options: Options,
    /// Lines of JSON with the whole configuration in place of tables: `plot` reads them
    #[arg(long)]
    json: bool,
}

impl Compare {
    pub fn run(self) -> Outcome {
        let (distribution, seeds) = (self.options.distribution()?, self.options.seeds()?);
        let point = |name: &String| -> Result<Point, Failure> {
            let point = Point::single(&scheme::on(&distribution, name, self.options.exact)?);
            Ok(if self.options.exact { point.exact() } else { point })
        };
        let chosen = self.schemes.iter().map(|name| Ok((name, point(name)?))).collect::<Result<Vec<_>, Failure>>()?;
        let against = self.against.as_ref().map(point).transpose()?;
        let models = load(&distribution, chosen.iter().map(|(_, point)| point).chain(&against))?;
        let mut trials = Trials::over(distribution.clone(), self.options.particles, self.options.threads())?;
        if let Some(against) = against {
            trials = trials.against(against.scheme?);
        }
        let bar = progress(chosen.len() * seeds.len());
        let mut rows = Vec::new();
        for (name, point) in &chosen {
            bar.set_message(scheme::label(name));
            let outcome = trials.point(point, &seeds, &models, |runs| {
                bar.inc(runs);
                true
            });
            rows.push(Row {
                name: (*name).clone(),
                over: Vec::new(),
                configuration: Row::configuration(
                    &distribution,
                    point,
                    self.options.particles,
                    &seeds,
                    self.options.exact,
                ),
                outcome: outcome.expect("nothing interrupts"),
            });
        }
        bar.finish_and_clear();
        if self.json {
            let line = |row: &Row| {
                let mut row = row.to_json();
                if let Some(against) = &self.against {
                    row["against"] = against.clone().into();
                }
                format!("{row}\n")
            };
            return Ok(points::print(&rows.iter().map(line).collect::<String>())?);
        }
        let good: Vec<(String, &Results)> = rows
            .iter()
            .filter_map(|row| match &row.outcome {
                study::Outcome::Results(results) => {
                    Some((table::named(&scheme::label(&row.name), results.lost as u64), &**results))
                }
                study::Outcome::Refused(_) => None,
            })
            .collect();
        let refused = || {
            rows.iter().filter_map(|row| match &row.outcome {
                study::Outcome::Refused(reason) => Some((&row.name, reason)),
                study::Outcome::Results(_) => None,
            })
        };
        if let (true, Some((name, reason))) = (good.is_empty(), refused().next()) {
            return Err(Failure::new(format!("{name}: {reason}"), reason.advice()));
        }
        let mut text = format!(
            "{} particles, {} seeds, class A of {}\n",
            self.options.particles,
            seeds.len(),
            distribution.called()
        );
        let shown = Metric::shown(Shown::Tables);
        text.push_str(&table::values(&shown, &good, true).plain());
        let against = self.against.as_deref().map_or_else(|| "the main model alone".to_owned(), scheme::label);
        text.push_str(&format!(
            "\nLess {against}, from the same starts (* beyond {} standard errors)\n",
            table::CERTAIN
        ));
        text.push_str(&table::differences(&shown, &good, true).plain());
        if seeds.len() > 1 {
            text.push_str("\nStandard deviation of one seed\n");
            text.push_str(&table::deviations(&shown, &good).plain());
        }
        for (name, reason) in refused() {
            let what = if matches!(reason, Error::Diverged { .. }) { "has no metrics" } else { "was not run" };
            text.push_str(&format!("\n{name} {what}. {reason} {}\n", reason.advice()));
        }
        Ok(points::print(&text)?)
    }
}
