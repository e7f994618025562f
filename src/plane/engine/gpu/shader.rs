//! The text of every shader: plain files behind a prelude of sizes.
//!
//! Invariant: each size is written once, here, and reaches both the text and the Rust side.
//!
//! A kernel has the parts that its plan needs and no others: the prelude names the rule (mix.wgsl), and noise and
//! memory are put in or left out. Numbers of a scheme stand in tables, so that a slider compiles nothing. With all
//! parts and a guide a kernel binds eight storage buffers, which is WebGPU's default limit.
//!
//! Files hold `model_` names that become `main_` and `guide_`. In tests/native/gpu.rs naga validates every assembled
//! shader, its workgroup memory and its buffers, and its structs are compared with Rust's.

#[cfg(not(target_arch = "wasm32"))]
use crate::gpu::MIX;
use crate::guidance::rule::{Carries, Traits};
use crate::random::Stream;
use crate::random::quantile::{OCTAVE_BITS, QUANTILE_BITS};
use std::borrow::Cow;
use std::fmt::Write;

/// Invocations of a workgroup; WebGPU allows 256.
pub(crate) const THREADS: usize = 128;
/// Activations that a tile of a network's particles has at most, in f32: sixteen for each invocation. Half of the workgroup
/// memory that WebGPU grants.
const ACTIVATIONS: usize = 16 * THREADS;
/// The widest network that the kernel has an invocation for every four rows of.
pub(super) const WIDEST: usize = 4 * THREADS;

/// Texts that kernels of training are made of, too: they have `model_` names.
pub(crate) const TILE: &str = include_str!("shaders/tile.wgsl");
pub(crate) const MIXTURE: &str = include_str!("shaders/mixture.wgsl");
pub(crate) const PRODUCTS: &str = include_str!("shaders/products.wgsl");
pub(crate) const PHILOX: &str = include_str!("shaders/philox.wgsl");

/// What a kernel must know of a model to be compiled for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shape {
    /// A network of this padded width (a multiple of four, at most 512) and number of gated layers.
    Network {
        /// Padded width.
        hidden: usize,
        /// Layers with a gate.
        layers: usize,
        /// Whether each step has another of them.
        fresh: bool,
    },
    /// A mixture of any size.
    Mixture,
}

/// The models of one kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Shapes {
    /// The main model.
    pub main: Shape,
    /// The guide.
    pub guide: Option<Shape>,
}

impl Shapes {
    /// Particles of a tile: what fits the activations of the wider network; for mixtures, one for each invocation.
    pub fn tile(self) -> usize {
        let fitting = |widest| prev_power_of_two(ACTIVATIONS / widest).clamp(4, THREADS);
        self.hidden().max().map_or(THREADS, fitting)
    }

    fn hidden(self) -> impl Iterator<Item = usize> {
        [Some(self.main), self.guide].into_iter().flatten().filter_map(|shape| match shape {
            Shape::Network { hidden, .. } => Some(hidden),
            Shape::Mixture => None,
        })
    }

    /// The prelude, the tile, and both models.
    fn models(self, log_density: bool) -> String {
        let tile = self.tile();
        let scratch = self.hidden().map(|hidden| hidden * tile / 4).max().unwrap_or(0).max(THREADS);
        let mut text = format!(
            "const THREADS = {THREADS}u;\nconst PARTICLES = {tile}u;\nconst SCRATCH = {scratch}u;\n\
             const LOG_DENSITY = {log_density};\nconst GUIDED = {};\n",
            self.guide.is_some()
        );
        text += TILE;
        text += &model(self.main, "main", 1);
        text += &match self.guide {
            Some(guide) => model(guide, "guide", 2),
            None => include_str!("shaders/unguided.wgsl").to_owned(),
        };
        text
    }

    /// The kernel `evaluate_models`.
    pub fn evaluate_models(self) -> String {
        self.models(true) + include_str!("shaders/evaluate_models.wgsl")
    }
}

