//! What is run, and what its rows say.

use super::{Kind, Watch};
use crate::command::Failure;
use crate::command::rows::Log;
use crate::guidance::{EXACT, VERSION};
use crate::images::engine::Models;
use crate::images::metrics::{Evaluator, Reading, Scores};
use crate::images::study::{Evidence, Experiment, Job, Seen, claims, draw, on_plane};
use crate::images::{NUMBERS, Prompt, Scheme, World};
use crate::plane::distribution::Distribution;
use crate::study::{self, Finding, Metric, Point};
use crate::{Error, Result};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// How much is run.
pub struct Size {
    pub concepts: usize,
    pub images: usize,
    pub noises: u64,
    pub steps: u32,
    /// Particles and seeds on the plane.
    pub plane: (usize, u64),
}

pub const WHOLE: Size = Size { concepts: usize::MAX, images: 16, noises: 3, steps: 16, plane: (4096, 3) };
pub const QUICK: Size = Size { concepts: 2, images: 2, noises: 1, steps: 4, plane: (64, 2) };

/// What is asked for, and how often.
pub struct Setting {
    pub size: Size,
    pub world: Arc<World>,
    pub experiments: Vec<Experiment>,
    pub concepts: Vec<String>,
    /// Pairs of riders and mounts that networks have not seen, and as many that they have.
    pub unseen: Vec<String>,
    pub seen: Vec<String>,
}

/// One run of a scheme.
pub struct Task<'a> {
    pub kind: Kind,
    pub experiment: &'a Experiment,
    pub what: What,
    pub configuration: Value,
}

pub enum What {
    /// Pictures of all prompts, from the noise of a seed.
    Pictures(Box<Scheme>, u64),
    Plane(Box<Point>),
}

/// The metrics of a scheme, noise by noise.
pub struct Row<'a> {
    pub experiment: &'a Experiment,
    pub concepts: Vec<Scores>,
    pub unseen: Vec<Scores>,
    pub seen: Vec<Scores>,
}

/// All that is known with one kind of models.
pub struct Set<'a> {
    pub kind: Kind,
    pub rows: Vec<Row<'a>>,
    /// Experiments that have no numbers, and why.
    pub refused: Vec<(&'a Experiment, String)>,
    pub evidence: Evidence,
    pub findings: Vec<Finding>,
}

impl Task<'_> {
    /// About how long it takes, in evaluations of networks for a prompt.
    pub fn work(&self, setting: &Setting) -> u64 {
        match &self.what {
            What::Pictures(scheme, _) => setting.jobs().len() as u64 * evaluations(scheme),
            What::Plane(_) => setting.plane_seeds().len() as u64,
        }
    }
}

/// About how many evaluations of a network a step takes.
fn evaluations(scheme: &Scheme) -> u64 {
    scheme.models().len() as u64
}

impl Setting {
    /// Of every prompt as many pictures, each with noise of its own.
    pub fn jobs(&self) -> Vec<Job> {
        let prompts = self.concepts.iter().chain(&self.unseen).chain(&self.seen);
        let numbers = |i: usize| i * self.size.images..(i + 1) * self.size.images;
        prompts.enumerate().map(|(i, prompt)| Job { prompt: prompt.clone(), numbers: numbers(i) }).collect()
    }

    /// The prompt of each picture.
    pub fn prompts(&self) -> Result<Vec<Prompt>> {
        let of = |job: Job| Ok(std::iter::repeat_n(self.world.prompt(&job.prompt)?, self.size.images));
        Ok(self.jobs().into_iter().map(of).collect::<Result<Vec<_>>>()?.into_iter().flatten().collect())
    }

    pub fn plane_seeds(&self) -> Vec<u64> {
        (1..=self.size.plane.1).collect()
    }

    /// All runs of a scheme; none of pictures where it has no exact counterpart.
    pub fn tasks<'a>(&'a self, kind: Kind, experiment: &'a Experiment, marks: &Value) -> Vec<Task<'a>> {
        let mut tasks = Vec::new();
        if let Ok(scheme) = self.scheme(kind, experiment) {
            let mut networks = json!({});
            for name in scheme.models().into_iter().map(|name| name.model).filter(|model| model != EXACT) {
                networks[&name] = marks[&name].clone();
            }
            let prompts: Vec<String> = self.jobs().into_iter().map(|job| job.prompt).collect();
            for seed in 0..self.size.noises {
                let configuration = json!({ "version": VERSION, "scheme": scheme, "exact": kind == Kind::Exact,
                    "networks": networks, "prompts": prompts, "images": self.size.images, "seed": seed });
                let what = What::Pictures(Box::new(scheme.clone()), seed);
                tasks.push(Task { kind, experiment, what, configuration });
            }
        }
        let point = Point::single(&on_plane(&experiment.scheme));
        let point = if kind == Kind::Exact { point.exact() } else { point };
        let (particles, exact) = (self.size.plane.0, kind == Kind::Exact);
        let configuration =
            study::Row::configuration(&Distribution::PAPER, &point, particles, &self.plane_seeds(), exact);
        tasks.push(Task { kind, experiment, what: What::Plane(Box::new(point)), configuration });
        tasks
    }

