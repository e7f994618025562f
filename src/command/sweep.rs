//! `sweep`: a grid of schemes, to files.

use crate::command::grid::{Files, Planned, columns};
use crate::command::study::{Options, load};
use crate::command::{Outcome, scheme};
use crate::study::{Grid, METRICS, Point, Row, Trials};
use clap::Args;

/// Run every combination of some values and judge each against class A.
///
/// Writes a line of JSON for each point as it is done: what was varied, the whole configuration, every metric with its
/// standard error, spread over seeds, noise floor and difference from the main model alone. A point that makes no sense has
/// its reason in place of metrics, and so has one whose particles are all lost. Ctrl-C stops; the same
/// command goes on where it stopped.
#[derive(Args)]
#[command(after_help = after_help())]
pub struct Sweep {
    /// The scheme that is varied: a name of the catalogue, a file in JSON, or an address of the page
    #[arg(value_name = "SCHEME")]
    base: String,
    /// What is varied, and its values: k=1:1.3:0.02 (both ends), w=1,2,4, schedule=cosine,linear; may be given often
    #[arg(long, value_name = "SYMBOL=VALUES", required = true)]
    over: Vec<String>,
    #[command(flatten)]
    options: Options,
    #[command(flatten)]
    files: Files,
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
        let grid = Grid::new(&scheme::on(&distribution, &self.base, self.options.exact)?, &self.over)?;
        let chosen: Vec<Point> =
            grid.points().map(|point| if self.options.exact { point.exact() } else { point }).collect();
        let models = load(&distribution, &chosen)?;
        self.files.check()?;
        let mut trials = Trials::over(distribution.clone(), self.options.particles, self.options.threads())?;
        let configuration = |point: &Point| {
            Row::configuration(&distribution, point, self.options.particles, &seeds, self.options.exact)
        };
        let plan = |point: &Point| Planned { over: point.object(), configuration: configuration(point) };
        let planned: Vec<Planned> = chosen.iter().map(plan).collect();
        let metrics = METRICS.iter().map(|metric| metric.id);
        let drawn = ("particles", "/configuration/particles");
        let costs = ["evaluationsPerParticle", "milliseconds"];
        let columns = columns(grid.axes(), drawn, metrics, ("Deviation", "/deviation"), &costs);
        self.files.grow(&planned, seeds.len(), &columns, |place, go_on| {
            let point = &chosen[place];
            let Some(outcome) = trials.point(point, &seeds, &models, go_on) else { return Ok(None) };
            let configuration = planned[place].configuration.clone();
            Ok(Some(Row { name: self.base.clone(), over: point.over.clone(), configuration, outcome }.to_json()))
        })
    }
}