/// What the kernel `guided_step` is compiled for.
#[derive(Clone)]
pub(super) struct Kernel {
    pub shapes: Shapes,
    /// The rule's row.
    pub rule: Traits,
    /// Whether the solver adds noise.
    pub stochastic: bool,
    /// Whether particles carry something from step to step.
    pub remembers: bool,
    /// The text of the rules.
    pub rules: Cow<'static, str>,
}

impl Kernel {
    /// A name of its own.
    pub fn label(&self) -> String {
        let Self { shapes, rule: Traits { twin, carries, .. }, stochastic, remembers, .. } = self;
        format!("guided_step {twin}, carries {carries:?}, noise {stochastic}, memory {remembers}, {shapes:?}")
    }

    /// Its text.
    pub fn text(&self) -> String {
        let Self { shapes, rule: Traits { twin, carries, alone, always, .. }, stochastic, remembers, rules } = self;
        let mut text = shapes.models(false);
        let _ = write!(
            text,
            "const COMBINATION = {twin};\nconst ALONE = {alone};\nconst ALWAYS = {always};\n\
             const VECTOR = {};\nconst WEIGHTED = {};\nconst EVIDENCE = {};\nconst RATIO = {};\nconst NUMBER = {};\n\
             const STOCHASTIC = {stochastic};\nconst REMEMBERS = {remembers};\n",
            *carries == Carries::Vector,
            *carries == Carries::Weight,
            *carries == Carries::Evidence,
            *carries == Carries::Ratio,
            *carries == Carries::Number,
        );
        if *stochastic {
            text += &random(Stream::Noise);
            text += include_str!("shaders/noise.wgsl");
        } else {
            text += include_str!("shaders/noiseless.wgsl");
        }
        text += if *remembers { include_str!("shaders/memory.wgsl") } else { include_str!("shaders/memoryless.wgsl") };
        text + rules + include_str!("shaders/guided_step.wgsl")
    }
}

/// Draws from a stream.
fn random(stream: Stream) -> String {
    format!(
        "const STREAM = {}u;\nconst OCTAVE_BITS = {OCTAVE_BITS}u;\nconst QUANTILE_BITS = {QUANTILE_BITS}u;\n{PHILOX}{}",
        stream as u32,
        include_str!("shaders/quantile.wgsl")
    )
}

/// The kernel `place_starts`.
pub(super) fn place_starts() -> String {
    format!("const THREADS = {THREADS}u;\n") + &random(Stream::Start) + include_str!("shaders/place_starts.wgsl")
}

/// The kernel `multiply_add`.
pub(super) fn multiply_add() -> String {
    format!("const THREADS = {THREADS}u;\n") + include_str!("shaders/multiply_add.wgsl")
}

/// The kernel `mix_grams`.
#[cfg(not(target_arch = "wasm32"))]
pub(super) fn mix_grams(rule: &str, rules: &str) -> String {
    format!("const THREADS = {THREADS}u;\nconst COMBINATION = {rule};\n{rules}")
        + include_str!("shaders/mix_grams.wgsl")
}

