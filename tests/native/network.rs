//! The denoiser against automatic differentiation (tests/reference/network.py), in f64 and in f32.

use crate::tiles::{Ask, ask};
use guidance_playground::plane::catalogue::networks;
use guidance_playground::plane::network::{Network, NetworkLanes};
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
fn single_precision_follows_heavy_tails_and_shifts() {
    for Case { network, values, .. } in cases() {
        for nu in [2.5, 4.0, 1000.0] {
            let heavy = Network::from_safetensors(&with_nu(&network, nu)).unwrap();
            assert_eq!((network.degrees_of_freedom(), heavy.degrees_of_freedom()), (None, Some(nu)));
            let heavy = heavy.with_noise_shift(-0.8).unwrap();
            let lanes = NetworkLanes::new(&heavy);
            for e in &values {
                for far in [1.0, 10.0] {
                    let point = e.x.map(|x| (far * x) as f32);
                    let exact = heavy.evaluate(Vector2::from(point.map(f64::from)), e.sigma);
                    let (log_density, score) = ask(&Ask::Network(&lanes, e.sigma), &[point])[0];
                    let score = Vector2::from(score.map(f64::from)) - exact.score;
                    // The log-density is a network's, less this, and they partly cancel.
                    let square = f64::from(point[0]).powi(2) + f64::from(point[1]).powi(2);
                    let base = 0.5 * (nu + 2.0) * (square / (nu * (0.25 + e.sigma * e.sigma))).ln_1p();
                    let errors = [
                        (f64::from(log_density) - exact.log_density).abs() / (1.0 + exact.log_density.abs() + base),
                        score.norm() / (exact.score.norm() + 1.0 / e.sigma),
                    ];
                    assert!(errors.iter().all(|&e| e < 2e-6), "{nu}, sigma {}, {point:?}: {errors:?}", e.sigma);
                }
            }
        }
    }
}

#[derive(Deserialize)]
struct Heavy {
    network: Vec<HeavyEntry>,
}

#[derive(Deserialize)]
struct HeavyEntry {
    nu: f64,
    shift: f64,
    sigma: f64,
    x: [f64; 2],
    log_density: f64,
    score: [f64; 2],
}

#[test]
fn heavy_tails_and_shifts_are_automatic_differentiations() {
    let reference: Heavy = serde_json::from_str(include_str!("../data/student.json")).unwrap();
    assert_eq!(reference.network.len(), 18);
    let [Case { network, .. }, _] = cases();
    for e in reference.network {
        let heavy = Network::from_safetensors(&with_nu(&network, e.nu)).unwrap().with_noise_shift(e.shift).unwrap();
        let v = heavy.evaluate(Vector2::from(e.x), e.sigma);
        let expected = Vector2::from(e.score);
        assert!((v.log_density - e.log_density).abs() < 1e-10 * e.log_density.abs().max(1.0), "{} {}", e.nu, e.sigma);
        assert!((v.score - expected).norm() < 1e-10 * expected.norm().max(1.0), "{} {}", e.nu, e.sigma);
    }
}

/// The file of a network of heavy tails: a tensor `nu` before the others, whose offsets move by its four bytes.
fn with_nu(network: &Network, nu: f64) -> Vec<u8> {
    let bytes = network.to_safetensors();
    let length = u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
    let mut header: serde_json::Value = serde_json::from_slice(&bytes[8..8 + length]).unwrap();
    for entry in header.as_object_mut().unwrap().values_mut() {
        for offset in entry["data_offsets"].as_array_mut().unwrap() {
            *offset = (offset.as_u64().unwrap() + 4).into();
        }
    }
    header["nu"] = serde_json::json!({ "dtype": "F32", "shape": [], "data_offsets": [0, 4] });
    let header = serde_json::to_vec(&header).unwrap();
    let size = (header.len() as u64).to_le_bytes();
    [&size[..], &header, &(nu as f32).to_le_bytes(), &bytes[8 + length..]].concat()
}

#[test]
fn every_shipped_network_is_there_and_what_the_table_says() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("weights");
    let rows = networks();
    for row in &rows {
        let name = &row.name;
        let bytes = std::fs::read(folder.join(format!("{name}.safetensors"))).unwrap();
        let network = Network::from_safetensors(&bytes).unwrap();
        assert_eq!(network.hidden(), row.width, "{name}");
        assert_eq!(network.layers(), row.layers, "{name}");
        assert_eq!(network.degrees_of_freedom(), row.config.degrees_of_freedom, "{name}");
        let header = u64::from_le_bytes(*bytes.first_chunk().unwrap()) as usize;
        assert_eq!(bytes.len() - 8 - header, row.bytes, "{name}");
        for (key, text) in row.config.metadata(row.iterations) {
            assert_eq!(network.says(&key), Some(text.as_str()), "{name}: {key}");
        }
        let said = ["data", "condition", "width", "layers", "iterations", "seed"].map(|key| network.says(key).unwrap());
        let numbers = [row.width, row.layers, row.iterations as usize, row.seed as usize].map(|n| n.to_string());
        let [width, layers, iterations, seed] = numbers.each_ref().map(String::as_str);
        assert_eq!(said, [&row.data, &row.condition.to_string(), width, layers, iterations, seed], "{name}");
        // As the trainer writes it, to the last bit.
        assert!(network.to_safetensors() == bytes, "{name}");
    }
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    assert_eq!(files.filter(|path| path.extension().is_some_and(|e| e == "safetensors")).count(), rows.len());
}
