//! `image compare` and `image metrics`: pictures judged against what their prompts stand for.

use super::judged::{Judged, prompts};
use super::{Options, file, list, models};
use crate::Error;
use crate::command::interrupt::Interrupt;
use crate::command::table::{CERTAIN, Table, is_certain, pair};
use crate::command::{Failure, Outcome, all_threads, points};
use crate::images::metrics::{Evaluator, METRICS, Metrics, Scores, difference};
use crate::images::{Prompt, World};
use crate::statistics::Difference;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use std::sync::Arc;

/// Draw pictures by several schemes from the same noise, and judge them against the true distribution of each prompt.
///
/// Two tables: each metric with its standard error (after ±), its true value, and what perfect samples give (mean and standard
/// deviation); and the differences from the first scheme, or another, paired by noise, with a star where they are beyond three
/// standard errors. After Ctrl-C they are of the schemes that are done.
#[derive(Args)]
#[command(after_help = list())]
pub struct Compare {
    /// Schemes: names, files in JSON, or addresses of the page
    #[arg(value_name = "SCHEME", required = true)]
    schemes: Vec<String>,
    /// Which of the schemes the others are compared against; the first unless told
    #[arg(long, value_name = "SCHEME")]
    against: Option<String>,
    /// What is to be seen; may be given several times. Without one, every concept is asked for
    #[arg(long, value_name = "WORDS")]
    prompt: Vec<String>,
    #[command(flatten)]
    options: Options,
    /// Lines of JSON in place of tables
    #[arg(long)]
    json: bool,
}

/// Judge pictures of any make: PNGs of 32 x 32 pixels, against the true distribution of a prompt.
#[derive(Args)]
pub struct Judge {
    /// Pictures, or folders of them
    #[arg(value_name = "FILE.png|FOLDER", required = true)]
    paths: Vec<String>,
    /// What they were asked to show; anything, if it is left out
    #[arg(long, value_name = "WORDS", default_value = "", hide_default_value = true)]
    prompt: String,
    /// JSON in place of a table
    #[arg(long)]
    json: bool,
}

impl Compare {
    pub fn run(self) -> Outcome {
        let (images, seed) = (self.options.images(), self.options.seed());
        self.options.check()?;
        let against = self.against.as_ref().unwrap_or(&self.schemes[0]);
        if !self.schemes.contains(against) {
            let known = format!("one of {}", self.schemes.join(", "));
            return Err(Error::invalid("What others are compared against", known, format!("\"{against}\"")).into());
        }
        let world = models::world()?;
        let prompts = prompts(&world, &self.prompt);
        let judged = Judged::new(&world, &self.options)?;
        let style = ProgressStyle::with_template("{bar:30} {percent} %  {msg}  {eta} left");
        let bar = ProgressBar::new((judged.count(&prompts) * self.schemes.len()) as u64);
        bar.set_style(style.expect("the template is well formed"));
        let schemes = self.schemes.iter().map(|name| self.options.scheme(name)).collect::<Result<Vec<_>, _>>()?;
        let models = models::load_all(&schemes.iter().collect::<Vec<_>>())?;
        let interrupt = Interrupt::watch()?;
        let mut found: Vec<(&String, Scores)> = Vec::new();
        for (name, scheme) in self.schemes.iter().zip(&schemes) {
            bar.set_message(name.clone());
            let go_on = || {
                bar.inc(1);
                !interrupt.came()
            };
            let scores = judged.scores(scheme, &prompts, seed, &models, &go_on);
            let Some(scores) = scores.map_err(|e| Failure::new(format!("{name}: {e}"), e.advice()))? else { break };
            if self.json {
                let run = json!({ "scheme": name, "weight": self.options.weight, "exact": self.options.exact, "prompts": prompts,
                    "images": images, "seed": seed, "metrics": scores.metrics() });
                points::print(&format!("{run}\n"))?;
            }
            found.push((name, scores));
        }
        bar.finish_and_clear();
        if !self.json && !found.is_empty() {
            self.print(&world, prompts.len(), &found, against)?;
        }
        if found.len() < self.schemes.len() {
            let sentence = format!("Stopped after {} of {} schemes.", found.len(), self.schemes.len());
            return Err(Failure::Interrupted(sentence));
        }
        Ok(())
    }

