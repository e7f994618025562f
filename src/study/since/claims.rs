//! Sentences about the field since, each with a criterion that numbers decide.

use super::gaussian::{WAYS, Widths};
use crate::guidance::catalogue::{NEGATIVE, SHARE_OF_B};
use crate::guidance::{Combination, Guide, Scheme};
use crate::plane::catalogue::named;
use crate::plane::metrics::Metric;
use crate::sampling::Solver;
use crate::study::METRICS;
use crate::study::claim::{Claim, Finding, Found};
use crate::study::verdict::Comparison;
use std::collections::BTreeMap;

/// Share of the branches that has to remain for none to be lost.
pub const KEPT: f64 = 0.9;
/// How much further from the true shares of branches, in total variation, a setting may be than no guidance: a tenth of the samples.
pub const LOST: f64 = 0.1;
/// As many more outliers are harmless.
const HARMLESS: f64 = 0.01;
/// What is as near as this is the same: half of what a table shows of outliers, ten times what it shows of a distance.
const SAME: f64 = 0.005;
/// How far the width of a run may be from its closed form: what steps of an SDE are off by, and chance.
const NEAR: f64 = 0.05;

/// What sentences are decided by, with one kind of models.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    /// Each seed's metrics, seeds in the same order: of a rule as published by its identifier, at its best with ` best` added.
    pub runs: BTreeMap<String, Vec<[f64; METRICS.len()]>>,
    /// What a perfect sampler gives.
    pub truth: [f64; METRICS.len()],
    /// One Gaussian, seed by seed.
    pub widths: Vec<Widths>,
    /// Whether there is no network error.
    pub exact: bool,
}

impl Evidence {
    fn values(&self, id: &str, metric: Metric) -> Found<Vec<f64>> {
        let runs = self.runs.get(id).ok_or_else(|| id.to_owned())?;
        Ok(runs.iter().map(|values| values[metric.index()]).collect())
    }

    /// `a` less `b`, each times its factor, and `more` added, by the seeds that both have.
    fn times(&self, metric: Metric, [(fa, a), (fb, b)]: [(f64, &str); 2], more: f64) -> Found<Comparison> {
        let (va, vb) = (self.values(a, metric)?, self.values(b, metric)?);
        let differences: Vec<f64> = va.iter().zip(&vb).map(|(a, b)| fa * a - fb * b + more).collect();
        let named =
            |factor: f64, id: &str| if factor == 1.0 { format!("[{id}]") } else { format!("{factor} × [{id}]") };
        let plus = Comparison::margin(more);
        let words = format!("{}: {} − {}{plus}", metric.name, named(fa, a), named(fb, b));
        Ok(Comparison::new(words, &differences))
    }

    /// `a` less `b`, and `more` added.
    fn less(&self, metric: Metric, [a, b]: [&str; 2], more: f64) -> Found<Comparison> {
        self.times(metric, [(1.0, a), (1.0, b)], more)
    }

    /// How much nearer `a` is than `b` to a perfect sampler's value, and `more` added.
    fn nearer(&self, metric: Metric, [a, b]: [&str; 2], more: f64) -> Found<Comparison> {
        let truth = self.truth[metric.index()];
        let (va, vb) = (self.values(a, metric)?, self.values(b, metric)?);
        let differences: Vec<f64> =
            va.iter().zip(&vb).map(|(a, b)| (b - truth).abs() - (a - truth).abs() + more).collect();
        let plus = Comparison::margin(more);
        Ok(Comparison::new(
            format!("{}, distance from a perfect sampler’s: [{b}] − [{a}]{plus}", metric.name),
            &differences,
        ))
    }
}

/// A scheme that a sentence speaks of and the table has no row of.
#[derive(Clone, Debug)]
pub struct Extra {
    /// What sentences call it.
    pub id: &'static str,
    /// In words.
    pub name: &'static str,
    /// With networks.
    pub networks: Option<Scheme>,
    /// With exact scores.
    pub exact: Option<Scheme>,
}

