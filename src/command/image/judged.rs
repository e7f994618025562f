//! Pictures of several prompts, drawn by a scheme and judged together.

use super::Options;
use super::moving::sample;
use crate::Result;
use crate::command::Failure;
use crate::gpu::Gpu;
use crate::images::engine::{Models, RunConfig, Sampler};
use crate::images::metrics::{Evaluator, Scores};
use crate::images::network::TILE_PICTURES;
use crate::images::study::{Job, draw};
use crate::images::{NUMBERS, Prompt, Scheme, Subject, World};
use std::rc::Rc;
use std::sync::Arc;

/// Draws and judges.
pub struct Judged<'a> {
    world: &'a World,
    evaluator: Evaluator,
    images: usize,
    threads: usize,
    gpu: Option<Rc<Gpu>>,
}

impl<'a> Judged<'a> {
    /// As many pictures of each prompt as is asked for.
    ///
    /// # Errors
    /// If there is no engine of the kind that is asked for.
    pub fn new(world: &'a World, options: &Options) -> std::result::Result<Self, Failure> {
        let (images, threads, gpu) = (options.images(), options.threads(), options.engine.open()?);
        Ok(Self { evaluator: Evaluator::new(Arc::new(world.clone())), world, images, threads, gpu })
    }

    /// Pictures of these prompts, in parts that are drawn one by one. Each prompt has noise of its own, the same for every scheme.
    fn parts(&self, prompts: &[String]) -> Vec<Job> {
        let together = if self.gpu.is_some() { self.images } else { TILE_PICTURES };
        let parts = |(i, prompt): (usize, &String)| {
            let (prompt, all) = (prompt.clone(), i * self.images..(i + 1) * self.images);
            all.clone()
                .step_by(together)
                .map(move |first| Job { prompt: prompt.clone(), numbers: first..all.end.min(first + together) })
        };
        prompts.iter().enumerate().flat_map(parts).collect()
    }

    /// How many parts there are.
    pub fn count(&self, prompts: &[String]) -> usize {
        self.parts(prompts).len()
    }

    /// The scores of a scheme. Before each part `go_on` is asked, and there are none where it says no.
    ///
    /// # Errors
    /// If the scheme cannot be run, a prompt is none, or all pictures are lost.
    pub fn scores(
        &self,
        scheme: &Scheme,
        prompts: &[String],
        seed: u64,
        models: &Models,
        go_on: &(dyn Fn() -> bool + Sync),
    ) -> Result<Option<Scores>> {
        let jobs = self.parts(prompts);
        let pictures = match &self.gpu {
            None => draw(scheme, &jobs, seed, models, self.threads, go_on)?,
            Some(gpu) => self.draw_by(gpu, scheme, &jobs, seed, models, go_on)?,
        };
        let Some(pictures) = pictures else { return Ok(None) };
        let mut asked: Vec<Prompt> = Vec::new();
        for prompt in prompts {
            asked.extend(std::iter::repeat_n(self.world.prompt(prompt)?, self.images));
        }
        let samples: Vec<&[f32]> = pictures.chunks_exact(NUMBERS).collect();
        self.evaluator.scores(&samples, &asked, self.threads).map(Some)
    }

    /// The same as [`draw`], by a graphics processor.
    fn draw_by(
        &self,
        gpu: &Rc<Gpu>,
        scheme: &Scheme,
        jobs: &[Job],
        seed: u64,
        models: &Models,
        go_on: &dyn Fn() -> bool,
    ) -> Result<Option<Vec<f32>>> {
        let mut pictures = Vec::new();
        for Job { prompt, numbers } in jobs {
            if !go_on() {
                return Ok(None);
            }
            let run = RunConfig { scheme: scheme.clone(), prompt: prompt.clone(), seed };
            pictures.extend(sample(gpu, &Sampler::new(&run, models)?, numbers.clone())?);
        }
        Ok(Some(pictures))
    }
}

/// Those that are asked for, or every concept.
pub fn prompts(world: &World, asked: &[String]) -> Vec<String> {
    match asked {
        [] => (0..world.concepts().len()).map(|concept| world.name(Subject::Concept(concept))).collect(),
        some => some.to_vec(),
    }
}
