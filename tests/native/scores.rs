//! Log-density and score of the exact mixtures against another implementation, in f64 and in f32.

use crate::mixture;
use crate::tiles::{Ask, ask};
use guidance_playground::plane::distribution::student::{Node, nodes};
use guidance_playground::plane::distribution::{Classes, MixtureLanes};
use nalgebra::Vector2;
use serde::Deserialize;

const GAUSSIAN: &[Node] = &[Node::GAUSSIAN];

#[derive(Deserialize)]
struct Entry {
    classes: Classes,
    sigma: f64,
    x: [f64; 2],
    log_density: f64,
    score: [f64; 2],
}

fn reference() -> Vec<Entry> {
    let entries: Vec<Entry> = serde_json::from_str(include_str!("../data/scores.json")).unwrap();
    assert_eq!(entries.len(), 160);
    entries
}

/// Error relative to the value, or absolute where the value is below one.
fn error(found: f64, expected: f64) -> f64 {
    (found - expected).abs() / expected.abs().max(1.0)
}

#[test]
fn double_precision_is_the_references() {
    let mut worst: f64 = 0.0;
    for e in reference() {
        let v = mixture(e.classes).evaluate(Vector2::from(e.x), e.sigma);
        worst = worst
            .max(error(v.log_density, e.log_density))
            .max(error(v.score.x, e.score[0]))
            .max(error(v.score.y, e.score[1]));
    }
    assert!(worst < 1e-9, "{worst}");
}

#[test]
fn single_precision_follows() {
    for sigma in [0.002, 0.03, 0.3, 1.0, 5.0] {
        let (mut log_error, mut score_error) = (0f64, 0f64);
        for classes in [Classes::A, Classes::AB] {
            let points: Vec<[f32; 2]> = reference()
                .iter()
                .filter(|e| e.classes == classes && e.sigma == sigma)
                .map(|e| e.x.map(|x| x as f32))
                .collect();
            assert_eq!(points.len(), 16);
            let lanes = MixtureLanes::new(mixture(classes));
            let sigmas = vec![sigma as f32; points.len()];
            let each = ask(&Ask::MixtureEach(&lanes, GAUSSIAN, &sigmas), &points);
            let all = ask(&Ask::Mixture(&lanes, GAUSSIAN, sigma), &points);
            assert_eq!(all.iter().map(|v| v.0).collect::<Vec<_>>(), lanes.log_densities(sigma, &points));
            for found in [all, each] {
                for (&(log_density, score), p) in found.iter().zip(&points) {
                    // The truth at the rounded point: the point's own rounding is no error of the evaluation.
                    let v = mixture(classes).evaluate(Vector2::from(p.map(f64::from)), sigma);
                    let score = Vector2::from(score.map(f64::from)) - v.score;
                    log_error = log_error.max(error(f64::from(log_density), v.log_density));
                    score_error = score_error.max(score.norm() / v.score.norm().max(1.0));
                }
            }
        }
        // Exponents of some tens carry roundings of 6e-8 each, so shares of components err by a few 1e-6, and the score
        // by as much of the pulls that it averages, which at low noise partly cancel.
        assert!(log_error < 3e-6 && score_error < 1e-5, "sigma {sigma}: {log_error} {score_error}");
    }
}