    /// Tables of what was found.
    fn print(&self, world: &World, prompts: usize, found: &[(&String, Scores)], against: &String) -> Outcome {
        let (images, seed) = (self.options.images(), self.options.seed());
        let metrics: Vec<(&str, Metrics)> = found.iter().map(|(name, s)| (name.as_str(), s.metrics())).collect();
        let prompts = if prompts == 1 { "1 prompt".to_owned() } else { format!("{prompts} prompts") };
        let many = format!("{prompts}, {images} pictures of each, seed {seed}\n");
        let mut text = many + &table(&metrics);
        // After Ctrl-C it may not be there.
        if let Some((_, base)) = found.iter().find(|(name, _)| *name == against)
            && found.len() > 1
        {
            text += &format!("\nLess {against}, from the same noise (* beyond {CERTAIN} standard errors)\n");
            let mut heads = vec![String::new()];
            let mut columns = Vec::new();
            for (name, scores) in found.iter().filter(|(name, _)| *name != against) {
                heads.push((*name).clone());
                columns.push(difference(scores, base)?.into_list());
            }
            let mut differences = Table::new(heads);
            for (i, metric) in METRICS.iter().enumerate() {
                let cell = |column: &[Option<_>; METRICS.len()]| {
                    let star = column[i].as_ref().is_some_and(is_certain);
                    let told = cell(column[i].as_ref(), metric.digits, |d: &Difference| [d.value, d.standard_error]);
                    if star { told + "*" } else { told }
                };
                differences.push(std::iter::once(metric.label.to_owned()).chain(columns.iter().map(cell)).collect());
            }
            text += &differences.plain();
        }
        text += &format!("\n{}.\n", world.credits());
        Ok(points::print(&text)?)
    }
}

/// Metrics of sets by row, and the truth and a perfect sampler beside them.
fn table(sets: &[(&str, Metrics)]) -> String {
    let named = |(name, metrics): &(&str, Metrics)| crate::command::table::named(name, metrics.lost as u64);
    let heads = sets.iter().map(named).chain(["truth".to_owned(), "a perfect sampler".to_owned()]);
    let mut table = Table::new(std::iter::once(String::new()).chain(heads));
    for (i, metric) in METRICS.iter().enumerate() {
        let of = |metrics: &Metrics| metrics.estimates.into_list()[i];
        let mut row = vec![metric.label.to_owned()];
        row.extend(sets.iter().map(|(_, m)| cell(of(m).as_ref(), metric.digits, |e| [e.value, e.standard_error])));
        let last = &sets[0].1;
        let truth = last.truths.into_list()[i];
        row.push(truth.map_or_else(String::new, |truth| format!("{truth:.0$}", metric.digits)));
        row.push(cell(of(last).as_ref(), metric.digits, |e| [e.floor.mean, e.floor.spread]));
        table.push(row);
    }
    table.plain()
}

/// `value ± error`, or nothing where there is no number.
fn cell<T>(number: Option<&T>, digits: usize, of: impl Fn(&T) -> [f64; 2]) -> String {
    number.map_or_else(String::new, |number| {
        let [value, error] = of(number);
        pair(digits, value, error)
    })
}

impl Judge {
    pub fn run(self) -> Outcome {
        let world = Arc::new(models::world()?);
        let prompt = world.prompt(&self.prompt)?;
        let mut pictures = Vec::new();
        for path in &self.paths {
            for file in files(path)? {
                pictures.push(file::decode(&file, &world)?);
            }
        }
        let prompts = vec![prompt; pictures.len()];
        let metrics = Evaluator::new(Arc::clone(&world)).scores(&pictures, &prompts, all_threads())?.metrics();
        if self.json {
            let text = serde_json::to_string_pretty(&metrics).expect("metrics become JSON");
            return Ok(points::print(&format!("{text}\n"))?);
        }
        let mut text = format!("{} pictures of {}\n", pictures.len(), shown(&world, prompt));
        text += &table(&[("these", metrics)]);
        Ok(points::print(&text)?)
    }
}

fn shown(world: &World, prompt: Prompt) -> String {
    let words = world.words(prompt);
    if words.is_empty() { "anything".to_owned() } else { words }
}

/// A file, or the PNGs of a folder in the order of their names.
fn files(path: &str) -> Result<Vec<String>, Error> {
    let failed = |e: std::io::Error| Error::File { path: path.to_owned(), problem: e.to_string() };
    if !std::path::Path::new(path).is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut all = Vec::new();
    for entry in std::fs::read_dir(path).map_err(failed)? {
        let file = entry.map_err(failed)?.path();
        if file.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("png")) {
            all.push(file.to_string_lossy().into_owned());
        }
    }
    all.sort();
    match all.len() {
        0 => Err(Error::File { path: path.to_owned(), problem: "no .png is in this folder".to_owned() }),
        _ => Ok(all),
    }
}
