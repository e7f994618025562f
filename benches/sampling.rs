//! The sampler on one core beside a bare multiply-add loop, and its parts: `cargo bench --bench sampling`.
//!
//! 4096 particles, 32 Heun steps, a network of 64 guided by one of 32, and exact models. Everything is measured in turn,
//! round after round, so that a machine's moods meet all alike; the metrics are medians.

use guidance_playground::guidance::{Combination, Guide, Scheme};
use guidance_playground::lanes::{instruction_set, multiply_adds};
use guidance_playground::plane::Models;
use guidance_playground::plane::engine::RunConfig;
use guidance_playground::plane::engine::cpu::Sampler;
use guidance_playground::plane::network::Network;
use guidance_playground::plane::starts;
use std::time::Instant;

const PARTICLES: usize = 4096;
const ROUNDS: usize = 15;

/// Floating-point operations of the products in one evaluation: three forward, three backward, and one by W^T W.
fn products(hidden: usize) -> f64 {
    (7 * 2 * hidden * hidden) as f64
}

/// Seconds that this thread has run, where the system tells: other programs disturb it less than the clock on the wall.
fn processor_time() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(1e-9 * text.split(' ').next()?.parse::<f64>().ok()?)
}

fn main() {
    let mut models = Models::new();
    for (name, file) in [("main-64-4096:A", "main-A64-4096"), ("guide-32-0512:A", "guide-A32-0512")] {
        let path = format!("{}/weights/{file}.safetensors", env!("CARGO_MANIFEST_DIR"));
        let bytes = std::fs::read(path).expect("the shipped networks are there");
        models.add(name, Network::from_safetensors(&bytes).expect("and are networks"));
    }
    let sampler = |main: &str, guide: Option<&str>, combination: Combination| {
        let guide = guide.map(|model| Guide::new(model, 1.0));
        let weight = if guide.is_some() { 3.0 } else { 1.0 };
        let scheme = Scheme { main: main.into(), guide, weight, combination, ..Scheme::default() };
        let config = RunConfig { scheme, seed: 0 };
        Sampler::new(&config, &models).expect("the models are there")
    };
    let networks = |combination| sampler("main-64-4096:A", Some("guide-32-0512:A"), combination);
    let linear = networks(Combination::Lerp);
    let adaptive = || Combination::Apg { momentum: -0.5, parallel: 0.0, radius: 1.0 };
    let projected = networks(adaptive());
    let tangential = networks(Combination::Tcfg);
    // The same rule as a person writes it, and where models are cheapest: exact ones of a mixture.
    let text = adaptive().text().expect("it can be said");
    let written = || Combination::Own { text: text.clone(), values: Default::default(), name: None };
    let projected_written = networks(written());
    let guided = |combination| sampler("exact:A", Some("exact:AB"), combination);
    let [exact_projected, exact_written] = [guided(adaptive()), guided(written())];
    let exact = sampler("exact:A", None, Combination::Lerp);
    let mixture = models.mixture("A".parse().expect("a class"));
    let starts = starts(mixture, 5.0, 7, 0..PARTICLES);

    let seconds = |work: &mut dyn FnMut()| {
        let (start, before) = (Instant::now(), processor_time());
        work();
        match (before, processor_time()) {
            (Some(before), Some(after)) => after - before,
            _ => start.elapsed().as_secs_f64(),
        }
    };
    let mut rounds: Vec<[f64; 8]> = Vec::new();
    for _ in 0..ROUNDS {
        let rounds_of_peak = 20_000_000;
        let mut operations = 0;
        let peak = seconds(&mut || operations = multiply_adds(rounds_of_peak));
        rounds.push([
            1e-9 * operations as f64 / peak,
            seconds(&mut || drop(linear.sample(&starts, 1))),
            seconds(&mut || drop(exact.sample(&starts, 1))),
            seconds(&mut || drop(projected.sample(&starts, 1))),
            seconds(&mut || drop(tangential.sample(&starts, 1))),
            seconds(&mut || drop(projected_written.sample(&starts, 1))),
            seconds(&mut || drop(exact_projected.sample(&starts, 1))),
            seconds(&mut || drop(exact_written.sample(&starts, 1))),
        ]);
    }
    let median = |of: &dyn Fn(&[f64; 8]) -> f64| {
        let mut values: Vec<f64> = rounds.iter().map(of).collect();
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    let evaluations = (63 * PARTICLES) as f64;
    let operations = 1e-9 * evaluations * (products(64) + products(32));
    println!("{} instructions, one thread, medians of {ROUNDS}", instruction_set());
    println!("bare multiply-adds            {:>9.1} GFLOP/s", median(&|r| r[0]));
    println!("networks of 64 and 32         {:>9.4} s", median(&|r| r[1]));
    println!("  their products alone        {:>9.1} GFLOP/s", median(&|r| operations / r[1]));
    println!("  share of the peak           {:>9.1} %", median(&|r| 100.0 * operations / r[1] / r[0]));
    println!("under APG, beside linear      {:>9.3}", median(&|r| r[3] / r[1]));
    println!("under TCFG, beside linear     {:>9.3}", median(&|r| r[4] / r[1]));
    println!("APG as written, beside APG    {:>9.3}", median(&|r| r[5] / r[3]));
    println!("  the same of exact models    {:>9.3}", median(&|r| r[7] / r[6]));
    println!("exact score of a particle     {:>9.3} us", median(&|r| 1e6 * r[2] / evaluations));
}