/// The parts of a picture: points, paths, where the data is, and counts as colours.
pub(super) fn pictures() -> [(&'static str, String); 4] {
    let picture = include_str!("shaders/picture.wgsl");
    let particles = picture.to_owned() + include_str!("shaders/particles.wgsl");
    [
        ("draw_points", particles.clone() + include_str!("shaders/draw_points.wgsl")),
        ("draw_paths", particles + include_str!("shaders/draw_paths.wgsl")),
        ("draw_regions", picture.to_owned() + include_str!("shaders/draw_regions.wgsl")),
        ("tone_map", picture.to_owned() + include_str!("shaders/tone_map.wgsl")),
    ]
}

/// A model's functions and bindings under its own name.
fn model(shape: Shape, name: &str, group: usize) -> String {
    let mut text = String::new();
    let files = match shape {
        Shape::Mixture => [MIXTURE, include_str!("shaders/levels.wgsl")],
        Shape::Network { hidden, layers, fresh } => {
            let _ = write!(
                text,
                "const {name}_HIDDEN = {hidden}u;\nconst {name}_LAYERS = {layers}u;\nconst {name}_FRESH = {fresh};\n"
            );
            [PRODUCTS, include_str!("shaders/network.wgsl")]
        }
    };
    files.into_iter().fold(text, |text, file| text + &named(file, name, group))
}

/// A file's `model_` names under their own, bound as group `group`.
pub(crate) fn named(file: &str, name: &str, group: usize) -> String {
    file.replace("MODEL_GROUP", &group.to_string()).replace("model_", &format!("{name}_"))
}

fn prev_power_of_two(n: usize) -> usize {
    1 << n.max(1).ilog2()
}

/// Rules of one's own, one for each of what particles may carry for them.
#[cfg(not(target_arch = "wasm32"))]
fn own_rules() -> Vec<crate::guidance::Scheme> {
    ["D1 + w * (D1 - D0)", "m = m / 2 + D0; D1 + w * m", "memo = memo + u; s = s0 + log(memo) * s1"]
        .map(|text| {
            use crate::guidance::{Combination, Guide, Scheme};
            let combination = Combination::Own { text: text.to_owned(), values: Default::default(), name: None };
            Scheme { combination, guide: Some(Guide::default()), weight: 2.0, ..Scheme::default() }
        })
        .to_vec()
}

/// Every shader by its label, networks in all widths that differ in shape, and every rule of the catalogue: for validation.
#[cfg(not(target_arch = "wasm32"))]
pub fn all_shaders() -> Vec<(String, String)> {
    use crate::guidance::Scheme;
    use crate::plan::Plan;
    use crate::plane::catalogue::{presets, schemes};
    let network = |hidden| Shape::Network { hidden, layers: 4, fresh: false };
    let pairs = [
        (network(64), None),
        (network(64), Some(network(32))),
        (network(16), Some(network(128))),
        (network(20), Some(network(100))),
        (network(256), Some(Shape::Mixture)),
        (network(4), Some(network(4))),
        (network(64), Some(Shape::Network { hidden: 64, layers: 4, fresh: true })),
        (Shape::Mixture, None),
        (Shape::Mixture, Some(Shape::Mixture)),
    ];
    let mixtures = Shapes { main: Shape::Mixture, guide: Some(Shape::Mixture) };
    let unguided = Kernel::new(&Plan::new(&Scheme::default()).expect("no guidance"), mixtures);
    let mut rules: Vec<Kernel> = (schemes().into_iter().map(|row| row.scheme))
        .chain(presets().into_iter().map(|row| row.scheme))
        .chain(own_rules())
        .map(|scheme| Kernel::new(&Plan::new(&scheme).expect("a scheme of the catalogue"), mixtures))
        .collect();
    let name = |kernel: &Kernel| (kernel.rule.twin, kernel.rules.len(), kernel.rule.carries == Carries::Weight);
    rules.sort_by_key(name);
    rules.dedup_by_key(|kernel| name(kernel));
    let variants = rules.into_iter().flat_map(|kernel| {
        [(false, false), (false, true), (true, false), (true, true)].map(|(stochastic, remembers)| Kernel {
            stochastic,
            remembers,
            ..kernel.clone()
        })
    });
    let evaluating = pairs.iter().map(|&(main, guide)| {
        let shapes = Shapes { main, guide };
        (format!("evaluate_models {shapes:?}"), shapes.evaluate_models())
    });
    pairs
        .iter()
        .map(|&(main, guide)| Kernel { shapes: Shapes { main, guide }, ..unguided.clone() })
        .chain(variants)
        .map(|kernel| (kernel.label(), kernel.text()))
        .chain(evaluating)
        .chain([("place_starts".to_owned(), place_starts())])
        .chain([("multiply_add".to_owned(), multiply_add()), ("mix_grams".to_owned(), mix_grams("LINEAR", MIX))])
        .chain(pictures().map(|(name, text)| (name.to_owned(), text)))
        .collect()
}
