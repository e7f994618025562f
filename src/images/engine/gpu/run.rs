//! One scheme and one prompt: pictures through its steps, on the device.

use super::evaluation::Evaluation;
use super::shader::{THREADS, TILE, take_step};
use super::steps::{StageOfStep, sums};
use crate::error::{Error, Result};
use crate::gpu::{Gpu, Submission};
use crate::images::engine::models::{AtLevel, Model};
use crate::images::engine::sampler::{Sampler, Stage};
use crate::images::network::{Level, NetworkLanes, PATCH, WIDE, place};
use crate::images::{Finish, NUMBERS, Scheme};
use crate::plan::{Plan, Row};
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
    plan: Plan,
    /// Share of the guide's own answer in what it says at sigma.
    share: f64,
    numbers: Range<usize>,
    x: wgpu::Buffer,
    /// The guided estimates of the last step's first stage.
    estimate: wgpu::Buffer,
    main: Evaluation,
    guide: Asked,
    stage: wgpu::Buffer,
    take_step: wgpu::ComputePipeline,
    binding: wgpu::BindGroup,
    under_way: RefCell<VecDeque<Submission>>,
    done: Cell<usize>,
}

/// How the guide is asked.
enum Asked {
    Nobody,
    /// As the main network's second condition.
    Beside,
    Alone(Box<Evaluation>),
}

/// Whether a scheme can be run on a device: what it can, the processor's engine can as well, but not the reverse.
///
/// # Errors
/// [`Error::Invalid`] naming what of the scheme it is.
pub fn expect_supported(sampler: &Sampler<'_>) -> Result<()> {
    let Scheme { bands, negatives, finish, cads, .. } = &sampler.scheme;
    let models = [Some(&sampler.main), sampler.guide.as_ref()].into_iter().flatten();
    let refused = [
        (models.clone().any(|model| matches!(model, Model::Exact(_))), "the exact model"),
        (!sampler.rule.linear, "a combination that needs lengths of whole pictures"),
        (bands.is_some(), "bands"),
        (!negatives.is_empty(), "negative prompts"),
        (*finish != Finish::None, "a finish"),
        (cads.is_some(), "CADS"),
        (stochastic(&sampler.plan), "a solver that adds noise"),
    ];
    match refused.into_iter().find(|(there, _)| *there) {
        Some((_, what)) => {
            let expected =
                "of networks, with a linear combination and no noise on the way: the processor runs all others";
            Err(Error::invalid("A scheme of pictures on a graphics processor", expected, what))
        }
        None => Ok(()),
    }
}

fn stochastic(plan: &Plan) -> bool {
    plan.steps.iter().any(|row| row.step.kick != 0.0 || row.step.spread != 0.0)
}

