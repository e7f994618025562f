//! `image report`: the proposal's image page, rerun.

mod grids;
mod runs;
mod since;
mod text;

use super::models;
use crate::Error;
use crate::command::halves::{self, Half};
use crate::command::interrupt::Interrupt;
use crate::command::rows::Log;
use crate::command::{Failure, Outcome, all_threads, points};
use crate::images::engine::Models;
use crate::images::metrics::Evaluator;
use crate::images::network::Network;
use crate::images::study::{experiments, on_plane, pairs};
use crate::images::{Subject, World, catalogue};
use crate::plane::distribution::Distribution;
use crate::study::{self, Trials};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use runs::{QUICK, Setting, Size, Task, WHOLE, What};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Rerun the proposal's image page and every rule of the table, with networks and with exact scores, and write images-report.md with
/// its pictures.
///
/// Every verdict is computed from the metrics of this run. Whole, it takes hours on one core; its second half, of every rule, is
/// smaller, and of half an hour. Ctrl-C stops it after the prompts
/// under way; the same command goes on where it stopped.
#[derive(Args)]
pub struct Report {
    /// Folder for images-report.md, and for its pictures one in that
    #[arg(long, value_name = "FOLDER", default_value = "docs")]
    out: PathBuf,
    /// What was seen in the pictures of each run, a line each; in the folder, images-report.jsonl, if it is left out
    #[arg(long, value_name = "FILE.jsonl")]
    rows: Option<PathBuf>,
    /// Two concepts, two pictures of each, one noise, four steps: to see whether it works
    #[arg(long)]
    quick: bool,
    /// Concepts that are asked for, and at most as many pairs of riders and mounts of either kind
    #[arg(long, value_name = "NUMBER")]
    concepts: Option<usize>,
    /// Pictures of each prompt
    #[arg(long, value_name = "NUMBER")]
    images: Option<usize>,
    /// Noises that all of that is drawn from
    #[arg(long, value_name = "NUMBER")]
    noises: Option<u64>,
    /// Steps from noise to pictures
    #[arg(long, value_name = "NUMBER")]
    steps: Option<u32>,
    /// One of both sets
    #[arg(long, value_enum, value_name = "SET")]
    only: Option<Kind>,
    /// A network in place of the main one
    #[arg(long, value_name = "FILE.safetensors", default_value = catalogue::MAIN)]
    main: String,
    /// A network in place of the smaller one
    #[arg(long, value_name = "FILE.safetensors", default_value = catalogue::GUIDE)]
    guide: String,
    /// Only this half; the other stays as images-report.md has it
    #[arg(long)]
    half: Option<Half>,
    /// Threads; all cores otherwise
    #[arg(long)]
    threads: Option<usize>,
}

/// What models are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Kind {
    /// The trained ones
    Networks,
    /// The true distributions
    Exact,
}

/// How far it is, and whether to go on.
struct Watch {
    bar: ProgressBar,
    interrupt: Interrupt,
}

impl Watch {
    /// Whether to go on; so much more is done then.
    fn go_on(&self, done: u64) -> bool {
        self.bar.inc(done);
        !self.interrupt.came()
    }
}

