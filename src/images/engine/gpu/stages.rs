//! What becomes of a stage's estimates: kernels in the order in which they run.

use super::shader::{MOST, THREADS, TILE};
use super::steps::Steps;
use crate::error::Result;
use crate::gpu::Gpu;
use crate::guidance::rule::{Carries, Traits};
use crate::images::network::{PATCH, WIDE};
use crate::images::rules::LOW;
use crate::images::world::SCALE;
use crate::images::{Finish, NUMBERS, Scheme};
use crate::plan::Plan;

/// What a kernel reads and writes beside the stage.
const OF_BASIS: [&str; 4] = ["point", "estimates", "memory", "mixed"];

/// Kernels of a run's stages, and what they bind.
pub(super) struct Stages {
    kernels: Vec<Dispatch>,
}

/// In which stages a kernel runs.
#[derive(Clone, Copy)]
enum When {
    Mixed,
    Banded,
    Finished,
    Always,
}

struct Kernel {
    when: When,
    entry: &'static str,
    /// What stands between the declarations and the kernel's own text.
    text: String,
    /// What it binds behind the stage, in order.
    names: Vec<&'static str>,
    /// Whether a workgroup is a tile, and not so many numbers.
    tiles: bool,
}

struct Dispatch {
    when: When,
    pipeline: wgpu::ComputePipeline,
    binding: wgpu::BindGroup,
    workgroups: u32,
}

