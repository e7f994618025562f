//! One scheme and one prompt: pictures through its steps, on the device.

use super::evaluation::{Evaluation, Told};
use super::shader::TILE;
use super::stages::Stages;
use super::steps::{MOST_NEGATIVES, StageOfStep, Steps};
use crate::error::{Error, Result};
use crate::gpu::{Gpu, Submission};
use crate::guidance::rule::Carries;
use crate::images::engine::models::{AtLevel, Model};
use crate::images::engine::sampler::{Sampler, Stage};
use crate::images::network::{NetworkLanes, PATCH, TILE_PICTURES, WIDE, place};
use crate::images::{NUMBERS, normals};
use crate::random::Stream;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::ops::Range;
use std::rc::Rc;

/// Steps that the device has in hand.
const AHEAD: usize = 2;
/// Numbers of a channel with zeros around.
const PADDED: usize = (WIDE + 2) * (WIDE + 2);

/// Pictures on their way.
pub struct Run {
    gpu: Rc<Gpu>,
    steps: Steps,
    seed: u64,
    numbers: Range<usize>,
    x: wgpu::Buffer,
    /// The guided estimates of the last step's first stage.
    estimate: wgpu::Buffer,
    main: Evaluation,
    guide: Asked,
    stage: wgpu::Buffer,
    /// Of the step that is taken, where there is any.
    noise: wgpu::Buffer,
    stages: Stages,
    under_way: RefCell<VecDeque<Submission>>,
    done: Cell<usize>,
}

/// How the guide is asked.
enum Asked {
    Nobody,
    /// As the main network's second condition; behind it stand negative prompts.
    Beside,
    Alone(Box<Evaluation>),
}

/// Whether a scheme can be run on a device: what it can, the processor's engine can as well, but not the reverse.
///
/// # Errors
/// [`Error::Invalid`] naming what of the scheme it is.
pub fn expect_supported(sampler: &Sampler) -> Result<()> {
    let mut models = [Some(&sampler.main), sampler.guide.as_ref()].into_iter().flatten();
    let refused = [
        (models.any(|model| matches!(model, Model::Exact(_))), "the exact model"),
        (
            !matches!(sampler.rule.carries, Carries::Nothing | Carries::Vector),
            "a combination that goes by evidence or remembers a number",
        ),
        (sampler.negatives.len() > MOST_NEGATIVES, "more than eight negative prompts"),
        (sampler.plan.rows.iter().any(|row| row.step.kick != 0.0), "a solver that adds noise before its steps"),
    ];
    match refused.into_iter().find(|(there, _)| *there) {
        Some((_, what)) => {
            let expected = "one that it runs, of networks: the processor runs all";
            Err(Error::invalid("A scheme of pictures on a graphics processor", expected, what))
        }
        None => Ok(()),
    }
}

