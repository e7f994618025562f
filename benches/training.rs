//! One training iteration of the paper's main network (batch 4096, exact scores of 1016 components) and its parts.
//! `cargo bench --bench training`; `benches/training_peer.py` times a peer the same way.

use guidance_playground::lanes::instruction_set;
use guidance_playground::plane::training::{Trainer, TrainingConfig};
use std::time::Instant;

const ROUNDS: usize = 31;

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn main() {
    let mut trainer = Trainer::new(TrainingConfig::default()).expect("the defaults are valid");
    trainer.step(1).expect("one thread is always there");
    let parts: Vec<[f64; 3]> = (0..ROUNDS).map(|_| trainer.step_timed().map(|d| 1e3 * d.as_secs_f64())).collect();
    println!("one iteration, {} instructions, medians of {ROUNDS}, milliseconds", instruction_set());
    for (i, name) in ["target scores", "network and gradient", "update"].into_iter().enumerate() {
        println!("{name:<24}{:>8.2}", median(parts.iter().map(|p| p[i]).collect()));
    }
    for threads in [1, 2] {
        let times = (0..ROUNDS).map(|_| {
            let start = Instant::now();
            trainer.step(threads).expect("there are threads");
            1e3 * start.elapsed().as_secs_f64()
        });
        println!("{:<24}{:>8.2}", format!("all, {threads} thread(s)"), median(times.collect()));
    }
}
