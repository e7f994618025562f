//! The proposal's claims, each with a criterion that numbers decide.
//!
//! Seeds are the independent repetitions: a difference is taken seed by seed, from the same starts, and Student's t of its
//! mean decides at the one-sided level of 1%.

use super::claim::{Claim, Finding, Found};
use super::metrics::METRICS;
use super::verdict::{Comparison, Verdict};
use crate::plane::metrics::Metric;
use std::collections::BTreeMap;

/// Each seed's metrics of every experiment, seeds in the same order, and the truth.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    /// By the experiments' identifiers, in the order of [`METRICS`].
    pub runs: BTreeMap<String, Vec<[f64; METRICS.len()]>>,
    /// What a perfect sampler gives.
    pub truth: [f64; METRICS.len()],
}

impl Evidence {
    fn values(&self, id: &str, metric: Metric) -> Found<Vec<f64>> {
        let runs = self.runs.get(id).ok_or_else(|| id.to_owned())?;
        Ok(runs.iter().map(|values| values[metric.index()]).collect())
    }

    /// `a` less `factor` times `b`, by the seeds that both have.
    fn less(&self, metric: Metric, a: &str, factor: f64, b: &str) -> Found<Comparison> {
        let (va, vb) = (self.values(a, metric)?, self.values(b, metric)?);
        let differences: Vec<f64> = va.iter().zip(&vb).map(|(a, b)| a - factor * b).collect();
        let times = if factor == 1.0 { String::new() } else { format!("{factor} × ") };
        Ok(Comparison::new(format!("{}: [{a}] − {times}[{b}]", metric.name), &differences))
    }

    /// A metric less a number.
    fn above(&self, metric: Metric, a: &str, number: f64, what: &str) -> Found<Comparison> {
        let differences: Vec<f64> = self.values(a, metric)?.iter().map(|v| v - number).collect();
        Ok(Comparison::new(format!("{}: [{a}] − {what}", metric.name), &differences))
    }

    /// A number less a metric.
    fn below(&self, metric: Metric, a: &str, number: f64, what: &str) -> Found<Comparison> {
        let differences: Vec<f64> = self.values(a, metric)?.iter().map(|v| number - v).collect();
        Ok(Comparison::new(format!("{}: {what} − [{a}]", metric.name), &differences))
    }

    fn truth(&self, metric: Metric) -> f64 {
        self.truth[metric.index()]
    }
}

const SCALES: [&str; 5] = ["k1.00", "k1.02", "k1.04", "k1.10", "k1.20"];
const COSINES: [&str; 3] = ["cosine4", "cosine6", "cosine8"];
/// Share of branches that have to remain for diversity to be kept.
const KEPT: f64 = 0.9;

fn concentrates(e: &Evidence) -> Found<Finding> {
    let mut found = Vec::new();
    for pair in SCALES.windows(2) {
        found.push(e.less(Metric::MAIN_BRANCH_SHARE, pair[1], 1.0, pair[0])?);
        found.push(e.less(Metric::EFFECTIVE_BRANCHES, pair[0], 1.0, pair[1])?);
    }
    Ok(Finding::all(found))
}

fn small_scale(e: &Evidence) -> Found<Finding> {
    Ok(Finding::all(vec![
        e.less(Metric::OUTLIERS, "none", 1.0, "k1.02")?,
        e.less(Metric::EFFECTIVE_BRANCHES, "k1.02", KEPT, "none")?,
    ]))
}

fn large_scale(e: &Evidence) -> Found<Finding> {
    Ok(Finding::all(vec![
        e.above(Metric::LOG_DENSITY_GAP, "k1.20", 0.0, "0")?,
        e.less(Metric::LOG_DENSITY_GAP, "k1.20", 1.0, "k1.04")?,
        e.below(
            Metric::EFFECTIVE_BRANCHES,
            "k1.20",
            0.5 * e.truth(Metric::EFFECTIVE_BRANCHES),
            "half the true number",
        )?,
    ]))
}

fn schedule_diverse(e: &Evidence) -> Found<Finding> {
    let found = COSINES.map(|g| e.less(Metric::EFFECTIVE_BRANCHES, g, 1.0, "k1.20"));
    Ok(Finding::all(found.into_iter().collect::<Found<_>>()?))
}

fn weight_concentrates(e: &Evidence) -> Found<Finding> {
    let mut found = Vec::new();
    for pair in COSINES.windows(2) {
        found.push(e.less(Metric::MEDIAN_LOG_DENSITY, pair[1], 1.0, pair[0])?);
        found.push(e.less(Metric::LOG_DENSITY_GAP, pair[1], 1.0, pair[0])?);
    }
    Ok(Finding::all(found))
}