/// All of them.
pub fn extras() -> Vec<Extra> {
    let exact = |guide: &str, weight: f64, combination: Combination| Scheme {
        main: "exact:AB".into(),
        guide: Some(Guide::new(guide, 1.0)),
        weight,
        combination,
        ..Scheme::default()
    };
    let trained = |scheme: Scheme| Scheme {
        main: "guide-64-4096:AB".into(),
        guide: Some(Guide::new("guide-32-0512:B", 1.0)),
        ..scheme
    };
    let scaled = named("ht-1.02").expect("the catalogue has it");
    let wide = Scheme { combination: Combination::Tsr { sharpness: 2.0, width: 0.05 }, ..Scheme::default() };
    let constant = exact("exact:B", 2.0, Combination::Lerp);
    let dynamic = Scheme { solver: Solver::Ancestral, ..exact("exact:B", 1.0, NEGATIVE) };
    let truly = |scheme: &Scheme| crate::study::exact(scheme).ok();
    let unmixed = Combination::FeedbackExact { share: 1.0 - SHARE_OF_B, most: 100.0 };
    vec![
        Extra { id: "k1.02", name: "sigma scaling, k = 1.02, w = 3", exact: truly(&scaled), networks: Some(scaled) },
        Extra { id: "tsr wide", name: "TSR, sharpness 2, width .05", exact: truly(&wide), networks: Some(wide) },
        Extra {
            id: "constant negative",
            name: "away from class B, w = 2, from both classes",
            networks: Some(trained(constant.clone())),
            exact: Some(constant),
        },
        Extra {
            id: "dynamic negative",
            name: "dynamic negative guidance (DNG) away from class B, from both classes",
            networks: Some(trained(dynamic.clone())),
            exact: Some(dynamic),
        },
        Extra {
            id: "unmixed",
            name: "exact feedback guidance that takes class B out of both classes",
            networks: None,
            exact: Some(exact("exact:B", 1.0, unmixed)),
        },
    ]
}

/// All of some comparisons.
fn all(comparisons: impl IntoIterator<Item = Found<Comparison>>) -> Found<Finding> {
    Ok(Finding::all(comparisons.into_iter().collect::<Found<Vec<_>>>()?))
}

fn rescaling_keeps(e: &Evidence) -> Found<Finding> {
    all([
        e.less(Metric::MEDIAN_LOG_DENSITY, ["tsr wide", "none"], 0.0),
        e.less(Metric::MEDIAN_LOG_DENSITY, ["tsr wide", "k1.02"], 0.0),
        e.times(Metric::EFFECTIVE_BRANCHES, [(1.0, "tsr wide"), (KEPT, "none")], 0.0),
        e.less(Metric::BRANCH_TOTAL_VARIATION, ["none", "tsr wide"], LOST),
        e.times(Metric::EFFECTIVE_BRANCHES, [(KEPT, "none"), (1.0, "k1.02")], 0.0),
    ])
}

fn negatives(e: &Evidence) -> Found<Finding> {
    let shares = |id: &str| e.values(id, Metric::OUTLIERS);
    let explodes: Vec<f64> = shares("constant negative")?.iter().map(|share| share - 0.5).collect();
    let dynamic: Vec<&str> =
        ["dynamic negative", "negative-exact"].into_iter().filter(|id| e.runs.contains_key(*id)).collect();
    if dynamic.is_empty() {
        return Err("dynamic negative".to_owned());
    }
    let mut found = vec![Comparison::new("outliers: [constant negative] − half of all samples", &explodes)];
    for id in dynamic {
        found.push(e.less(Metric::OUTLIERS, ["none", id], 0.1)?);
        found.push(e.less(Metric::BRANCH_TOTAL_VARIATION, ["none", id], LOST)?);
    }
    Ok(Finding::all(found))
}

fn feedback_unmixes(e: &Evidence) -> Found<Finding> {
    let metrics = [Metric::OUTLIERS, Metric::BRANCH_TOTAL_VARIATION, Metric::ENDPOINT_DISTANCE];
    let both = |metric| [["unmixed", "none"], ["none", "unmixed"]].map(|pair| e.less(metric, pair, SAME));
    all(metrics.into_iter().flat_map(both))
}

fn history_needs_error(e: &Evidence) -> Found<Finding> {
    let near = [Metric::OUTLIERS, Metric::SLICED_WASSERSTEIN];
    all(["history best", "momentum best"].into_iter().flat_map(|id| {
        near.map(|metric| match (e.exact, metric == Metric::OUTLIERS) {
            (false, true) => e.nearer(metric, [id, "none"], 0.0),
            (false, false) => e.less(metric, ["none", id], 0.0),
            (true, true) => e.nearer(metric, ["none", id], SAME),
            (true, false) => e.less(metric, [id, "none"], SAME),
        })
    }))
}