impl Report {
    pub fn run(self) -> Outcome {
        let threads = self.threads.unwrap_or_else(all_threads);
        let setting = self.setting()?;
        let kinds = self.only.map_or(vec![Kind::Networks, Kind::Exact], |kind| vec![kind]);
        let path = |name: &str| self.out.join(name).display().to_string();
        let document = path("images-report.md");
        points::expect_folder(Some(&document))?;
        let (models, marks) = self.models(&setting.world)?;
        let evaluator = Evaluator::new(Arc::clone(&setting.world));
        let interrupt = Interrupt::watch()?;
        let made = |half: Half| self.half.is_none_or(|only| only == half);
        let proposal = || self.proposal(&setting, &models, &marks, &evaluator, &interrupt, threads, &kinds);
        let proposal = made(Half::Proposal).then(proposal).transpose()?;
        let since = || {
            since::run(&since::With {
                world: &setting.world,
                models: &models,
                marks: &marks,
                evaluator: &evaluator,
                interrupt: interrupt.clone(),
                threads,
                kinds: &kinds,
                quick: self.quick,
                rows: &path(since::ROWS),
            })
        };
        let since = made(Half::Since).then(since).transpose()?;
        if let Some(since) = &since {
            points::save(Some(&path(since::PICTURE)), &since.picture)?;
        }
        let before =
            if Path::new(&document).exists() { crate::command::text::read(Some(&document))? } else { String::new() };
        let (proposal, told) = proposal.unzip();
        let (since, more) = since.map(|since| (since.text, since.verdicts)).unzip();
        points::save(Some(&document), halves::joined(&before, proposal, since))?;
        let told: Vec<String> = told.into_iter().chain(more).collect();
        Ok(points::print(&format!("{}\n{document}\n", told.join("\n")))?)
    }

    /// The first half and its verdicts; its pictures are written.
    #[allow(clippy::too_many_arguments, reason = "all that both halves have")]
    fn proposal(
        &self,
        setting: &Setting,
        models: &Models,
        marks: &Value,
        evaluator: &Evaluator,
        interrupt: &Interrupt,
        threads: usize,
        kinds: &[Kind],
    ) -> Result<(String, String), Failure> {
        let path = |name: &str| self.out.join(name).display().to_string();
        let plane_models = crate::command::models::load(
            Distribution::PAPER,
            setting.experiments.iter().flat_map(|e| on_plane(&e.scheme).models()),
        )?;
        let mut tasks = Vec::new();
        for &kind in kinds {
            for experiment in &setting.experiments {
                tasks.extend(setting.tasks(kind, experiment, marks));
            }
        }
        let rows = self.rows.as_ref().map_or_else(|| path("images-report.jsonl"), |rows| rows.display().to_string());
        points::expect_folder(Some(&rows))?;
        let mut log = Log::open(&rows, "report")?;
        let over = |task: &Task| if matches!(task.what, What::Plane(_)) { json!({}) } else { Value::Null };
        log.expect_rows_of(&tasks.iter().map(|task| (task.configuration.clone(), over(task))).collect::<Vec<_>>())?;

        let left: Vec<&Task> = tasks.iter().filter(|task| log.row(&task.configuration).is_none()).collect();
        if left.len() < tasks.len() {
            eprintln!("{} of {} runs are there already.", tasks.len() - left.len(), tasks.len());
        }
        let style = ProgressStyle::with_template("{bar:30} {percent}%  {msg}  {elapsed} gone, {eta} left");
        let work: u64 = left.iter().map(|task| task.work(setting)).sum();
        let bar = ProgressBar::new(work).with_style(style.expect("the template is well formed"));
        let watch = Watch { bar, interrupt: interrupt.clone() };
        let mut trials = Trials::new(setting.size.plane.0, threads)?;
        for (done, task) in left.iter().enumerate() {
            watch.bar.set_message(task.experiment.name.clone());
            let row = match &task.what {
                What::Pictures(scheme, seed) => {
                    setting.look(scheme, *seed, models, evaluator, threads, &watch)?.map(|seen| {
                        json!({ "name": task.experiment.name, "configuration": task.configuration, "results": seen })
                    })
                }
                What::Plane(point) => {
                    let outcome = trials.point(point, &setting.plane_seeds(), &plane_models, |runs| watch.go_on(runs));
                    let (name, configuration) = (task.experiment.name.clone(), task.configuration.clone());
                    let row = |outcome| study::Row { name, over: Vec::new(), configuration, outcome }.to_json();
                    outcome.map(row)
                }
            };
            let Some(row) = row else {
                watch.bar.finish_and_clear();
                let there = tasks.len() - left.len() + done;
                let sentence =
                    format!("Stopped after {there} of {} runs; the same command goes on there.", tasks.len());
                return Err(Failure::Interrupted(sentence));
            };
            log.add(&row)?;
        }
        let mut sets = Vec::new();
        for &kind in kinds {
            sets.push(setting.set(kind, &tasks, &log, evaluator)?);
        }
        watch.bar.set_message("grids");
        let Some(grids) = grids::draw_all(setting, &sets, models, threads, &watch)? else {
            watch.bar.finish_and_clear();
            return Err(Failure::Interrupted(
                "Stopped before the pictures; the same command goes on there.".to_owned(),
            ));
        };
        watch.bar.finish_and_clear();
        let folder = self.out.join(grids::FOLDER);
        std::fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
        for grid in &grids {
            points::save(Some(&path(&grid.path())), &grid.bytes)?;
        }
        Ok((text::write(setting, &sets, &grids, &self.command()), text::verdicts(&sets).plain()))
    }

