//! `image sweep`: a grid of schemes, prompts and seeds, to files.

use super::judged::{Judged, prompts};
use super::{Options, list, models};
use crate::Result;
use crate::command::Outcome;
use crate::command::grid::{Files, Planned, columns};
use crate::guidance::{self, ModelName, VERSION};
use crate::images::engine::Models;
use crate::images::metrics::{METRICS, Scores, difference};
use crate::images::{Bands, Cads, Finish, Negative, Scheme};
use crate::parameter::{Parameter, Setting};
use crate::study::{Grid, Point, Varied};
use clap::Args;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Instant;

/// Run every combination of some values, and judge the pictures of each against the true distribution of their prompts.
///
/// Writes a line of JSON for each point as it is done: what was varied, the whole configuration, every metric with its standard
/// error, its true value, what perfect samples give, and the difference from the main model alone, paired by noise. A point that
/// makes no sense has its reason in place of metrics, and so has one whose pictures are all lost. Ctrl-C stops after the pictures
/// under way; the same command goes on where it stopped.
#[derive(Args)]
#[command(after_help = after_help())]
pub struct Sweep {
    /// The scheme that is varied: a name, a file in JSON, or an address of the page
    #[arg(value_name = "SCHEME")]
    base: String,
    /// What is varied, and its values: w=1:4:0.5 (both ends), schedule=static,cosine, prompt=rocket,noto cat, seed=0:4:1; may be
    /// given often
    #[arg(long, value_name = "SYMBOL=VALUES", required = true)]
    over: Vec<String>,
    /// What is to be seen; what is given several times is judged together. Without one, every concept is asked for
    #[arg(long, value_name = "WORDS")]
    prompt: Vec<String>,
    #[command(flatten)]
    options: Options,
    #[command(flatten)]
    files: Files,
}

fn after_help() -> String {
    format!(
        "SYMBOL is prompt, seed, a parameter as formulas write it (w, k, steps, ...), a part (schedule, reading, combination, space,\n\
         solver, spacing, main, guide), or a JSON pointer into the scheme (/interval/low).\n\n{}",
        list()
    )
}

/// What is varied.
#[derive(Clone, Serialize, Deserialize)]
struct Asked {
    #[serde(flatten)]
    scheme: Scheme,
    /// In place of those that are judged together.
    prompt: Option<String>,
    seed: u64,
}

impl Varied for Asked {
    const FIELDS: &[&str] = &["prompt", "seed"];

    fn scheme(&self) -> &guidance::Scheme {
        &self.scheme.guidance
    }

    fn numbers(&self) -> Vec<(String, &'static Parameter)> {
        let Scheme { bands, negatives, finish, cads, .. } = &self.scheme;
        let finished = match finish {
            Finish::None => "",
            Finish::Rescale { .. } => "/finish/rescale",
            Finish::Threshold { .. } => "/finish/threshold",
        };
        let mut parts: Vec<(String, Vec<Setting>)> = vec![(finished.to_owned(), finish.settings())];
        parts.extend(bands.as_ref().map(|bands| ("/bands".to_owned(), Bands::settings(bands))));
        parts.extend(cads.as_ref().map(|cads| ("/cads".to_owned(), Cads::settings(cads))));
        parts.extend(negatives.iter().enumerate().map(|(i, one)| (format!("/negatives/{i}"), Negative::settings(one))));
        let places = |(at, settings): (String, Vec<Setting>)| {
            settings.into_iter().map(move |(field, parameter, _)| (format!("{at}/{field}"), parameter))
        };
        parts.into_iter().flat_map(places).collect()
    }

    fn model(name: ModelName) -> Result<ModelName> {
        Ok(name)
    }

    fn sensible(self) -> Result<Self> {
        self.scheme.validate().map(|()| self)
    }
}