    pub fn scheme(&self, kind: Kind, experiment: &Experiment) -> Result<Scheme> {
        match kind {
            Kind::Networks => Ok(experiment.scheme.clone()),
            Kind::Exact => experiment.scheme.exact(),
        }
    }

    /// What is seen in pictures of all prompts; nothing if it was stopped.
    pub fn look(
        &self,
        scheme: &Scheme,
        seed: u64,
        models: &Models,
        evaluator: &Evaluator,
        threads: usize,
        watch: &Watch,
    ) -> std::result::Result<Option<Value>, Failure> {
        let go_on = || watch.go_on(evaluations(scheme));
        let Some(pictures) = draw(scheme, &self.jobs(), seed, models, threads, &go_on)? else { return Ok(None) };
        let samples: Vec<&[f32]> = pictures.chunks_exact(NUMBERS).collect();
        let readings: Vec<Option<Reading>> = match evaluator.scores(&samples, &self.prompts()?, threads) {
            Ok(scores) => scores.readings,
            Err(Error::Diverged { .. }) => vec![None; samples.len()],
            Err(e) => return Err(e.into()),
        };
        Ok(Some(json!(Seen::new(&readings, &self.world))))
    }

    /// All that rows say of one kind of models.
    pub fn set<'a>(
        &'a self,
        kind: Kind,
        tasks: &[Task<'a>],
        log: &Log,
        evaluator: &Evaluator,
    ) -> std::result::Result<Set<'a>, Failure> {
        let prompts = self.prompts()?;
        let (mut rows, mut refused, mut plane) = (Vec::new(), Vec::new(), BTreeMap::new());
        for experiment in &self.experiments {
            if let Err(reason) = self.scheme(kind, experiment) {
                refused.push((experiment, reason.to_string()));
            }
            let mut noises = Vec::new();
            for task in tasks.iter().filter(|task| task.kind == kind && task.experiment.id == experiment.id) {
                let row = log.row(&task.configuration).expect("all runs are done");
                match task.what {
                    What::Pictures(..) => {
                        let seen: Seen = serde_json::from_value(row["results"].clone()).map_err(|e| e.to_string())?;
                        noises.push(seen.readings(&self.world, prompts.len())?);
                    }
                    What::Plane(_) => plane.extend(on_the_plane(row).map(|values| (experiment.id.clone(), values))),
                }
            }
            if noises.is_empty() {
                continue;
            }
            match self.judged(experiment, &noises, &prompts, evaluator) {
                Ok(row) => rows.push(row),
                Err(reason) => refused.push((experiment, reason.to_string())),
            }
        }
        let runs: Vec<(String, &[Scores])> =
            rows.iter().map(|row| (row.experiment.id.clone(), &row.concepts[..])).collect();
        let evidence = Evidence::new(&runs, plane)?;
        let findings = claims().iter().map(|claim| claim.test(&evidence)).collect();
        Ok(Set { kind, rows, refused, evidence, findings })
    }

    fn judged<'a>(
        &self,
        experiment: &'a Experiment,
        noises: &[Vec<Option<Reading>>],
        prompts: &[Prompt],
        evaluator: &Evaluator,
    ) -> Result<Row<'a>> {
        let images = self.size.images;
        let ends = [0, self.concepts.len(), self.concepts.len() + self.unseen.len(), prompts.len() / images];
        let part = |i: usize| -> Result<Vec<Scores>> {
            let range = ends[i] * images..ends[i + 1] * images;
            noises.iter().map(|all| evaluator.scores_of(all[range.clone()].to_vec(), &prompts[range.clone()])).collect()
        };
        Ok(Row { experiment, concepts: part(0)?, unseen: part(1)?, seen: part(2)? })
    }
}

/// The plane's metrics in a row, means over seeds; nothing of a run that was refused.
fn on_the_plane(row: &Value) -> Option<[f64; study::METRICS.len()]> {
    let value = |metric: &Metric| row["results"][metric.id]["value"].as_f64();
    let all: Vec<f64> = study::METRICS.iter().map(value).collect::<Option<_>>()?;
    all.try_into().ok()
}