impl Run {
    /// Pictures of these numbers at their beginning, the same noise as on the processor.
    ///
    /// # Errors
    /// If the scheme is one that devices do not run ([`expect_supported`]), or the device refuses.
    pub async fn new(gpu: &Rc<Gpu>, sampler: &Sampler, numbers: Range<usize>) -> Result<Self> {
        expect_supported(sampler)?;
        let plan = &sampler.plan;
        let steps = Steps::new(plan.clone(), sampler.scheme.clone(), sampler.data, sampler.negative_weights.clone());
        let (main, guide) = (network(&sampler.main), sampler.guide.as_ref().filter(|_| steps.guided).map(network));
        let beside = guide.is_some_and(|guide| std::ptr::eq(guide, main));
        let tiles = numbers.len().div_ceil(TILE).max(1);
        let starts = to_device(&sampler.begin(numbers.clone()).pictures(), tiles);
        let bytes = size_of_val(&starts[..]);
        let conditions = 1 + usize::from(guide.is_some()) + sampler.negatives.len();
        let noisy = plan.rows.iter().any(|row| row.step.spread != 0.0);
        let made = gpu.fitting(|| {
            let as_large = |label, needed: bool| gpu.storage(label, if needed { bytes } else { 0 });
            let [x, estimate] = ["x", "estimate"].map(|label| as_large(label, true));
            let [noise, memory] = [("noise", noisy), ("memory", steps.remembers())].map(|(l, n)| as_large(l, n));
            let point = gpu.storage("point", bytes / (WIDE * WIDE) * PADDED);
            (x, estimate, noise, memory, point, gpu.storage("estimates", conditions * bytes))
        });
        let (x, estimate, noise, memory, point, estimates) = made.await?;
        let stage = gpu.uniform("stage", size_of::<StageOfStep>());
        for to in [&x, &estimate] {
            gpu.queue.write_buffer(to, 0, bytemuck::cast_slice(&starts));
        }
        gpu.queue.write_buffer(&point, 0, bytemuck::cast_slice(&padded(&starts)));

        let each = sampler.scheme.cads.is_some();
        let own = if each { numbers.len() } else { 1 };
        let firsts: Vec<usize> = (0..own).step_by(TILE_PICTURES).map(|i| numbers.start + i).collect();
        let annealed = |(row, index)| firsts.iter().map(move |first| sampler.annealed(*first, row, index)).collect();
        let annealed: Vec<Vec<Option<Stage>>> = steps.levels().into_iter().map(annealed).collect();
        // Of each level those of the processor's tiles.
        let stages: Vec<Vec<&Stage>> = (steps.levels().into_iter().zip(&annealed))
            .map(|((_, index), tiles)| {
                tiles.iter().map(|stage| stage.as_ref().unwrap_or_else(|| sampler.stage(index))).collect()
            })
            .collect();
        let mut levels: Vec<Vec<Told<'_>>> = Vec::new();
        for stages in &stages {
            let mut conditions = vec![told(stages, |stage| &stage.main)];
            if beside {
                conditions.push(told(stages, of_guide));
            }
            conditions.extend((0..sampler.negatives.len()).map(|i| told(stages, |stage| &stage.negatives[i])));
            levels.push(conditions);
        }
        let main = Evaluation::new(gpu, main.network(), (&levels, each), tiles, &point, (&estimates, 0)).await?;
        let guide = match guide {
            None => Asked::Nobody,
            Some(_) if beside => Asked::Beside,
            Some(guide) => {
                let levels: Vec<_> = stages.iter().map(|stages| vec![told(stages, of_guide)]).collect();
                let last = (&estimates, (conditions - 1) * starts.len());
                let guide = Evaluation::new(gpu, guide.network(), (&levels, each), tiles, &point, last).await?;
                Asked::Alone(Box::new(guide))
            }
        };
        let buffers = vec![
            ("stage", &stage),
            ("point", &point),
            ("estimates", &estimates),
            ("memory", &memory),
            ("x", &x),
            ("estimate", &estimate),
            ("noise", &noise),
        ];
        let stages = Stages::new(gpu, &steps, &sampler.scheme, tiles, buffers).await?;
        Ok(Self {
            gpu: Rc::clone(gpu),
            steps,
            seed: sampler.seed,
            numbers,
            x,
            estimate,
            main,
            guide,
            stage,
            noise,
            stages,
            under_way: RefCell::default(),
            done: Cell::default(),
        })
    }

    /// Numbers of its pictures.
    pub fn numbers(&self) -> Range<usize> {
        self.numbers.clone()
    }

    /// Steps in all.
    pub fn steps(&self) -> usize {
        self.steps.plan.steps()
    }

    /// Steps that are done, or that the device has in hand: whatever is asked of it next comes after.
    pub fn steps_done(&self) -> usize {
        self.done.get()
    }

    /// Dispatches of a step.
    pub fn dispatches(&self, step: usize) -> usize {
        let of_stage = |(row, stage)| {
            let alone = match &self.guide {
                Asked::Alone(guide) if self.steps.asks_guide(row, stage) => guide.dispatches(),
                _ => 0,
            };
            self.main.dispatches() + alone + self.stages.dispatches(&self.steps, row, stage)
        };
        self.stages_of(step).map(of_stage).sum()
    }

    /// Begin the next step, and wait for the one before it, so that the device is never idle. False if nothing was left, and then all
    /// is done.
    ///
    /// # Errors
    /// If the device was lost.
    pub async fn advance(&self) -> Result<bool> {
        let step = self.done.get();
        let left = step < self.steps();
        if left {
            self.under_way.borrow_mut().push_back(self.submit(step));
            self.done.set(step + 1);
        }
        let in_hand = if left { AHEAD - 1 } else { 0 };
        while self.under_way.borrow().len() > in_hand {
            let first = self.under_way.borrow_mut().pop_front().expect("there is one");
            self.gpu.finished(first).await?;
        }
        Ok(left)
    }

    /// Where pictures are after the steps that are done: [`NUMBERS`] each.
    ///
    /// # Errors
    /// If the device was lost.
    pub async fn pictures(&self) -> Result<Vec<f32>> {
        self.read(&self.x).await
    }

    /// The guided estimates of the last step, of what they will be: [`NUMBERS`] each; at the beginning the noise.
    ///
    /// # Errors
    /// If the device was lost.
    pub async fn estimates(&self) -> Result<Vec<f32>> {
        self.read(&self.estimate).await
    }

    async fn read(&self, buffer: &wgpu::Buffer) -> Result<Vec<f32>> {
        let numbers = self.gpu.read(&[(buffer, 0, buffer.size())]).await?;
        Ok(from_device(&numbers, self.numbers.len()))
    }