fn beside_autoguidance(e: &Evidence, ids: &[&str]) -> Found<Finding> {
    let mut found = Vec::new();
    for id in ids {
        found.push(e.less(Metric::EFFECTIVE_BRANCHES, id, 1.0, "auto")?);
        found.push(e.less(Metric::OUTLIERS, id, 1.0, "auto")?);
    }
    Ok(Finding::all(found))
}

/// Branch total variation and W1 of some runs are greater than of others.
fn worse(e: &Evidence, pairs: &[[&str; 2]]) -> Found<Finding> {
    let mut found = Vec::new();
    for [worse, better] in pairs {
        for metric in [Metric::BRANCH_TOTAL_VARIATION, Metric::SLICED_WASSERSTEIN] {
            found.push(e.less(metric, worse, 1.0, better)?);
        }
    }
    Ok(Finding::all(found))
}

fn heavy_tails(e: &Evidence) -> Found<Finding> {
    let lost: Vec<f64> = e
        .values("none", Metric::EFFECTIVE_BRANCHES)?
        .iter()
        .zip(e.values("auto", Metric::EFFECTIVE_BRANCHES)?)
        .map(|(none, auto)| KEPT * none - auto)
        .collect();
    let lost = Comparison::new(format!("effective branches: {KEPT} × [none] − [auto]"), &lost);
    let tails = ["student4", "student10", "tail4", "tail10"];
    let kept: Vec<Comparison> = tails
        .into_iter()
        .filter(|id| e.runs.contains_key(*id))
        .map(|id| e.less(Metric::EFFECTIVE_BRANCHES, id, KEPT, "none"))
        .collect::<Found<_>>()?;
    if kept.is_empty() {
        return Err(tails[0].to_owned());
    }
    let any = Verdict::any(kept.iter().map(Comparison::verdict));
    let verdict = Verdict::all([any, lost.verdict()]);
    Ok(Finding { verdict, comparisons: kept.into_iter().chain([lost]).collect(), missing: None })
}

fn emphasises_modes(e: &Evidence) -> Found<Finding> {
    Ok(Finding::all(vec![
        e.less(Metric::OUTLIERS, "none", 1.0, "auto")?,
        e.less(Metric::MEDIAN_LOG_DENSITY, "auto", 1.0, "none")?,
        e.above(Metric::MEDIAN_LOG_DENSITY, "auto", e.truth(Metric::MEDIAN_LOG_DENSITY), "a perfect sampler's")?,
    ]))
}