impl Stages {
    /// Kernels of a scheme, on buffers by their names; what they need for themselves is made here, for so many tiles.
    ///
    /// # Errors
    /// If the device refuses, or has too little memory.
    pub async fn new(
        gpu: &Gpu,
        steps: &Steps,
        scheme: &Scheme,
        tiles: usize,
        mut buffers: Vec<(&'static str, &wgpu::Buffer)>,
    ) -> Result<Self> {
        let (banded, threshold) = (scheme.bands.is_some(), matches!(scheme.finish, Finish::Threshold { .. }));
        let numbers = tiles * NUMBERS * TILE * size_of::<f32>();
        let made = gpu.fitting(|| {
            let as_large = |label, needed: bool| gpu.storage(label, if needed { numbers } else { 0 });
            let low: Vec<f32> = LOW.iter().flatten().map(|weight| *weight as f32).collect();
            [
                ("mixed", gpu.storage("mixed", tiles * TILE * 3 * size_of::<[f32; 4]>())),
                ("banded", as_large("banded", banded)),
                ("columns", as_large("columns", banded)),
                ("sizes", as_large("sizes", threshold)),
                ("low", gpu.table("low", &low)),
            ]
        });
        let made = made.await?;
        buffers.extend(made.iter().map(|(name, buffer)| (*name, buffer)));
        let named = |name: &str| buffers.iter().find(|(other, _)| *other == name).expect("it is there").1;
        let all = (0..steps.plan.rows.len()).flat_map(|row| [(row, 0), (row, 1)]);
        let mut kernels = Vec::new();
        for Kernel { when, entry, text, names, tiles } in texts(&steps.plan, scheme) {
            if !all.clone().any(|(row, stage)| when.holds(steps, row, stage)) {
                continue;
            }
            let pipeline = gpu.pipeline(entry, text).await?;
            let bound: Vec<&wgpu::Buffer> = ["stage"].into_iter().chain(names).map(named).collect();
            let binding = gpu.fitting(|| gpu.bind(&pipeline, 0, &bound)).await?;
            let workgroups = if tiles { 1 } else { (NUMBERS * TILE / THREADS) as u32 };
            kernels.push(Dispatch { when, pipeline, binding, workgroups });
        }
        Ok(Self { kernels })
    }

    /// Dispatches of a stage of a row.
    pub fn dispatches(&self, steps: &Steps, row: usize, stage: usize) -> usize {
        self.of(steps, row, stage).count()
    }

    /// Run those of a stage of a row, in the next work that is submitted.
    pub fn encode(&self, steps: &Steps, row: usize, stage: usize, tiles: usize, pass: &mut wgpu::ComputePass<'_>) {
        for Dispatch { pipeline, binding, workgroups, .. } in self.of(steps, row, stage) {
            pass.set_pipeline(pipeline);
            pass.set_bind_group(0, binding, &[]);
            pass.dispatch_workgroups(*workgroups, tiles as u32, 1);
        }
    }

    fn of(&self, steps: &Steps, row: usize, stage: usize) -> impl Iterator<Item = &Dispatch> {
        self.kernels.iter().filter(move |kernel| kernel.when.holds(steps, row, stage))
    }
}

impl When {
    fn holds(self, steps: &Steps, row: usize, stage: usize) -> bool {
        let there = stage < steps.row(row).stages();
        there
            && match self {
                Self::Mixed => steps.mixes(row, stage),
                Self::Banded => steps.pushes(row, stage),
                Self::Finished => steps.finishes(row, stage),
                Self::Always => true,
            }
    }
}

/// All that a scheme may need.
fn texts(plan: &Plan, scheme: &Scheme) -> Vec<Kernel> {
    let rule = &plan.rule;
    let kernel = |when, entry, names: &[&'static str], tiles, text: String| {
        let text = declared(names) + &prelude(rule, scheme) + &text;
        Kernel { when, entry, text, names: names.to_vec(), tiles }
    };
    let with = |more: &[&'static str]| [&OF_BASIS[..], more].concat();
    let of_stage = |text: &str| [include_str!("shaders/basis.wgsl"), text].concat();
    let banded = scheme.bands.is_some();
    let led = |text: &str| {
        let added = if banded { "select(0.0, banded[at], stage.pushed != 0u)" } else { "dot(push, b)" };
        let added = format!("\nfn added(at: u32, b: vec4f, push: vec4f) -> f32 {{\n    return {added};\n}}\n");
        of_stage(&[include_str!("shaders/led.wgsl"), &added, text].concat())
    };
    let of_led = if banded { with(&["banded"]) } else { with(&[]) };
    let and = |more: &[&'static str]| [&of_led[..], more].concat();
    // The rule's name is one of those of mix.wgsl.
    let rules = plan.rules();
    let rule = format!("const COMBINATION = {};\n{rules}{}", rule.twin, include_str!("shaders/mix_pictures.wgsl"));
    let mut all = vec![kernel(When::Mixed, "mix_pictures", &OF_BASIS, true, of_stage(&rule))];
    if banded {
        let push = of_stage(include_str!("shaders/push_pictures.wgsl"));
        all.push(kernel(When::Banded, "push_pictures", &with(&["banded"]), false, push));
        for rows in [false, true] {
            let text = format!("const ROWS = {rows};\n{}", include_str!("shaders/low_band.wgsl"));
            all.push(kernel(When::Banded, "low_band", &["banded", "columns", "low"], false, text));
        }
    }
    match scheme.finish {
        Finish::None => {}
        Finish::Rescale { .. } => {
            let text = led(include_str!("shaders/rescale_pictures.wgsl"));
            all.push(kernel(When::Finished, "rescale_pictures", &of_led, true, text));
        }
        Finish::Threshold { .. } => {
            let text = led(include_str!("shaders/threshold_pictures.wgsl"));
            all.push(kernel(When::Finished, "threshold_pictures", &and(&["sizes"]), true, text));
        }
    }
    let step = led(include_str!("shaders/take_step.wgsl"));
    all.push(kernel(When::Always, "take_step", &and(&["x", "estimate", "noise"]), false, step));
    all
}

/// Declarations of the stage and of buffers in the order in which they are bound.
fn declared(names: &[&'static str]) -> String {
    let of = |(name, binding): (&&str, usize)| {
        let access = if matches!(*name, "estimates" | "noise" | "low") { "read" } else { "read_write" };
        let numbers = if *name == "mixed" { "vec4f" } else { "f32" };
        format!("@group(0) @binding({binding}) var<storage, {access}> {name}: array<{numbers}>;\n")
    };
    let all: String = names.iter().zip(1..).map(of).collect();
    format!("{}@group(0) @binding(0) var<uniform> stage: Stage;\n{all}", include_str!("shaders/stage.wgsl"))
}

fn prelude(rule: &Traits, scheme: &Scheme) -> String {
    format!(
        "const THREADS = {THREADS}u;\nconst PARTS = {}u;\nconst TILE = {TILE}u;\nconst SIDE = {WIDE}u;\n\
         const NUMBERS = {}u;\nconst SCALE = f32({SCALE});\nconst REMEMBERS = {};\nconst THRESHOLD = {};\n",
        MOST / TILE,
        PATCH * WIDE * WIDE * TILE,
        rule.carries == Carries::Vector,
        matches!(scheme.finish, Finish::Threshold { .. }),
    )
}
