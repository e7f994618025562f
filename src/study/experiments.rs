//! The proposal's experiments, and values published of some of them.

use super::metrics::METRICS;
use crate::guidance::{Guide, Interval, Noise, Schedule, Scheme, Space};
use crate::plane::catalogue::named;
use crate::plane::metrics::Metric;

/// A scheme of the report.
#[derive(Clone, Debug)]
pub struct Experiment {
    /// What claims and pictures call it.
    pub id: &'static str,
    /// In words.
    pub name: &'static str,
    /// The setting, with networks.
    pub scheme: Scheme,
}

fn preset(id: &str) -> Scheme {
    named(id).expect("the catalogue has it")
}

/// The proposal's settings, and those that its claims compare them with.
pub fn experiments() -> Vec<Experiment> {
    let scheduled = |base: &str, schedule| Scheme { schedule, ..preset(base) };
    let tail = |nu: &'static str, k: f64| Scheme {
        guide: Some(Guide::new(&*format!("tail-64-nu{nu}:A"), k)),
        weight: 3.0,
        ..Scheme::default()
    };
    let row = |id, name, scheme| Experiment { id, name, scheme };
    vec![
        row("none", "no guidance", preset("none")),
        row("k1.00", "k = 1.00, w = 3", preset("ht-1.00")),
        row("k1.02", "k = 1.02, w = 3", preset("ht-1.02")),
        row("k1.04", "k = 1.04, w = 3", preset("ht-1.04")),
        row("k1.10", "k = 1.10, w = 3", preset("ht-1.10")),
        row("k1.20", "k = 1.20, w = 3", preset("ht-1.20")),
        row("cosine4", "k = 1.20, cosine g = 4", preset("ht-cosine-4")),
        row("cosine6", "k = 1.20, cosine g = 6", preset("ht-cosine-6")),
        row("cosine8", "k = 1.20, cosine g = 8", preset("ht-cosine-8")),
        row("k1.10 linear", "k = 1.10, w = 3 rising linearly", scheduled("ht-1.10", Schedule::Linear)),
        row("k1.10 cosine", "k = 1.10, w = 3 rising as a cosine", scheduled("ht-1.10", Schedule::Cosine)),
        row("k1.10 inverse", "k = 1.10, w = 3 falling linearly", scheduled("ht-1.10", Schedule::InverseLinear)),
        row("k1.10 sine", "k = 1.10, w = 3 falling as a cosine", scheduled("ht-1.10", Schedule::Sine)),
        row("auto", "autoguidance, w = 3", preset("ag-toy")),
        row("cfg", "CFG, w = 4", preset("cfg-toy")),
        row("cfg linear", "CFG, w = 4 rising linearly", preset("ws-linear")),
        row("cfg cosine", "CFG, w = 4 rising as a cosine", preset("ws-cosine")),
        row("cfg inverse", "CFG, w = 4 falling linearly", scheduled("cfg-toy", Schedule::InverseLinear)),
        row("cfg sine", "CFG, w = 4 falling as a cosine", scheduled("cfg-toy", Schedule::Sine)),
        // Before the trained ones, whose exact counterparts these are.
        row("student4", "exact Student-t ν = 4, k = 1.25, w = 3", preset("ht-student-4")),
        row("student10", "exact Student-t ν = 10, k = 1.10, w = 3", preset("ht-student-10")),
        row("tail4", "trained heavy tail ν = 4, k = 1.25, w = 3", tail("4", 1.25)),
        row("tail10", "trained heavy tail ν = 10, k = 1.10, w = 3", tail("10", 1.1)),
    ]
}

/// Metrics of a run with exact scores, 1024 particles and 32 steps of Heun's method, by another implementation in
/// float64: the project's own reference, rounded as it stands there.
#[derive(Clone, Debug)]
pub struct Published {
    /// In words.
    pub name: &'static str,
    /// The setting.
    pub scheme: Scheme,
    /// Share of outliers, to .001.
    pub outliers: f64,
    /// Mean log p, to .01.
    pub mean_log_density: f64,
    /// Branch total variation, to .01.
    pub branch_total_variation: f64,
}