#[test]
fn far_away_single_precision_stays_finite() {
    // A thousand of the widest component's standard deviations, at every noise level, in eight directions; and points
    // at once in the tile, since the running maximum is each lane's own.
    let widest = mixture(Classes::AB).components().iter().map(|c| c.covariance.trace()).fold(0.0, f64::max).sqrt();
    let lanes = MixtureLanes::new(mixture(Classes::AB));
    for sigma in [0.0, 0.002, 0.3, 5.0] {
        let distance = 1e3 * f64::hypot(widest, sigma);
        let points: Vec<[f32; 2]> = (0..8)
            .map(|i| f64::from(i) * std::f64::consts::FRAC_PI_4)
            .map(|angle| [distance * angle.cos(), distance * angle.sin()].map(|v| v as f32))
            .chain([[0.1, 0.2]])
            .collect();
        let sigmas = vec![sigma as f32; points.len()];
        let all = ask(&Ask::Mixture(&lanes, GAUSSIAN, sigma), &points);
        let each = ask(&Ask::MixtureEach(&lanes, GAUSSIAN, &sigmas), &points);
        for (&(log_density, score), p) in all.iter().zip(&points).chain(each.iter().zip(&points)) {
            let v = mixture(Classes::AB).evaluate(Vector2::from(p.map(f64::from)), sigma);
            let score = Vector2::from(score.map(f64::from)) - v.score;
            // Far out one component is all there is: only its own few roundings are left.
            let errors = [error(f64::from(log_density), v.log_density), score.norm() / v.score.norm()];
            assert!(errors.iter().all(|&e| e < 2e-6), "sigma {sigma} at {p:?}: {errors:?}");
        }
    }
}

#[derive(Deserialize)]
struct StudentT {
    mixture: Vec<StudentTEntry>,
}

#[derive(Deserialize)]
struct StudentTEntry {
    nu: f64,
    sigma: f64,
    scales: f64,
    x: [f64; 2],
    log_density: f64,
    score: [f64; 2],
}

#[test]
fn student_t_is_the_references() {
    let reference: StudentT = serde_json::from_str(include_str!("../data/student.json")).unwrap();
    assert_eq!(reference.mixture.len(), 60);
    for e in reference.mixture {
        let (log_density, score) = mixture(Classes::A).evaluate_student_t(Vector2::from(e.x), e.sigma, e.nu).unwrap();
        let expected = Vector2::from(e.score);
        // Among the data pulls of many components cancel, each of up to one over its width and right to some 1e-5.
        let error = (score - expected).norm() / expected.norm().max(1.0 / e.sigma.hypot(0.02));
        // The rule's own errors, which student.rs gives: near the data, and far off where its steps are coarse.
        let tolerances = if e.scales <= 8.0 { [3e-5, 5e-5] } else { [4e-3, 8e-3] };
        assert!(error < tolerances[0], "{} {} {:?}: {error:e}", e.nu, e.sigma, e.x);
        assert!((log_density - e.log_density).abs() < tolerances[1], "{} {} {:?}", e.nu, e.sigma, e.x);
    }
}

#[test]
fn student_t_in_single_precision_follows() {
    let data = mixture(Classes::A);
    let lanes = MixtureLanes::new(data);
    for (nu, sigma) in [(0.2, 0.002), (1.0, 0.3), (3.0, 0.03), (10.0, 5.0), (100.0, 0.002), (1e6, 0.3)] {
        let nodes = nodes(nu).unwrap();
        // Among the data, some scales off, and 300 scales: where shares of the tail's nodes are below e^-300.
        let points: Vec<[f32; 2]> = [0.0, 0.1, 1.0, 10.0, 300.0]
            .iter()
            .flat_map(|scales| {
                [[0.3, 0.3], [0.1, 0.2], [0.45, 1.22]]
                    .map(|p: [f64; 2]| [p[0] - 0.8 * scales * sigma, p[1] + 0.6 * scales * sigma])
            })
            .map(|p| p.map(|v| v as f32))
            .collect();
        let sigmas = vec![sigma as f32; points.len()];
        let all = ask(&Ask::Mixture(&lanes, &nodes, sigma), &points);
        let each = ask(&Ask::MixtureEach(&lanes, &nodes, &sigmas), &points);
        for found in [all, each] {
            for (&(log_density, score), p) in found.iter().zip(&points) {
                let x = Vector2::from(p.map(f64::from));
                let (expected, slope) = data.evaluate_student_t(x, sigma, nu).unwrap();
                let score = Vector2::from(score.map(f64::from)) - slope;
                let errors = [error(f64::from(log_density), expected), score.norm() / slope.norm().max(1.0 / sigma)];
                assert!(errors.iter().all(|&e| e < 1e-5), "{nu} {sigma} {p:?}: {errors:?}");
            }
        }
    }
}