    fn setting(&self) -> std::result::Result<Setting, Failure> {
        let base = if self.quick { QUICK } else { WHOLE };
        let world = Arc::new(models::world()?);
        let all = world.concepts().len();
        let size = Size {
            concepts: self.concepts.unwrap_or(base.concepts.min(all)),
            images: self.images.unwrap_or(base.images),
            noises: self.noises.unwrap_or(base.noises),
            steps: self.steps.unwrap_or(base.steps),
            plane: base.plane,
        };
        let within = |what: &'static str, found: u64, least: u64, most: u64| match (least..=most).contains(&found) {
            true => Ok(()),
            false => Err(Error::invalid(what, format!("between {least} and {most}"), found)),
        };
        within("The number of concepts", size.concepts as u64, 1, all as u64)?;
        within("The number of pictures of a prompt", size.images as u64, 2, 4096)?;
        within("The number of noises", size.noises, 1, 1000)?;
        let mut experiments = experiments();
        for experiment in &mut experiments {
            experiment.scheme.guidance.levels.steps = size.steps;
            experiment.scheme.validate()?;
        }
        let pairs = pairs(&world);
        let named = |which: usize| pairs.iter().take(size.concepts).map(|pair| world.name(pair[which])).collect();
        let (unseen, seen) = (named(0), named(1));
        let concepts = (0..size.concepts).map(|concept| world.name(Subject::Concept(concept))).collect();
        Ok(Setting { size, experiments, concepts, unseen, seen, world })
    }

    /// The networks under the names that schemes have of them, and a checksum of each file.
    fn models(&self, world: &Arc<World>) -> std::result::Result<(Models, Value), Failure> {
        let mut models = Models::new(Arc::clone(world));
        let mut marks = json!({});
        for (name, file) in [(catalogue::MAIN, &self.main), (catalogue::GUIDE, &self.guide)] {
            let bytes = models::bytes(file)?;
            models.add(name, &Network::from_safetensors(&bytes, world).map_err(|e| e.in_file(file))?);
            let mut sum = flate2::Crc::new();
            sum.update(&bytes);
            marks[name] = format!("{:08x}", sum.sum()).into();
        }
        Ok((models, marks))
    }

    /// What was asked for beyond the whole, as it was typed.
    fn command(&self) -> String {
        let mut words = String::from("guidance-playground image report");
        let mut add = |name: &str, value: Option<String>| {
            words.extend(value.map(|value| format!(" --{name} {value}")));
        };
        add("concepts", self.concepts.map(|n| n.to_string()));
        add("images", self.images.map(|n| n.to_string()));
        add("noises", self.noises.map(|n| n.to_string()));
        add("steps", self.steps.map(|n| n.to_string()));
        add("only", self.only.map(|kind| format!("{kind:?}").to_lowercase()));
        let file = |file: &String, own: &str| Some(file.clone()).filter(|file| file != own);
        add("main", file(&self.main, catalogue::MAIN));
        add("guide", file(&self.guide, catalogue::GUIDE));
        if self.quick { words + " --quick" } else { words }
    }
}