/// No more outliers and no branches lost beside no guidance, of rules with their published bounds and w = 4.
fn harmless(e: &Evidence, ids: &[&str]) -> Found<Finding> {
    all(ids.iter().flat_map(|id| {
        [e.less(Metric::OUTLIERS, ["none", id], HARMLESS), e.less(Metric::BRANCH_TOTAL_VARIATION, ["none", id], LOST)]
    }))
}

/// Of some of [`WAYS`], that each ends as its closed form says, and the first three the narrower the earlier.
fn answers(e: &Evidence, ways: &[usize]) -> Found<Finding> {
    if e.widths.is_empty() {
        return Err("gaussian".to_owned());
    }
    let over = |words: String, of: &dyn Fn(&Widths) -> f64| {
        Comparison::new(words, &e.widths.iter().map(of).collect::<Vec<f64>>())
    };
    let mut found = Vec::new();
    for &i in ways {
        let way = WAYS[i];
        let words = format!("width by {way}: {NEAR} − |found / known − 1|");
        found.push(over(words, &|w| NEAR - (w.found[i] / w.known[i] - 1.0).abs()));
    }
    for pair in ways[..3].windows(2) {
        let [narrower, wider] = [pair[0], pair[1]];
        let words = format!("width found: {} − {}", WAYS[wider], WAYS[narrower]);
        found.push(over(words, &|w| w.found[wider] - w.found[narrower]));
    }
    Ok(Finding::all(found))
}

