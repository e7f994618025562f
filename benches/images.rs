//! The network of pictures on one core beside a bare multiply-add loop: `cargo bench --bench images [FILE.safetensors]`.
//!
//! Tiles of 16 pictures. Both are measured in turn, round after round, so that a machine's moods meet both alike.

use flate2::read::GzDecoder;
use guidance_playground::images::network::{Network, NetworkLanes, TILE_PICTURES};
use guidance_playground::images::{NUMBERS, Prompt, World};
use guidance_playground::lanes::{instruction_set, multiply_adds};
use std::io::Read;
use std::time::Instant;

const ROUNDS: usize = 15;
const EVALUATIONS: usize = 4;

fn main() {
    let root = env!("CARGO_MANIFEST_DIR");
    let mut sprites = Vec::new();
    let file = std::fs::File::open(format!("{root}/sprites/sprites.safetensors.gz")).expect("the sprites are there");
    GzDecoder::new(file).read_to_end(&mut sprites).expect("and packed");
    let world = World::new(&sprites).expect("and a world");
    let file = std::env::args().skip(1).find(|argument| argument.ends_with(".safetensors"));
    let file = file.unwrap_or_else(|| format!("{root}/weights/images/main.safetensors"));
    let bytes = std::fs::read(&file).unwrap_or_else(|error| panic!("{file}: {error}"));
    let network = Network::from_safetensors(&bytes, &world).unwrap_or_else(|error| panic!("{error}"));
    let lanes = NetworkLanes::new(&network);
    let mut workspace = lanes.workspace();
    let x: Vec<f32> = (0..NUMBERS * TILE_PICTURES).map(|i| (0.37 * i as f32).sin()).collect();
    let mut out = x.clone();
    let level = lanes.level(Prompt::default(), 1.0, 1.0);
    let seconds = |work: &mut dyn FnMut()| {
        let start = Instant::now();
        work();
        start.elapsed().as_secs_f64()
    };
    let mut rounds: Vec<[f64; 3]> = Vec::new();
    for _ in 0..ROUNDS {
        let mut operations = 0;
        let peak = seconds(&mut || operations = multiply_adds(10_000_000));
        let evaluating =
            seconds(&mut || (0..EVALUATIONS).for_each(|_| lanes.evaluate(&level, &mut workspace, &x, &mut out)));
        let levels = seconds(&mut || drop(lanes.level(Prompt::default(), 1.0, 1.0)));
        rounds.push([1e-9 * operations as f64 / peak, evaluating / EVALUATIONS as f64, levels]);
    }
    let median = |of: &dyn Fn(&[f64; 3]) -> f64| {
        let mut values: Vec<f64> = rounds.iter().map(of).collect();
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    let operations = 2e-9 * (network.multiply_adds() * TILE_PICTURES) as f64;
    println!("{} instructions, one thread, medians of {ROUNDS}", instruction_set());
    println!("bare multiply-adds            {:>9.1} GFLOP/s", median(&|r| r[0]));
    println!("16 pictures                   {:>9.3} ms", median(&|r| 1e3 * r[1]));
    println!("  their convolutions alone    {:>9.1} GFLOP/s", median(&|r| operations / r[1]));
    println!("  share of the peak           {:>9.1} %", median(&|r| 100.0 * operations / r[1] / r[0]));
    println!("a prompt at a noise level     {:>9.3} ms", median(&|r| 1e3 * r[2]));
}
