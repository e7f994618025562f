//! The denoiser against automatic differentiation (tests/reference/network.py), in f64 and in f32.

use crate::tiles::{Ask, ask};
use guidance_playground::guidance::shipped_names;
use guidance_playground::network::{Network, NetworkLanes};
use nalgebra::Vector2;
use serde::Deserialize;

#[derive(Deserialize)]
struct Reference {
    values: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    x: [f64; 2],
    sigma: f64,
    log_density: f64,
    score: [f64; 2],
}

struct Case {
    hidden: usize,
    network: Network,
    values: Vec<Entry>,
}

/// Float32 as PyTorch saves it, and float64 at a width that fills no vector.
fn cases() -> [Case; 2] {
    let case = |hidden, bytes: &[u8], text: &str| {
        let values = serde_json::from_str::<Reference>(text).unwrap().values;
        assert_eq!(values.len(), 40);
        Case { hidden, network: Network::from_safetensors(bytes).unwrap(), values }
    };
    [
        case(16, include_bytes!("../data/network-16.safetensors"), include_str!("../data/network-16.json")),
        case(10, include_bytes!("../data/network-10.safetensors"), include_str!("../data/network-10.json")),
    ]
}

#[test]
fn files_saved_from_python_are_read() {
    for case in cases() {
        assert_eq!(case.network.hidden(), case.hidden);
        assert_eq!(case.network.layers(), 4);
        assert_eq!(case.network.parameters(), 4 * case.hidden + 4 * case.hidden * case.hidden + 1);
        assert_eq!(Network::from_safetensors(&case.network.to_safetensors()).unwrap(), case.network);
    }
}

#[test]
fn double_precision_is_automatic_differentiations() {
    for Case { hidden, network, values } in cases() {
        let mut worst: f64 = 0.0;
        for e in values {
            let v = network.evaluate(Vector2::from(e.x), e.sigma);
            let expected = Vector2::from(e.score);
            worst = worst
                .max((v.log_density - e.log_density).abs() / e.log_density.abs().max(1.0))
                .max((v.score - expected).norm() / expected.norm().max(1.0));
        }
        assert!(worst < 1e-10, "width {hidden}: {worst}");
    }
}

#[test]
fn single_precision_follows() {
    for Case { hidden, network, values } in cases() {
        let lanes = NetworkLanes::new(&network);
        for e in values {
            let points = vec![e.x.map(|x| x as f32)];
            let (log_density, score) = ask(&Ask::Network(&lanes, e.sigma), &points)[0];
            let expected = Vector2::from(e.score);
            let score = Vector2::from(score.map(f64::from)) - expected;
            let errors = [
                (f64::from(log_density) - e.log_density).abs() / e.log_density.abs().max(1.0),
                // The score is a sum of terms of order 1/sigma, which partly cancel.
                score.norm() / (expected.norm() + 1.0 / e.sigma),
            ];
            // Some tens of roundings of 6e-8 through ten matrices.
            assert!(errors.iter().all(|&e| e < 2e-6), "width {hidden}, sigma {}, {:?}: {errors:?}", e.sigma, e.x);
        }
    }
}

#[test]
fn every_shipped_network_is_there_and_as_wide_as_its_name() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("weights");
    let names = shipped_names();
    for name in &names {
        let network = Network::from_safetensors(&std::fs::read(folder.join(format!("{name}.safetensors"))).unwrap());
        let kind = name.split('-').nth(1).unwrap();
        assert_eq!(network.unwrap().hidden().to_string(), kind.trim_start_matches(['A', 'B']), "{name}");
    }
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    assert_eq!(files.filter(|path| path.extension().is_some_and(|e| e == "safetensors")).count(), names.len());
}