/// The sentences.
pub fn claims() -> Vec<Claim<Evidence>> {
    let claim = |statement, criterion, test| Claim { statement, criterion, test };
    vec![
        claim(
            "TSR sharpens without losing branches, where sigma scaling pays in branches.",
            "TSR with sharpness 2 at a width of .05 has a higher median log p than no guidance and than sigma scaling with \
             k = 1.02 and w = 3, the least of the proposal's, keeps 0.9 of the effective branches of no guidance, and has at most \
             .1 more branch total variation; sigma scaling with that k keeps fewer than 0.9 of them.",
            rescaling_keeps,
        ),
        claim(
            "A constant negative class explodes, a dynamic one does not.",
            "From both classes, away from class B: with a constant w = 2 more than half of the samples are outliers; dynamic \
             negative guidance, by what the steps tell and with exact scores also by the true posterior, has at most .1 more \
             outliers and at most .1 more branch total variation than the model of class A alone.",
            negatives,
        ),
        claim(
            "Feedback guidance with the exact ratio equals the un-mixed class.",
            "With the density of both classes as its main model and that of class B as its guide, what remains is class A: outliers, \
             branch total variation and the mean distance to the exact ODE's endpoints differ by less than .005, to either side, from \
             those of the exact model of class A alone.",
            feedback_unmixes,
        ),
        claim(
            "History guidance needs network error to help.",
            "With networks HiGS and momentum guidance, each at its best, bring outliers nearer to a perfect sampler's share and have a \
             smaller sliced W1 than no guidance. With exact scores neither does, at its best there: not by more than .005.",
            history_needs_error,
        ),
        claim(
            "Norm bounds make w = 4 harmless (PMC, a bound on the estimate's growth).",
            "As published with w = 4 there are at most .01 more outliers than without guidance, and at most .1 more branch total \
             variation.",
            |e| harmless(e, &["pmc"]),
        ),
        claim(
            "Norm bounds make w = 4 harmless (EP-CFG and CFG-Renorm, the noise as long as it was).",
            "The same of both.",
            |e| harmless(e, &["ep-cfg", "cfg-renorm"]),
        ),
        claim("Norm bounds make w = 4 harmless (clipped guidance).", "The same.", |e| harmless(e, &["norm-clip"])),
        claim(
            "ODE, SDE and tilt disagree as the closed form says.",
            "One Gaussian of variance .04, guided by one of .25 with w = 3: where Heun's method, the reverse SDE and Feynman-Kac \
             correctors end is within 5% of as wide as their three closed forms say, and each is wider than the one before.",
            |e| answers(e, &[0, 1, 2]),
        ),
        claim(
            "Predictor-corrector, ODE and tilt disagree as the closed form says.",
            "The same with predictor-corrector guidance (PCG, arXiv 2408.09000) in place of the SDE, which is its limit of one \
             correction; with 32 of half the size it ends within 5% of as wide as the tilt by 2w - 1.",
            |e| answers(e, &[0, 3, 2, 4]),
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::Verdict::{self, DoesNotHold, Holds, Undecided, Untested};

    type Numbers<'a> = &'a [(Metric, f64)];
    const OUT: Metric = Metric::OUTLIERS;
    const TV: Metric = Metric::BRANCH_TOTAL_VARIATION;
    const BRANCHES: Metric = Metric::EFFECTIVE_BRANCHES;
    const MEDIAN: Metric = Metric::MEDIAN_LOG_DENSITY;
    const W1: Metric = Metric::SLICED_WASSERSTEIN;
    const AWAY: Metric = Metric::ENDPOINT_DISTANCE;

    /// Metrics that vary by a thousandth of their values from seed to seed; what is not given is zero.
    fn evidence(rows: &[(&str, Numbers)], exact: bool) -> Evidence {
        let runs = rows.iter().enumerate().map(|(i, (id, numbers))| {
            let seeds = (0..5).map(|seed| {
                let mut values = [0.0; METRICS.len()];
                for (metric, value) in *numbers {
                    values[metric.index()] = value * (1.0 + 2e-4 * (((17 * i + 7 * seed) % 11) as f64 - 5.0));
                }
                values
            });
            ((*id).to_owned(), seeds.collect())
        });
        let mut truth = [0.0; METRICS.len()];
        truth[OUT.index()] = 0.01;
        Evidence { runs: runs.collect(), truth, widths: Vec::new(), exact }
    }

    fn found(statement: &str, evidence: &Evidence) -> Verdict {
        let all = claims();
        let mut found = all.iter().filter(|claim| claim.statement.starts_with(statement));
        let claim = found.next().unwrap();
        assert!(found.next().is_none(), "{statement}");
        claim.test(evidence).verdict
    }

    #[test]
    fn sharper_with_all_branches_beside_sharper_with_fewer() {
        let with = |median: f64, branches: f64, tv: f64, scaled: f64| {
            let rows: [(&str, Numbers); 3] = [
                ("none", &[(MEDIAN, 1.4), (BRANCHES, 30.0), (TV, 0.05)]),
                ("tsr wide", &[(MEDIAN, median), (BRANCHES, branches), (TV, tv)]),
                ("k1.02", &[(MEDIAN, 1.8), (BRANCHES, scaled)]),
            ];
            found("TSR sharpens", &evidence(&rows, false))
        };
        assert_eq!(with(1.9, 29.0, 0.06, 21.0), Holds);
        assert_eq!([with(1.7, 29.0, 0.06, 21.0), with(1.9, 26.0, 0.06, 21.0)], [DoesNotHold; 2]);
        assert_eq!([with(1.9, 29.0, 0.2, 21.0), with(1.9, 29.0, 0.06, 28.0)], [DoesNotHold; 2]);
        assert_eq!(with(1.9, 27.0, 0.06, 21.0), Undecided);
        assert_eq!(found("TSR sharpens", &evidence(&[("none", &[])], false)), Untested);
    }

    #[test]
    fn a_constant_one_explodes_and_every_dynamic_one_stays() {
        let with = |constant: f64, told: f64, exact: Option<f64>| {
            let numbers = [constant, told, exact.unwrap_or(0.0)].map(|share| [(OUT, share), (TV, 0.1)]);
            let mut rows: Vec<(&str, Numbers)> = vec![
                ("none", &[(OUT, 0.01), (TV, 0.05)]),
                ("constant negative", &numbers[0]),
                ("dynamic negative", &numbers[1]),
            ];
            rows.extend(exact.map(|_| ("negative-exact", &numbers[2][..])));
            found("A constant negative", &evidence(&rows, true))
        };
        assert_eq!([with(0.98, 0.05, None), with(0.98, 0.05, Some(0.01))], [Holds; 2]);
        assert_eq!([with(0.3, 0.05, None), with(0.98, 0.4, None), with(0.98, 0.05, Some(0.3))], [DoesNotHold; 3]);
        assert_eq!(with(0.5, 0.05, None), Undecided);
    }

    #[test]
    fn the_same_is_nearer_than_anybody_sees() {
        let with = |out: f64, away: f64| {
            let rows: [(&str, Numbers); 2] = [
                ("none", &[(OUT, 0.01), (TV, 0.05), (AWAY, 0.003)]),
                ("unmixed", &[(OUT, out), (TV, 0.05), (AWAY, away)]),
            ];
            found("Feedback guidance", &evidence(&rows, true))
        };
        assert_eq!([with(0.01, 0.004), with(0.012, 0.003)], [Holds; 2]);
        assert_eq!([with(0.02, 0.003), with(0.001, 0.003), with(0.01, 0.2)], [DoesNotHold; 3]);
        assert_eq!(found("Feedback guidance", &evidence(&[("none", &[])], false)), Untested);
    }

    #[test]
    fn history_helps_where_there_is_an_error_and_only_there() {
        let with = |exact: bool, none: [f64; 2], history: [f64; 2]| {
            let [none, history] = [none, history].map(|[out, w1]| [(OUT, out), (W1, w1)]);
            let rows: [(&str, Numbers); 3] = [("none", &none), ("history best", &history), ("momentum best", &history)];
            found("History guidance", &evidence(&rows, exact))
        };
        assert_eq!(with(false, [0.1, 0.02], [0.05, 0.01]), Holds);
        // Fewer than there should be are no nearer.
        assert_eq!([with(false, [0.012, 0.02], [0.0, 0.01]), with(false, [0.1, 0.02], [0.05, 0.03])], [DoesNotHold; 2]);
        assert_eq!([with(true, [0.01, 0.01], [0.002, 0.02]), with(true, [0.012, 0.01], [0.01, 0.01])], [Holds; 2]);
        assert_eq!(with(true, [0.03, 0.02], [0.01, 0.01]), DoesNotHold);
    }

    #[test]
    fn harm_is_outliers_or_lost_branches() {
        let with = |out: f64, tv: f64| {
            let bound = [(OUT, out), (TV, tv)];
            let rows: [(&str, Numbers); 2] = [("none", &[(OUT, 0.01), (TV, 0.05)]), ("pmc", &bound)];
            found("Norm bounds make w = 4 harmless (PMC", &evidence(&rows, false))
        };
        assert_eq!([with(0.012, 0.1), with(0.001, 0.0)], [Holds; 2]);
        assert_eq!([with(0.05, 0.05), with(0.01, 0.3)], [DoesNotHold; 2]);
    }

    #[test]
    fn three_widths_are_three_answers() {
        let of = |statement: &str, found: [f64; 5]| {
            let known = [0.05, 0.1, 0.12, 0.1, 0.09];
            let seeds =
                [-1e-4, 0.0, 1e-4].map(|noise| Widths { found: found.map(|width| width * (1.0 + noise)), known });
            let evidence = Evidence { widths: seeds.to_vec(), ..Evidence::default() };
            super::tests::found(statement, &evidence)
        };
        let with = |[a, b, c]: [f64; 3]| of("ODE, SDE and tilt", [a, b, c, 0.5, 0.5]);
        let pcg = |one, many| of("Predictor-corrector", [0.0501, 0.5, 0.121, one, many]);
        assert_eq!(with([0.0501, 0.101, 0.121]), Holds);
        assert_eq!([with([0.06, 0.1, 0.12]), with([0.05, 0.1, 0.1])], [DoesNotHold; 2]);
        assert_eq!(found("ODE, SDE and tilt", &evidence(&[], false)), Untested);
        assert_eq!(pcg(0.101, 0.0905), Holds);
        assert_eq!([pcg(0.12, 0.09), pcg(0.1, 0.1)], [DoesNotHold; 2]);
    }

    #[test]
    fn sentences_speak_of_schemes_that_there_are() {
        let rules = super::super::rules();
        let mut runs: BTreeMap<String, Vec<[f64; METRICS.len()]>> = BTreeMap::new();
        for id in rules.iter().map(|rule| rule.id.as_str()).chain(extras().iter().map(|extra| extra.id)) {
            for name in [id.to_owned(), format!("{id} best")] {
                runs.insert(name, vec![[0.0; METRICS.len()]; 2]);
            }
        }
        let widths = vec![Widths { found: [1.0; 5], known: [1.0; 5] }; 2];
        for exact in [false, true] {
            let evidence = Evidence { runs: runs.clone(), truth: [1.0; METRICS.len()], widths: widths.clone(), exact };
            for claim in claims() {
                assert_eq!(claim.test(&evidence).missing, None, "{}", claim.statement);
            }
        }
        for extra in extras() {
            for scheme in [extra.networks, extra.exact].into_iter().flatten() {
                crate::plan::Plan::new(&scheme).unwrap();
            }
        }
    }
}
