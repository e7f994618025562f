use super::evaluate::{Planes, silu};
use super::*;
use crate::images::{NUMBERS, World};
use serde::Deserialize;
use std::collections::HashMap;

#[derive(Deserialize)]
struct Case {
    prompt: String,
    sigma: f64,
    denoised: Vec<f64>,
}

#[derive(Deserialize)]
struct Reference {
    kinds: HashMap<String, Vec<f64>>,
    cases: Vec<Case>,
}

const FILE: &[u8] = include_bytes!("../../../tests/data/images-network.safetensors");

/// What PyTorch makes of the file (weights/images/reference.py).
fn reference() -> Reference {
    serde_json::from_str(include_str!("../../../tests/data/images-network.json")).unwrap()
}

fn world() -> World {
    let mut bytes = Vec::new();
    let file = &include_bytes!("../../../sprites/sprites.safetensors.gz")[..];
    std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(file), &mut bytes).unwrap();
    World::new(&bytes).unwrap()
}

fn network() -> Network {
    Network::from_safetensors(FILE, &world()).unwrap()
}

fn far(a: &[f64], b: &[f64]) -> f64 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}

#[test]
fn every_kind_of_layer_is_pytorchs() {
    let (network, kinds) = (network(), reference().kinds);
    let x = || Planes { side: 4, values: kinds["x"].clone() };
    for (kind, found) in [
        ("wide", x().convolved(&network.layers.encode16.first)),
        ("narrow", x().convolved(&network.layers.down8)),
        ("silu", x().map(silu)),
        ("norm", x().normalised()),
        ("halved", x().halved()),
        ("doubled", x().doubled()),
        ("sum", x().plus(&x().map(silu), RESIDUAL)),
    ] {
        let error = far(&found.values, &kinds[kind]);
        assert!(error < 1e-12, "{kind}: {error:e}");
    }
}

/// As in the reference's script.
fn noisy(sigma: f64) -> Vec<f64> {
    let wave = |i: f64| 0.5 * (0.1 * i).sin() + sigma * 2f64.sqrt() * (0.37 * i + 0.0011 * i * i).sin();
    (0..NUMBERS).map(|i| wave(i as f64)).collect()
}

#[test]
fn the_whole_network_is_pytorchs() {
    let (network, world) = (network(), world());
    assert_eq!((network.widths(), network.embedding()), ([8, 12, 16], 20));
    for Case { prompt, sigma, denoised } in reference().cases {
        let words = world.read(&prompt).unwrap().prompt;
        let found: Vec<f64> = network.evaluate(words, &noisy(sigma), sigma).into_iter().step_by(61).collect();
        let error = far(&found, &denoised) / denoised.iter().fold(1.0, |a, b| b.abs().max(a));
        // The file's numbers of noise levels are f32, and so are PyTorch's maps.
        assert!(error < 1e-6, "{prompt} {sigma}: {error:e}");
    }
}

#[test]
fn tiles_are_the_definition() {
    let (network, world) = (network(), world());
    let lanes = NetworkLanes::new(&network);
    let mut workspace = lanes.workspace();
    // Twice, so that what the first evaluation leaves between layers is seen to be harmless.
    for (text, sigma) in [("", 0.05), ("noto cat", 1.5), ("astronaut riding", 30.0)] {
        let prompt = world.read(text).unwrap().prompt;
        let pictures: Vec<Vec<f64>> =
            (0..TILE_PICTURES).map(|i| noisy(sigma).iter().map(|v| v * (0.6 + 0.05 * i as f64)).collect()).collect();
        let mut x = vec![0.0; NUMBERS * TILE_PICTURES];
        for (i, x) in x.iter_mut().enumerate() {
            *x = pictures[i % TILE_PICTURES][i / TILE_PICTURES] as f32;
        }
        let mut out = x.clone();
        lanes.evaluate(&lanes.level(prompt, sigma, sigma), &mut workspace, &x, &mut out);
        for (lane, picture) in pictures.iter().enumerate().step_by(5) {
            let own: Vec<f64> = out[lane..].iter().step_by(TILE_PICTURES).map(|v| f64::from(*v)).collect();
            let exact = network.evaluate(prompt, picture, sigma);
            let error = far(&own, &exact) / exact.iter().fold(1.0, |a, b| b.abs().max(a));
            assert!(error < 1e-5, "{text} {sigma} {lane}: {error:e}");
        }
    }
}

#[test]
fn files_that_are_no_network_are_refused_in_a_sentence() {
    let world = world();
    let refused = |bytes: &[u8]| Network::from_safetensors(bytes, &world).unwrap_err().to_string();
    assert!(refused(&FILE[..FILE.len() - 1]).contains("complete safetensors file"));
    assert!(refused(include_bytes!("../../../tests/data/network-16.safetensors")).contains("enter"));
    let changed = |from: &str, to: &str| {
        assert_eq!(from.len(), to.len());
        let at = FILE.windows(from.len()).position(|w| w == from.as_bytes()).unwrap();
        let mut bytes = FILE.to_vec();
        bytes[at..][..to.len()].copy_from_slice(to.as_bytes());
        refused(&bytes)
    };
    assert!(changed("\"leave\"", "\"leavf\"").contains("leave"));
    // The same numbers in another shape.
    assert!(changed("\"shape\":[8,15,3,3]", "\"shape\":[15,8,3,3]").contains("multiple of four"));
    assert!(changed("\"shape\":[24,16,1,1]", "\"shape\":[96,4,1,1] ").contains("4 to 64"));
    assert!(changed("\"shape\":[44,8,3,3]", "\"shape\":[88,4,3,3]").contains("16 for each of 1 to 4 places"));
    assert!(changed("\"shape\":[12,8,1,1]", "\"shape\":[8,12,1,1]").contains("down8"));
    assert!(changed("\"shape\":[7,20]", "\"shape\":[5,28]").contains("words.background"));
    // The last number, of the last tensor.
    let mut bytes = FILE.to_vec();
    let end = bytes.len();
    bytes[end - 2..].copy_from_slice(&0x7e00_u16.to_le_bytes());
    assert!(refused(&bytes).contains("finite"));
}