impl Published {
    /// Number of particles of each.
    pub const PARTICLES: usize = 1024;

    /// Outliers, mean log p and branch total variation of some runs of `particles` against those published; `runs` have
    /// values of [`METRICS`](super::METRICS), and `mean_log_density` is that of the data.
    pub fn agreements(&self, runs: &[[f64; METRICS.len()]], mean_log_density: f64, particles: usize) -> [Agreement; 3] {
        let of = |metric: Metric| runs.iter().map(move |values| values[metric.index()]);
        let spread = |metric: Metric| {
            let n = runs.len() as f64;
            let mean = of(metric).sum::<f64>() / n;
            (mean, (of(metric).map(|v| (v - mean) * (v - mean)).sum::<f64>() / (n - 1.0)).sqrt())
        };
        let (outliers, _) = spread(Metric::OUTLIERS);
        // A share of independent particles; one more is counted, for a spread where there was none.
        let share = outliers + 1.0 / (particles * runs.len()) as f64;
        let of_share = (share * (1.0 - share) / particles as f64).sqrt();
        let (gap, of_gap) = spread(Metric::LOG_DENSITY_GAP);
        let (variation, of_variation) = spread(Metric::BRANCH_TOTAL_VARIATION);
        let agreement =
            |published, rounding, mean, spread| Agreement::new(published, rounding, mean, spread, runs.len());
        [
            agreement(self.outliers, 5e-4, outliers, of_share),
            agreement(self.mean_log_density, 5e-3, gap + mean_log_density, of_gap),
            agreement(self.branch_total_variation, 5e-3, variation, of_variation),
        ]
    }
}

/// A published value of one run, and the mean of some runs here.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Agreement {
    /// The published one.
    pub published: f64,
    /// The mean.
    pub mean: f64,
    /// Standard error of the difference between one run and the mean.
    pub standard_error: f64,
    /// How many standard errors they are apart, beyond rounding.
    pub apart: f64,
}

impl Agreement {
    /// A value that was rounded by at most `rounding`, against the mean of `runs` runs of which one varies by `spread`.
    pub fn new(published: f64, rounding: f64, mean: f64, spread: f64, runs: usize) -> Self {
        let standard_error = spread * (1.0 + 1.0 / runs as f64).sqrt();
        let beyond = ((mean - published).abs() - rounding).max(0.0);
        Self { published, mean, standard_error, apart: if beyond == 0.0 { 0.0 } else { beyond / standard_error } }
    }

    /// Whether they are within three standard errors.
    pub fn agrees(&self) -> bool {
        self.apart <= 3.0
    }
}

