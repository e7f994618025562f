//! The metrics of runs with exact scores against a table made by another implementation: only guidance, no network
//! error.
//!
//! A row of the table is one run, from 1024 other starts. So is each of the runs here, and the table's figures must lie
//! as close to the mean of ours as one more run would. (The table's rows share one set of starts, so they err together:
//! all its log-densities are one to two and a half standard errors low.)

use crate::sampler::{class_a_starts, endpoints, scheme, shipped};
use crate::{MODELS, mixture};
use guidance_playground::distribution::{Classes, MixtureLanes};
use guidance_playground::guidance::Scheme;
use guidance_playground::guidance::catalogue::named;
use guidance_playground::metrics::Judge;
use guidance_playground::sampling::Solver;
use std::sync::Arc;

const RUNS: usize = 8;
const PARTICLES: usize = 1024;

struct Row {
    outliers: f64,
    mean_log_density: f64,
    branch_total_variation: f64,
}

/// Mean and standard deviation of some numbers.
fn moments(values: impl Iterator<Item = f64> + Clone) -> (f64, f64) {
    let n = values.clone().count() as f64;
    let mean = values.clone().sum::<f64>() / n;
    (mean, (values.map(|v| (v - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt())
}

fn check(scheme: &Scheme, row: &Row) {
    let judge = Judge::new(Arc::clone(mixture(Classes::A)));
    let ends: Vec<[f32; 2]> = (0..RUNS as u64)
        .flat_map(|seed| endpoints(&MODELS, scheme.clone(), Solver::Heun, &class_a_starts(1000 + seed, PARTICLES)))
        .collect();
    // One run of the table and the mean of ours both vary; `error` is that of one run.
    let holds = |name: &str, found: f64, expected: f64, rounding: f64, deviations: f64, error: f64| {
        let tolerance = rounding + deviations * error * (1.0 + 1.0 / RUNS as f64).sqrt();
        assert!((found - expected).abs() < tolerance, "{scheme:?}, {name}: {found}, not {expected} +- {tolerance}");
    };
    let root = (PARTICLES as f64).sqrt();

    // A share of independent particles; one more is counted, for a spread where there was none.
    let outliers = judge.scores(&ends).values.outliers;
    let share = outliers + 1.0 / ends.len() as f64;
    holds("outliers", outliers, row.outliers, 5e-4, 4.0, (share * (1.0 - share)).sqrt() / root);

    let log_densities = MixtureLanes::new(mixture(Classes::A)).log_densities(0.0, &ends);
    let (mean, spread) = moments(log_densities.iter().map(|&l| f64::from(l)));
    holds("mean log p", mean, row.mean_log_density, 5e-3, 4.0, spread / root);

    // Its value and spread depend on the number of particles in no simple way: from the runs, so Student's t with seven
    // degrees of freedom, which exceeds 5.4 once in a thousand.
    let variations = ends.chunks(PARTICLES).map(|run| judge.scores(run).values.branch_total_variation);
    let (mean, spread) = moments(variations);
    holds("branch total variation", mean, row.branch_total_variation, 5e-3, 5.4, spread);
}

/// Outliers, mean log p, branch total variation.
fn row([outliers, mean_log_density, branch_total_variation]: [f64; 3]) -> Row {
    Row { outliers, mean_log_density, branch_total_variation }
}

#[test]
fn without_guidance() {
    check(&scheme("exact:A", None, 1.0), &row([0.014, 1.31, 0.10]));
}

#[test]
fn classifier_free_guidance() {
    check(&scheme("exact:A", Some(("exact:AB", 1.0)), 2.0), &row([0.010, 1.13, 0.31]));
    check(&scheme("exact:A", Some(("exact:AB", 1.0)), 4.0), &row([0.014, 0.60, 0.60]));
}

#[test]
fn sigma_scaling() {
    let rows = [
        (1.02, [0.001, 1.65, 0.12]),
        (1.04, [0.002, 1.87, 0.18]),
        (1.10, [0.0, 2.35, 0.37]),
        (1.20, [0.0, 2.67, 0.56]),
    ];
    for (k, figures) in rows {
        check(&scheme("exact:A", Some(("exact:A", k)), 3.0), &row(figures));
    }
}

/// The numbers of a row of the networks' card.
fn card(label: &str) -> Vec<f64> {
    let card = include_str!("../../weights/README.md");
    let row = card.lines().find_map(|line| line.strip_prefix(&format!("| {label} |"))).expect("the card has the row");
    row.trim_end_matches('|').split('|').map(|cell| cell.trim().parse().unwrap()).collect()
}

#[test]
fn shipped_networks_give_what_their_card_says() {
    let judge = Judge::new(Arc::clone(mixture(Classes::A)));
    let starts = class_a_starts(1, 16_384);
    let labels = ["none", "CFG w = 4 (AB32, 512)", "autoguidance w = 3 (A32, 512)"];
    for (id, label) in ["none", "classifier-free", "autoguidance"].into_iter().zip(labels) {
        let scheme = named(id).unwrap();
        let f = judge.scores(&endpoints(&shipped(&scheme), scheme, Solver::Heun, &starts)).values;
        let found =
            [f.outliers, f.log_density_gap, f.median_log_density, f.branch_total_variation, f.effective_branches];
        let expected = card(label);
        assert_eq!(expected.len(), found.len());
        // Other vector instructions round otherwise, so that a path in a thousand may end elsewhere; the mean of log p
        // hangs on a few far ones.
        for ((found, expected), tolerance) in found.iter().zip(expected).zip([0.002, 0.1, 0.02, 0.003, 0.15]) {
            assert!((found - expected).abs() < tolerance, "{label}: {found}, not {expected}");
        }
    }
}

#[derive(serde::Deserialize)]
struct Transport {
    name: String,
    points: Vec<[f32; 2]>,
    distance: f64,
}

/// SciPy's numbers. The distribution function is tabulated, which may cost 4e-6; points are projected to f32.
#[test]
fn sliced_wasserstein_is_scipys() {
    let judge = Judge::new(Arc::clone(mixture(Classes::A)));
    let sets: Vec<Transport> = serde_json::from_str(include_str!("../data/wasserstein.json")).unwrap();
    assert_eq!(sets.len(), 4);
    for set in sets {
        let found = judge.scores(&set.points).values.sliced_wasserstein;
        assert!(
            (found - set.distance).abs() < 4e-6 + 6e-8 * set.distance,
            "{}: {found}, not {}",
            set.name,
            set.distance
        );
    }
}
