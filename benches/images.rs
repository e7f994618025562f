//! The network of pictures on one core beside a bare multiply-add loop, and the exact model beside both the network and its definition
//! in f64, in processor time: `cargo bench --bench images [FILE.safetensors]`; with `--json` the network alone, in one round; or pictures on a graphics processor, the one that WGPU_ADAPTER_NAME has
//! part of the name of: `cargo bench --bench images gpu [PICTURES]`.
//!
//! Tiles of 16 pictures. All are measured in turn, round after round, so that a machine's moods meet both alike. On a graphics
//! processor a run counts from pictures on the device to pictures on the device.

use cpu_time::ProcessTime;
use flate2::read::GzDecoder;
use guidance_playground::gpu::Gpu;
use guidance_playground::guidance::{Guide, ModelName};
use guidance_playground::images::engine::gpu::Run;
use guidance_playground::images::engine::{Models, RunConfig, Sampler};
use guidance_playground::images::network::{Network, NetworkLanes, TILE_PICTURES};
use guidance_playground::images::{Exact, ExactLanes, ExactLevel, ExactWorkspace, NUMBERS, Prompt, Scheme, World};
use guidance_playground::lanes::{instruction_set, multiply_adds};
use std::io::Read;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

const ROUNDS: usize = 15;
const EVALUATIONS: usize = 8;

/// Few pictures are likely at the lower noise level, and most at the higher.
const SIGMAS: [f64; 2] = [1.0, 20.0];
const PROMPTS: [&str; 2] = ["rocket", ""];

/// An exact model at a noise level, and a tile that it may meet there.
struct Case<'a> {
    title: String,
    definition: Exact<'a>,
    lanes: ExactLanes,
    level: ExactLevel,
    workspace: ExactWorkspace,
    sigma: f64,
    x: Vec<f32>,
}