impl Run {
    /// Pictures of these numbers at their beginning, the same noise as on the processor.
    ///
    /// # Errors
    /// If the scheme is one that devices do not run ([`expect_supported`]), or the device refuses.
    pub async fn new(gpu: &Rc<Gpu>, sampler: &Sampler<'_>, numbers: Range<usize>) -> Result<Self> {
        expect_supported(sampler)?;
        let plan = sampler.plan.clone();
        let (main, guide) = (network(&sampler.main), sampler.guide.as_ref().filter(|_| plan.guided).map(network));
        let beside = guide.is_some_and(|guide| std::ptr::eq(guide, main));
        let tiles = numbers.len().div_ceil(TILE).max(1);
        let starts = to_device(&sampler.begin(numbers.clone()).pictures(), tiles);
        let bytes = size_of_val(&starts[..]);
        let made = gpu.fitting(|| {
            let [x, estimate] = ["x", "estimate"].map(|label| gpu.storage(label, bytes));
            (
                x,
                estimate,
                gpu.storage("point", bytes / (WIDE * WIDE) * PADDED),
                gpu.uniform("stage", size_of::<StageOfStep>()),
            )
        });
        let (x, estimate, point, stage) = made.await?;
        for to in [&x, &estimate] {
            gpu.queue.write_buffer(to, 0, bytemuck::cast_slice(&starts));
        }
        gpu.queue.write_buffer(&point, 0, bytemuck::cast_slice(&padded(&starts)));

        let stages: Vec<&Stage> = (0..plan.stages.len()).map(|index| sampler.stage(index)).collect();
        let mut levels: Vec<Vec<&Level>> = stages.iter().map(|stage| vec![level(&stage.main)]).collect();
        let of_guide = || stages.iter().map(|stage| level(stage.guide.as_ref().expect("there is a guide")));
        if beside {
            levels.iter_mut().zip(of_guide()).for_each(|(levels, level)| levels.push(level));
        }
        let main = Evaluation::new(gpu, main.network(), &levels, tiles, &point).await?;
        let guide = match guide {
            None => Asked::Nobody,
            Some(_) if beside => Asked::Beside,
            Some(guide) => {
                let levels: Vec<Vec<&Level>> = of_guide().map(|level| vec![level]).collect();
                Asked::Alone(Box::new(Evaluation::new(gpu, guide.network(), &levels, tiles, &point).await?))
            }
        };
        let take_step = gpu.pipeline("take_step", take_step()).await?;
        let of_guide = if let Asked::Alone(guide) = &guide { &guide.estimate } else { &main.estimate };
        let buffers = [&stage, &x, &point, &estimate, &main.estimate, of_guide];
        let binding = gpu.fitting(|| gpu.bind(&take_step, 0, &buffers)).await?;
        let k = plan.sigma_scale;
        Ok(Self {
            gpu: Rc::clone(gpu),
            share: sampler.scheme.guidance.space.factor(k) / (k * k),
            plan,
            numbers,
            x,
            estimate,
            main,
            guide,
            stage,
            take_step,
            binding,
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
        self.plan.steps.len()
    }

    /// Steps that are done, or that the device has in hand: whatever is asked of it next comes after.
    pub fn steps_done(&self) -> usize {
        self.done.get()
    }

    /// Dispatches of a step.
    pub fn dispatches(&self, step: usize) -> usize {
        let row = &self.plan.steps[step];
        let alone = |stage| match &self.guide {
            Asked::Alone(guide) if self.plan.asks_guide(row, stage) => guide.dispatches(),
            _ => 0,
        };
        (0..row.stages()).map(|stage| self.main.dispatches() + alone(stage) + 1).sum()
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

    fn submit(&self, step: usize) -> Submission {
        let row = &self.plan.steps[step];
        let stages = (0..row.stages()).map(|stage| self.submit_stage(row, stage));
        stages.last().expect("a step has a stage")
    }

    fn submit_stage(&self, row: &Row, stage: usize) -> Submission {
        let Self { gpu, plan, main, guide, .. } = self;
        let asked = plan.asks_guide(row, stage);
        let weight = if asked { row.weights[stage] } else { 1.0 };
        let [x, point, estimate] = sums(plan, row, stage, weight, self.share).map(|sum| sum.map(|n| n as f32));
        let beside = matches!(guide, Asked::Beside);
        // The second half of what the main network makes.
        let first = if beside { self.main.estimate.size() as u32 / 8 } else { 0 };
        let uniform = StageOfStep { x, point, estimate, guide: first, align: [0; 3] };
        gpu.queue.write_buffer(&self.stage, 0, bytemuck::bytes_of(&uniform));
        let mut encoder = gpu.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        {
            let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor::default());
            let level = row.stages[stage];
            main.encode(gpu, &mut pass, level, 1 + usize::from(asked && beside));
            if let Asked::Alone(guide) = guide
                && asked
            {
                guide.encode(gpu, &mut pass, level, 1);
            }
            pass.set_pipeline(&self.take_step);
            pass.set_bind_group(0, &self.binding, &[]);
            let tiles = self.numbers.len().div_ceil(TILE).max(1);
            pass.dispatch_workgroups((NUMBERS * TILE / THREADS) as u32, tiles as u32, 1);
        }
        gpu.submission(gpu.queue.submit([encoder.finish()]))
    }
}

/// The network of a model that is none but one.
fn network<'a>(model: &Model<'a>) -> &'a NetworkLanes {
    match model {
        Model::Network(network, _) => network,
        Model::Exact(_) => unreachable!("exact models are refused"),
    }
}

fn level(at: &AtLevel) -> &Level {
    match at {
        AtLevel::Network(level) => level,
        AtLevel::Exact(_) => unreachable!("exact models are refused"),
    }
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