    /// Rows of a step, with each of their stages.
    fn stages_of(&self, step: usize) -> impl Iterator<Item = (usize, usize)> {
        let rows = self.steps.plan.rows_of(step..step + 1);
        rows.flat_map(|row| (0..self.steps.row(row).stages()).map(move |stage| (row, stage)))
    }

    fn submit(&self, step: usize) -> Submission {
        let stages = self.stages_of(step).map(|(row, stage)| {
            if stage == 0 && self.steps.row(row).step.spread != 0.0 {
                let noise = |number| normals(self.seed, Stream::Noise, number, row + 1).map(|n| n as f32);
                let noise: Vec<f32> = self.numbers.clone().flat_map(noise).collect();
                self.gpu.queue.write_buffer(&self.noise, 0, bytemuck::cast_slice(&to_device(&noise, self.tiles())));
            }
            self.submit_stage(row, stage)
        });
        stages.last().expect("a step has a stage")
    }

    fn tiles(&self) -> usize {
        self.numbers.len().div_ceil(TILE).max(1)
    }

    fn submit_stage(&self, row: usize, stage: usize) -> Submission {
        let Self { gpu, steps, main, guide, .. } = self;
        let (asked, beside) = (steps.asks_guide(row, stage), matches!(guide, Asked::Beside));
        let mut uniform = steps.stage(row, stage);
        uniform.condition = (self.tiles() * NUMBERS * TILE) as u32;
        let others = uniform.condition * steps.negatives() as u32;
        // As conditions of one network the guide is before negative prompts.
        (uniform.guide, uniform.negative) = match guide {
            Asked::Beside => (uniform.condition, 2 * uniform.condition),
            _ => (uniform.condition + others, uniform.condition),
        };
        let conditions = 1 + usize::from(asked && beside) + uniform.negatives as usize;
        gpu.queue.write_buffer(&self.stage, 0, bytemuck::bytes_of(&uniform));
        let mut encoder = gpu.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        {
            let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor::default());
            let level = steps.level(row, stage);
            main.encode(gpu, &mut pass, level, conditions);
            if let Asked::Alone(guide) = guide
                && asked
            {
                guide.encode(gpu, &mut pass, level, 1);
            }
            self.stages.encode(steps, row, stage, self.tiles(), &mut pass);
        }
        gpu.submission(gpu.queue.submit([encoder.finish()]))
    }
}

/// The network of a model that is none but one.
fn network(model: &Model) -> &NetworkLanes {
    match model {
        Model::Network(network, _) => network,
        Model::Exact(_) => unreachable!("exact models are refused"),
    }
}

fn of_guide(stage: &Stage) -> &AtLevel {
    stage.guide.as_ref().expect("there is a guide")
}

fn told<'a>(stages: &[&'a Stage], of: impl Fn(&'a Stage) -> &'a AtLevel) -> Told<'a> {
    let level = |stage: &&'a Stage| match of(stage) {
        AtLevel::Network(level) => &**level,
        AtLevel::Exact(_) => unreachable!("exact models are refused"),
    };
    stages.iter().map(level).collect()
}

/// Where number `i` of the device's order stands: picture, and number of it.
fn of_device(i: usize) -> (usize, usize) {
    let (lane, pixel, plane) = (i % TILE, i / TILE % (WIDE * WIDE), i / (TILE * WIDE * WIDE));
    (plane / PATCH * TILE + lane, place(plane % PATCH, pixel / WIDE, pixel % WIDE))
}

/// Pictures in the device's order, and zeros for those that whole tiles are short of.
fn to_device(pictures: &[f32], tiles: usize) -> Vec<f32> {
    let number = |i| {
        let (picture, number) = of_device(i);
        pictures.get(picture * NUMBERS + number).copied().unwrap_or(0.0)
    };
    (0..tiles * TILE * NUMBERS).map(number).collect()
}

fn from_device(numbers: &[f32], count: usize) -> Vec<f32> {
    let mut pictures = vec![0.0; count * NUMBERS];
    for (i, value) in numbers.iter().enumerate() {
        let (picture, number) = of_device(i);
        if picture < count {
            pictures[picture * NUMBERS + number] = *value;
        }
    }
    pictures
}

/// The same with zeros around each channel.
fn padded(numbers: &[f32]) -> Vec<f32> {
    let row = WIDE * TILE;
    let mut all = vec![0.0; numbers.len() / (WIDE * WIDE) * PADDED];
    for (from, to) in numbers.chunks_exact(WIDE * row).zip(all.chunks_exact_mut(PADDED * TILE)) {
        for (from, to) in from.chunks_exact(row).zip(to[(WIDE + 3) * TILE..].chunks_mut((WIDE + 2) * TILE)) {
            to[..row].copy_from_slice(from);
        }
    }
    all
}