/// The reference's table.
pub fn published() -> Vec<Published> {
    let exact =
        |guide: Option<Guide>, weight: f64| Scheme { main: "exact:A".into(), guide, weight, ..Scheme::default() };
    let scaled = |k: f64| exact(Some(Guide::new("exact:A", k)), 3.0);
    let free = |w: f64| exact(Some(Guide::new("exact:AB", 1.0)), w);
    let cosine = |g: f64| {
        let preset = preset("ht-cosine-4");
        Scheme { schedule: preset.schedule, reading: preset.reading, weight: g, ..scaled(1.2) }
    };
    let student = |k: f64| {
        let noise = Noise::StudentT { degrees_of_freedom: 4.0 };
        exact(Some(Guide { noise, ..Guide::new("exact:A", k) }), 3.0)
    };
    let row = |name, [outliers, mean_log_density, branch_total_variation]: [f64; 3], scheme| Published {
        name,
        scheme,
        outliers,
        mean_log_density,
        branch_total_variation,
    };
    vec![
        row("no guidance", [0.014, 1.31, 0.10], exact(None, 1.0)),
        row("CFG, w = 2", [0.010, 1.13, 0.31], free(2.0)),
        row("CFG, w = 4", [0.014, 0.60, 0.60], free(4.0)),
        row("k = 1.02, w = 3", [0.001, 1.65, 0.12], scaled(1.02)),
        row("k = 1.04, w = 3", [0.002, 1.87, 0.18], scaled(1.04)),
        row("k = 1.10, w = 3", [0.0, 2.35, 0.37], scaled(1.1)),
        row("k = 1.20, w = 3", [0.0, 2.67, 0.56], scaled(1.2)),
        row(
            "k = 1.20, w = 3, denoised estimates mixed",
            [0.073, 0.52, 0.26],
            Scheme { space: Space::Denoised, ..scaled(1.2) },
        ),
        row("k = 1.20, cosine g = 4", [0.0, 1.39, 0.24], cosine(4.0)),
        row("k = 1.20, cosine g = 8", [0.0, 1.96, 0.18], cosine(8.0)),
        row("k = 1.10, w = 3 rising linearly", [0.0, 2.05, 0.18], Scheme { schedule: Schedule::Linear, ..scaled(1.1) }),
        row(
            "k = 1.10, w = 3 rising as a cosine",
            [0.0, 1.97, 0.13],
            Scheme { schedule: Schedule::Cosine, ..scaled(1.1) },
        ),
        row(
            "k = 1.10, w = 3 inside (.02, .30]",
            [0.004, 1.64, 0.09],
            Scheme { interval: Some(Interval { low: 0.02, high: 0.3 }), ..scaled(1.1) },
        ),
        row("Student-t ν = 4, k = 1, w = 3", [0.0, 1.62, 0.37], student(1.0)),
        row("Student-t ν = 4, k = 1.2247, w = 3", [0.0, 2.49, 0.50], student(1.2247)),
        row("Student-t ν = 4, k = 1.35, w = 3", [0.0, 2.69, 0.59], student(1.35)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Plan;
    use std::collections::BTreeSet;

    #[test]
    fn values_agree_within_three_errors_beyond_rounding() {
        let at = |published: f64| Agreement::new(published, 0.5, 10.0, 3.0, 8);
        // Standard error 3 sqrt(9/8) = 3.18.
        assert!((at(10.0).standard_error - 3.181_980_515).abs() < 1e-8);
        assert_eq!([at(10.5).apart, at(9.5).apart], [0.0, 0.0]);
        assert!((at(20.5).apart - 10.0 / 3.181_980_515).abs() < 1e-8);
        assert_eq!([at(20.0).agrees(), at(20.5).agrees(), at(0.1).agrees()], [true, false, true]);
        assert!(Agreement::new(0.0, 0.5, 0.0, 0.0, 8).agrees() && !Agreement::new(1.0, 0.5, 0.0, 0.0, 8).agrees());
    }

    #[test]
    fn agreements_are_of_the_right_metrics() {
        let row = published().remove(0);
        let mut values = [[0.0; METRICS.len()]; 2];
        for (run, sign) in values.iter_mut().zip([-1.0, 1.0]) {
            run[Metric::OUTLIERS.index()] = 0.02 + 0.001 * sign;
            run[Metric::LOG_DENSITY_GAP.index()] = 0.1 + 0.03 * sign;
            run[Metric::BRANCH_TOTAL_VARIATION.index()] = 0.2 + 0.05 * sign;
        }
        let [outliers, density, variation] = row.agreements(&values, 1.355, 1000);
        assert_eq!([outliers.published, density.published, variation.published], [0.014, 1.31, 0.10]);
        assert!((outliers.mean - 0.02).abs() < 1e-12 && (density.mean - 1.455).abs() < 1e-12);
        let share: f64 = 0.0205;
        assert!((outliers.standard_error - (1.5 * share * (1.0 - share) / 1000.0).sqrt()).abs() < 1e-12);
        // Of two, sqrt(2) times what each is off; and the mean's own.
        assert!((variation.standard_error - 0.05 * 3f64.sqrt()).abs() < 1e-12);
    }

    #[test]
    fn every_experiment_makes_sense() {
        let all = experiments();
        assert_eq!(all.iter().map(|e| e.id).collect::<BTreeSet<_>>().len(), all.len());
        for experiment in &all {
            Plan::new(&experiment.scheme).unwrap();
        }
        for row in published() {
            let plan = Plan::new(&row.scheme).unwrap();
            assert_eq!(plan.steps(), 32);
        }
    }
}