impl Sweep {
    pub fn run(self) -> Outcome {
        let (images, seed, exact) = (self.options.images(), self.options.seed(), self.options.exact);
        self.options.check()?;
        let base = Asked { scheme: self.options.scheme(&self.base)?, prompt: None, seed };
        let grid = Grid::new(&base, &self.over)?;
        let mut points: Vec<Point<Asked>> = grid.points().collect();
        if exact {
            let truly = |asked: Asked| asked.scheme.exact().map(|scheme| Asked { scheme, ..asked });
            points.iter_mut().for_each(|point| point.scheme = point.scheme.clone().and_then(truly));
        }
        let schemes: Vec<&Scheme> =
            points.iter().filter_map(|point| Some(&point.scheme.as_ref().ok()?.scheme)).collect();
        let models = models::load_all(&schemes)?;
        let world = models.world();
        let together = prompts(world, &self.prompt);
        let of = |point: &Point<Asked>| match point.json["prompt"].as_str() {
            Some(own) => vec![own.to_owned()],
            None => together.clone(),
        };
        for prompt in points.iter().flat_map(&of) {
            world.prompt(&prompt)?;
        }
        self.files.check()?;
        let plan = |point: &Point<Asked>| {
            let mut scheme = point.scheme.as_ref().map_or_else(|_| point.json.clone(), |asked| json!(asked));
            let fields = scheme.as_object_mut().expect("a scheme is an object");
            let seed = fields.remove("seed");
            fields.remove("prompt");
            let configuration = json!({"version": VERSION, "scheme": scheme, "prompts": of(point), "seed": seed,
                "images": images, "exact": exact});
            Planned { over: point.object(), configuration }
        };
        let planned: Vec<Planned> = points.iter().map(plan).collect();
        let judged = Judged::new(world, &self.options)?;
        let runs = points.iter().map(|point| judged.count(&of(point))).max().unwrap_or_default();
        let mut trials = Trials { judged, alone: BTreeMap::new() };
        let metrics = METRICS.iter().map(|metric| metric.id);
        let drawn = ("samples", "/results/samples");
        let columns = columns(grid.axes(), drawn, metrics, ("Truth", "/truth"), &["milliseconds"]);
        self.files.grow(&planned, runs, &columns, |place, go_on| {
            let point = &points[place];
            let results = match &point.scheme {
                Ok(asked) => trials.results(asked, &of(point), &models, go_on),
                Err(reason) => Err(reason.clone()),
            };
            let Planned { over, configuration } = &planned[place];
            let mut row = json!({"name": self.base, "over": over, "configuration": configuration});
            match results {
                Ok(None) => return Ok(None),
                Ok(Some(results)) => row["results"] = results,
                Err(reason) => {
                    row["refused"] = json!(reason.to_string());
                    row["code"] = json!(reason.code());
                    row["advice"] = json!(reason.advice());
                }
            }
            Ok(Some(row))
        })
    }
}

/// Runs schemes, and what they are compared with.
struct Trials<'a> {
    judged: Judged<'a>,
    /// Scores of main models alone, by scheme, seed and prompts.
    alone: BTreeMap<String, Scores>,
}

impl Trials<'_> {
    /// All metrics of a point; none after Ctrl-C.
    fn results(
        &mut self,
        asked: &Asked,
        prompts: &[String],
        models: &Models,
        go_on: &(dyn Fn(u64) -> bool + Sync),
    ) -> Result<Option<Value>> {
        let Asked { scheme, seed, .. } = asked;
        let begun = Instant::now();
        let Some(scores) = self.judged.scores(scheme, prompts, *seed, models, &|| go_on(1))? else { return Ok(None) };
        let milliseconds = 1e3 * begun.elapsed().as_secs_f64();
        let alone = Scheme { guidance: scheme.guidance.unguided(), ..Scheme::default() };
        let key = json!([alone, seed, prompts]).to_string();
        if !self.alone.contains_key(&key) {
            let found = if *scheme == alone {
                Some(scores.clone())
            } else {
                self.judged.scores(&alone, prompts, *seed, models, &|| go_on(0))?
            };
            let Some(found) = found else { return Ok(None) };
            self.alone.insert(key.clone(), found);
        }
        let differences = difference(&scores, &self.alone[&key])?.into_list();
        let metrics = scores.metrics();
        let (estimates, truths) = (metrics.estimates.into_list(), metrics.truths.into_list());
        let mut results =
            json!({"samples": metrics.samples, "lost": metrics.lost, "cost": {"milliseconds": milliseconds}});
        for (i, metric) in METRICS.iter().enumerate() {
            let mut all = json!(estimates[i]);
            if let Some(fields) = all.as_object_mut() {
                fields.insert("truth".to_owned(), json!(truths[i]));
                fields.insert("difference".to_owned(), json!(differences[i]));
            }
            results[metric.id] = all;
        }
        Ok(Some(results))
    }
}