/// The proposal's claims.
pub fn claims() -> Vec<Claim<Evidence>> {
    let claim = |statement, criterion, test| Claim { statement, criterion, test };
    vec![
        claim(
            "As k grows, samples concentrate on the main branch.",
            "From each k to the next of 1.00, 1.02, 1.04, 1.10 and 1.20 (w = 3), the share of the main branch rises and the \
             effective branches fall.",
            concentrates,
        ),
        claim(
            "Small k removes outliers and keeps diversity.",
            "With k = 1.02, the smallest, there are fewer outliers than without guidance, and at least 0.9 of its effective \
             branches.",
            small_scale,
        ),
        claim(
            "Too large k pulls samples to the dense region.",
            "With k = 1.20 the mean log p is above the data's own and above that of k = 1.04, and fewer than half of the true \
             effective branches remain.",
            large_scale,
        ),
        claim(
            "A weight schedule with sigma scaling is more diverse than sigma scaling alone.",
            "With k = 1.20, each of the cosine weights g = 4, 6, 8 has more effective branches than the static w = 3.",
            schedule_diverse,
        ),
        claim(
            "A larger weight pulls to the dense region.",
            "From g = 4 to 6 to 8 (cosine, k = 1.20), median and mean log p both rise.",
            weight_concentrates,
        ),
        claim(
            "Beside autoguidance it is more diverse but keeps outliers (sigma scaling with the cosine weight).",
            "Each of g = 4, 6, 8 (k = 1.20) has more effective branches and more outliers than autoguidance with w = 3.",
            |e| beside_autoguidance(e, &COSINES),
        ),
        claim(
            "Beside autoguidance it is more diverse but keeps outliers (sigma scaling alone, small k).",
            "k = 1.02 (w = 3) has more effective branches and more outliers than autoguidance with w = 3.",
            |e| beside_autoguidance(e, &["k1.02"]),
        ),
        claim(
            "Increasing guidance monotonically is better than static.",
            "With the same mean weight, rising linearly and as a cosine both have a smaller branch total variation and a \
             smaller W1 than the static weight: of sigma scaling (k = 1.10, w = 3) and of CFG (w = 4).",
            |e| {
                worse(
                    e,
                    &[
                        ["k1.10", "k1.10 linear"],
                        ["k1.10", "k1.10 cosine"],
                        ["cfg", "cfg linear"],
                        ["cfg", "cfg cosine"],
                    ],
                )
            },
        ),
        claim(
            "Too much guidance at the beginning is harmful.",
            "With the same mean weight, falling linearly and as a cosine both have a greater branch total variation and a \
             greater W1 than the static weight: of sigma scaling (k = 1.10, w = 3) and of CFG (w = 4).",
            |e| {
                worse(
                    e,
                    &[["k1.10 inverse", "k1.10"], ["k1.10 sine", "k1.10"], ["cfg inverse", "cfg"], ["cfg sine", "cfg"]],
                )
            },
        ),
        claim(
            "A heavy-tailed guide keeps the whole distribution where a degraded one cannot.",
            "At least one of the heavy-tailed guides, exact or trained, keeps 0.9 of the effective branches that there are \
             without guidance; autoguidance with w = 3 does not.",
            heavy_tails,
        ),
        claim(
            "Autoguidance works because it emphasises modes.",
            "Autoguidance with w = 3 has fewer outliers than no guidance (it works), and its median log p is above that of \
             no guidance and above a perfect sampler's (it emphasises modes). That the one is the cause of the other is \
             beyond these numbers.",
            emphasises_modes,
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEEDS: usize = 5;

    /// Metrics that vary a little from seed to seed; what is not given is zero.
    fn evidence(rows: &[(&str, &[(Metric, f64)])]) -> Evidence {
        let runs = rows.iter().enumerate().map(|(i, (id, metrics))| {
            let seeds = (0..SEEDS).map(|seed| {
                let mut values = [0.0; METRICS.len()];
                for (metric, value) in *metrics {
                    // Independent of each other from run to run, a thousandth of the value.
                    let noise = ((17 * i + 7 * seed) % 11) as f64 - 5.0;
                    values[metric.index()] = value * (1.0 + 2e-4 * noise);
                }
                values
            });
            ((*id).to_owned(), seeds.collect())
        });
        let mut truth = [0.0; METRICS.len()];
        truth[Metric::EFFECTIVE_BRANCHES.index()] = 31.0;
        truth[Metric::MEDIAN_LOG_DENSITY.index()] = 1.4;
        Evidence { runs: runs.collect(), truth }
    }

    const BRANCHES: Metric = Metric::EFFECTIVE_BRANCHES;
    const OUTLIERS: Metric = Metric::OUTLIERS;
    const MEDIAN: Metric = Metric::MEDIAN_LOG_DENSITY;
    const GAP: Metric = Metric::LOG_DENSITY_GAP;
    const SHARE: Metric = Metric::MAIN_BRANCH_SHARE;
    const VARIATION: Metric = Metric::BRANCH_TOTAL_VARIATION;
    const W1: Metric = Metric::SLICED_WASSERSTEIN;

    fn verdict(test: fn(&Evidence) -> Found<Finding>, rows: &[(&str, &[(Metric, f64)])]) -> Verdict {
        Claim { statement: "", criterion: "", test }.test(&evidence(rows)).verdict
    }

    use Verdict::{DoesNotHold, Holds, Undecided, Untested};

    /// Runs of one metric.
    fn series<'a>(ids: &[&'a str], metrics: &'a [[(Metric, f64); 2]]) -> Vec<(&'a str, &'a [(Metric, f64)])> {
        ids.iter().zip(metrics).map(|(id, f)| (*id, &f[..])).collect()
    }

    #[test]
    fn concentration_is_monotonic() {
        let with = |shares: [f64; 5], branches: [f64; 5]| {
            let metrics: Vec<[(Metric, f64); 2]> =
                shares.into_iter().zip(branches).map(|(s, b)| [(SHARE, s), (BRANCHES, b)]).collect();
            verdict(concentrates, &series(&SCALES, &metrics))
        };
        let branches = [30.0, 20.0, 15.0, 7.0, 3.0];
        assert_eq!(with([0.25, 0.3, 0.4, 0.6, 0.8], branches), Holds);
        assert_eq!(with([0.25, 0.3, 0.2, 0.6, 0.8], branches), DoesNotHold);
        assert_eq!(with([0.25, 0.3, 0.3, 0.6, 0.8], branches), Undecided);
        assert_eq!(with([0.25, 0.3, 0.4, 0.6, 0.8], [30.0, 20.0, 15.0, 3.0, 7.0]), DoesNotHold);
        assert_eq!(verdict(concentrates, &[("k1.00", &[(SHARE, 0.2)])]), Untested);
    }

    #[test]
    fn small_scales_remove_and_keep() {
        let with = |outliers: f64, branches: f64| {
            let none: &[_] = &[(OUTLIERS, 0.1), (BRANCHES, 30.0)];
            verdict(small_scale, &[("none", none), ("k1.02", &[(OUTLIERS, outliers), (BRANCHES, branches)])])
        };
        assert_eq!(with(0.05, 28.0), Holds);
        assert_eq!(with(0.05, 26.0), DoesNotHold);
        assert_eq!(with(0.05, 27.0), Undecided);
        assert_eq!(with(0.2, 28.0), DoesNotHold);
    }

    #[test]
    fn large_scales_pull() {
        let with = |gap: f64, branches: f64| {
            verdict(large_scale, &[("k1.04", &[(GAP, 0.3)]), ("k1.20", &[(GAP, gap), (BRANCHES, branches)])])
        };
        assert_eq!(
            [with(1.3, 3.0), with(0.2, 3.0), with(-1.0, 3.0), with(1.3, 20.0)],
            [Holds, DoesNotHold, DoesNotHold, DoesNotHold]
        );
    }

    #[test]
    fn schedules_are_more_diverse() {
        let with = |branches: [f64; 4]| {
            let metrics = branches.map(|b| [(BRANCHES, b), (BRANCHES, b)]);
            verdict(schedule_diverse, &series(&["k1.20", "cosine4", "cosine6", "cosine8"], &metrics))
        };
        assert_eq!(with([3.0, 10.0, 12.0, 15.0]), Holds);
        assert_eq!(with([13.0, 10.0, 12.0, 15.0]), DoesNotHold);
    }

    #[test]
    fn larger_weights_pull() {
        let with = |median: [f64; 3], gap: [f64; 3]| {
            let metrics: Vec<_> = median.into_iter().zip(gap).map(|(m, g)| [(MEDIAN, m), (GAP, g)]).collect();
            verdict(weight_concentrates, &series(&COSINES, &metrics))
        };
        assert_eq!(with([1.4, 1.7, 2.0], [0.1, 0.3, 0.5]), Holds);
        assert_eq!(with([1.4, 1.3, 2.0], [0.1, 0.3, 0.5]), DoesNotHold);
        assert_eq!(with([1.4, 1.7, 2.0], [0.1, 0.3, 0.3]), Undecided);
    }

    #[test]
    fn autoguidance_is_compared_by_both() {
        let test = |e: &Evidence| beside_autoguidance(e, &["k1.02"]);
        let with = |branches: f64, outliers: f64| {
            let auto: &[_] = &[(BRANCHES, 24.0), (OUTLIERS, 0.06)];
            verdict(test, &[("auto", auto), ("k1.02", &[(BRANCHES, branches), (OUTLIERS, outliers)])])
        };
        assert_eq!([with(26.0, 0.08), with(21.0, 0.08), with(26.0, 0.01)], [Holds, DoesNotHold, DoesNotHold]);
    }

    #[test]
    fn shapes_in_time_are_judged_by_both_distances() {
        let with = |variation: f64, w1: f64| {
            let base: &[_] = &[(VARIATION, 0.2), (W1, 0.05)];
            verdict(|e| worse(e, &[["a", "b"]]), &[("b", base), ("a", &[(VARIATION, variation), (W1, w1)])])
        };
        assert_eq!([with(0.3, 0.06), with(0.1, 0.06), with(0.3, 0.05)], [Holds, DoesNotHold, Undecided]);
    }

    #[test]
    fn one_heavy_tail_is_enough() {
        let with = |tails: [f64; 4], auto: f64| {
            let branches: Vec<[(Metric, f64); 2]> =
                tails.into_iter().chain([auto, 30.0]).map(|b| [(BRANCHES, b), (BRANCHES, b)]).collect();
            verdict(heavy_tails, &series(&["student4", "student10", "tail4", "tail10", "auto", "none"], &branches))
        };
        assert_eq!(with([10.0, 28.5, 5.0, 6.0], 24.0), Holds);
        assert_eq!(with([10.0, 20.0, 5.0, 6.0], 24.0), DoesNotHold);
        assert_eq!(with([10.0, 28.5, 5.0, 6.0], 29.0), DoesNotHold);
    }

    #[test]
    fn modes_are_emphasised() {
        let with = |outliers: f64, median: f64| {
            let none: &[_] = &[(OUTLIERS, 0.1), (MEDIAN, 1.1)];
            verdict(emphasises_modes, &[("none", none), ("auto", &[(OUTLIERS, outliers), (MEDIAN, median)])])
        };
        assert_eq!([with(0.06, 1.9), with(0.06, 1.2), with(0.2, 1.9)], [Holds, DoesNotHold, DoesNotHold]);
    }

    #[test]
    fn claims_speak_of_experiments_that_there_are() {
        let full =
            super::super::experiments().iter().map(|e| (e.id.to_owned(), vec![[0.0; METRICS.len()]; 2])).collect();
        let evidence = Evidence { runs: full, truth: [1.0; METRICS.len()] };
        for claim in claims() {
            assert_eq!(claim.test(&evidence).missing, None, "{}", claim.statement);
        }
    }
}