impl<'a> Case<'a> {
    fn new(world: &'a Arc<World>, text: &str, sigma: f64) -> Self {
        let prompt = world.prompt(text).expect("a prompt");
        let lanes = ExactLanes::new(world, prompt).expect("of some pictures");
        let (picture, _) = world.pictures().find(|(picture, _)| prompt.allows(*picture)).expect("of some pictures");
        let picture = world.data(picture).expect("it is one");
        let noise = |i: usize| 2f64.sqrt() * (0.37 * i as f64).sin();
        let x = (0..NUMBERS * TILE_PICTURES).map(|i| (picture[i / TILE_PICTURES] + sigma * noise(i)) as f32).collect();
        Self {
            title: format!("exact, \"{text}\" at sigma {sigma}"),
            definition: Exact::new(world, prompt).expect("of some pictures"),
            level: lanes.level(sigma),
            workspace: lanes.workspace(),
            lanes,
            sigma,
            x,
        }
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn main() {
    let root = env!("CARGO_MANIFEST_DIR");
    let mut sprites = Vec::new();
    let file = std::fs::File::open(format!("{root}/sprites/sprites.safetensors.gz")).expect("the sprites are there");
    GzDecoder::new(file).read_to_end(&mut sprites).expect("and packed");
    let world = Arc::new(World::new(&sprites).expect("and a world"));
    let file = std::env::args().skip(1).find(|argument| argument.ends_with(".safetensors"));
    let file = file.unwrap_or_else(|| format!("{root}/weights/images/main.safetensors"));
    let bytes = std::fs::read(&file).unwrap_or_else(|error| panic!("{file}: {error}"));
    let network = Network::from_safetensors(&bytes, &world).unwrap_or_else(|error| panic!("{error}"));
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Some(at) = arguments.iter().position(|argument| argument == "gpu") {
        let pictures = arguments.get(at + 1).and_then(|argument| argument.parse().ok()).unwrap_or(TILE_PICTURES);
        return pollster::block_on(graphics(&network, &world, pictures));
    }
    let lanes = NetworkLanes::new(&network);
    let mut workspace = lanes.workspace();
    let x: Vec<f32> = (0..NUMBERS * TILE_PICTURES).map(|i| (0.37 * i as f32).sin()).collect();
    let mut out = x.clone();
    let level = lanes.level(Prompt::default(), 1.0, 1.0);
    let seconds = |work: &mut dyn FnMut()| {
        let start = ProcessTime::now();
        work();
        start.elapsed().as_secs_f64()
    };
    let json = arguments.iter().any(|argument| argument == "--json");
    let (count, prompts) = if json { (1, &[][..]) } else { (ROUNDS, &PROMPTS[..]) };
    let mut cases: Vec<Case<'_>> =
        prompts.iter().flat_map(|text| SIGMAS.map(|sigma| Case::new(&world, text, sigma))).collect();
    // What caches hold from then on.
    lanes.evaluate(&level, &mut workspace, &x, &mut out);
    let mut rounds: Vec<[f64; 3]> = Vec::new();
    let mut exact = vec![[const { Vec::new() }; 2]; cases.len()];
    for _ in 0..count {
        let mut operations = 0;
        let peak = seconds(&mut || operations = multiply_adds(10_000_000));
        let evaluating =
            seconds(&mut || (0..EVALUATIONS).for_each(|_| lanes.evaluate(&level, &mut workspace, &x, &mut out)));
        let levels = seconds(&mut || drop(lanes.level(Prompt::default(), 1.0, 1.0)));
        rounds.push([1e-9 * operations as f64 / peak, evaluating / EVALUATIONS as f64, levels]);
        for (Case { definition, lanes, level, workspace, sigma, x, .. }, [fast, plain]) in
            cases.iter_mut().zip(&mut exact)
        {
            fast.push(seconds(&mut || lanes.evaluate(level, workspace, x, &mut out)));
            let picture: Vec<f64> = x.iter().step_by(TILE_PICTURES).map(|v| f64::from(*v)).collect();
            plain.push(TILE_PICTURES as f64 * seconds(&mut || drop(definition.evaluate(&picture, *sigma))));
        }
    }
    let of = |which: usize| median(rounds.iter().map(|round| round[which]).collect());
    if json {
        let (peak, seconds) = (1e9 * of(0), of(1) + of(2));
        println!(r#"{{"by":"{}","peak":{peak},"seconds":{seconds}}}"#, instruction_set());
        return;
    }
    let rate = 2e-9 * (network.multiply_adds() * TILE_PICTURES) as f64 / of(1);
    println!("{} instructions, one thread, medians of {ROUNDS}", instruction_set());
    println!("bare multiply-adds            {:>9.1} GFLOP/s", of(0));
    println!("16 pictures                   {:>9.3} ms", 1e3 * of(1));
    println!("  their products alone        {rate:>9.1} GFLOP/s");
    println!("  share of the peak           {:>9.1} %", 100.0 * rate / of(0));
    println!("a prompt at a noise level     {:>9.3} ms", 1e3 * of(2));
    for (case, seconds) in cases.iter().zip(exact) {
        let [fast, plain] = seconds.map(median);
        println!("{:<30}{:>9.3} ms", case.title, 1e3 * fast);
        println!("  of the network              {:>9.1} %", 100.0 * fast / of(1));
        println!("  the definition in f64       {:>9.3} ms", 1e3 * plain);
    }
}

/// Pictures that travel together on a graphics processor.
const TOGETHER: usize = 256;

/// Classifier-free guidance in 16 steps, which is two evaluations of the network each.
async fn graphics(network: &Network, world: &Arc<World>, pictures: usize) {
    let gpu = match std::env::var("WGPU_ADAPTER_NAME") {
        Ok(name) => Gpu::named(&name).await,
        Err(_) => Gpu::open(true).await,
    };
    let gpu = Rc::new(gpu.unwrap_or_else(|error| panic!("{error}")));
    let mut models = Models::new(Arc::clone(world));
    models.add("main", network);
    let mut scheme = Scheme::default();
    scheme.guidance.main = "main".into();
    scheme.guidance.weight = 3.0;
    let anything = ModelName { model: "main".to_owned(), condition: Some(String::new()) };
    scheme.guidance.guide = Some(Guide::new(anything, 1.0));
    let config = RunConfig { scheme, prompt: "rocket".to_owned(), seed: 1 };
    let sampler = Sampler::new(&config, &models).unwrap_or_else(|error| panic!("{error}"));
    let rounds = if gpu.is_software() { 1 } else { ROUNDS };
    // The first round compiles, and is not counted.
    let mut rows: Vec<[f64; 3]> = Vec::new();
    let mut dispatches = 0;
    for _ in 0..=rounds {
        let peak = gpu.multiply_add_peak(1).await.expect("the device answers");
        let (mut sampling, mut preparing) = (0.0, 0.0);
        for first in (0..pictures).step_by(TOGETHER) {
            let clock = Instant::now();
            let run =
                Run::new(&gpu, &sampler, first..pictures.min(first + TOGETHER)).await.expect("the device answers");
            let begun = clock.elapsed().as_secs_f64();
            while run.advance().await.expect("the device answers") {}
            preparing += begun;
            sampling += clock.elapsed().as_secs_f64() - begun;
            dispatches = (0..run.steps()).map(|step| run.dispatches(step)).sum();
        }
        rows.push([sampling, preparing, peak]);
    }
    let of = |which: usize| median(rows[1..].iter().map(|row| row[which]).collect());
    let evaluations = sampler.plan().evaluations(sampler.steps());
    let operations = 2.0 * (network.multiply_adds() * pictures * evaluations) as f64;
    println!("{}, medians of {rounds}", gpu.description());
    println!("{pictures} pictures, {} steps, w = 3   {:>9.3} ms", sampler.steps(), 1e3 * of(0));
    println!("  until they are on the device  {:>9.3} ms", 1e3 * of(1));
    println!("  dispatches of {TOGETHER} or fewer    {dispatches:>9}");
    println!("  its products alone            {:>9.1} GFLOP/s", 1e-9 * operations / of(0));
    println!("bare multiply-adds              {:>9.1} GFLOP/s", 1e-9 * of(2));
    println!("  share of that                 {:>9.1} %", 100.0 * operations / of(0) / of(2));
    println!("compiling                       {:>9.3} s", gpu.compiling());
}
