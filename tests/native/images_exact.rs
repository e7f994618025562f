//! The exact model of pictures on tiles, beside its definition.

use crate::images::WORLD;
use guidance_playground::images::network::TILE_PICTURES;
use guidance_playground::images::{Distribution, Exact, ExactLanes, NUMBERS, World};
use guidance_playground::random::{Stream, normal_pair, words};
use std::sync::{Arc, LazyLock};

static SHARED: LazyLock<Arc<World>> = LazyLock::new(|| Arc::new(WORLD.clone()));

fn normals(index: u64) -> impl Iterator<Item = f64> {
    (0..NUMBERS as u32 / 2).flat_map(move |row| {
        let [a, b, ..] = words(7, Stream::Noise, index, row);
        normal_pair(a, b)
    })
}

/// Greatest errors of D and of log-densities over a tile, of pictures of a prompt that have lost `blend` to another one, under noise.
fn errors(text: &str, sigma: f64, blend: f64) -> [f64; 2] {
    let prompt = WORLD.read(text).unwrap().prompt;
    let distribution = Distribution::new(&WORLD, prompt).unwrap();
    let picture = |seed, lane: usize| WORLD.data(distribution.sample(seed, Stream::Start, lane as u64).0).unwrap();
    let pictures: Vec<Vec<f32>> = (0..TILE_PICTURES)
        .map(|lane| {
            let both = picture(1, lane).into_iter().zip(picture(2, lane));
            let noisy = |((a, b), n): ((f64, f64), f64)| ((1.0 - blend) * a + blend * b + sigma * n) as f32;
            both.zip(normals(lane as u64)).map(noisy).collect()
        })
        .collect();
    let tile: Vec<f32> = (0..NUMBERS * TILE_PICTURES).map(|i| pictures[i % TILE_PICTURES][i / TILE_PICTURES]).collect();
    let definition = Exact::new(&WORLD, prompt).unwrap();
    let lanes = ExactLanes::new(&SHARED, prompt).unwrap();
    let (level, mut workspace, mut out) = (lanes.level(sigma), lanes.workspace(), tile.clone());
    // Twice, so that what the first evaluation leaves is seen to be harmless.
    lanes.evaluate(&level, &mut workspace, &out.clone(), &mut out);
    lanes.evaluate(&level, &mut workspace, &tile, &mut out);
    let log_densities = lanes.log_densities(&level, &workspace, &tile);
    let mut errors = [0.0f64; 2];
    for (lane, picture) in pictures.iter().enumerate() {
        let x: Vec<f64> = picture.iter().map(|v| f64::from(*v)).collect();
        let exact = definition.evaluate(&x, sigma);
        for (d, exact) in out[lane..].iter().step_by(TILE_PICTURES).zip(exact.denoised) {
            errors[0] = errors[0].max((f64::from(*d) - exact).abs());
        }
        errors[1] = errors[1].max((log_densities[lane] - exact.log_density).abs());
    }
    errors
}

const PROMPTS: [&str; 4] = ["", "rocket", "twemoji", "cat riding on a night background"];

#[test]
fn tiles_are_the_definition() {
    for text in PROMPTS {
        for sigma in [0.03, 0.1, 0.3, 0.5, 0.7, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0, 20.0, 80.0] {
            let [denoised, log_density] = errors(text, sigma, 0.0);
            assert!(denoised < 1e-5 && log_density < 1e-5, "{text} {sigma}: {denoised:e} {log_density:e}");
        }
    }
}

/// Halfway D is most sensitive to the logarithms of weights, which f32 has to some 1e-4/sigma^2.
#[test]
fn tiles_are_the_definition_halfway_between_two_pictures() {
    for text in PROMPTS {
        for sigma in [0.1, 0.3, 0.5, 0.7, 1.0, 2.0] {
            let [denoised, log_density] = errors(text, sigma, 0.5);
            let most = 2e-4 / (sigma * sigma);
            assert!(denoised < most && log_density < most, "{text} {sigma}: {denoised:e} {log_density:e}");
        }
    }
}
