//! The proposal's sentences about images, each with a criterion that numbers decide.

use super::evidence::Evidence;
use crate::images::catalogue::{SCALES, WEIGHTS};
use crate::images::metrics::METRICS;
use crate::plane::metrics::Metric;
use crate::statistics::Difference;
use crate::study::{Claim, Comparison, Finding, Found, Test, Verdict, correlation};

const RIGHT: &str = "subjectRight";
const STYLES: &str = "effectiveStyles";
const SAME: &str = "samePicture";
const CHROMA: &str = "chromaExcess";
const VARIATION: &str = "totalVariationExcess";
const DISTANCE: &str = "distance";

/// Share of pictures that may show something else than without a change that is said to be none for the worse.
const OBEDIENCE: f64 = 0.01;

fn index(id: &str) -> usize {
    METRICS.iter().position(|m| m.id == id).expect("the table has it")
}

/// Half a unit of the last digit that a metric is worth.
fn least(metric: usize) -> f64 {
    0.5 * 0.1f64.powi(METRICS[metric].digits as i32)
}

impl Evidence {
    fn value(&self, metric: usize, id: &str) -> Found<Difference> {
        self.values.get(id).and_then(|list| list[metric]).ok_or_else(|| id.to_owned())
    }

    /// `a` less `b`, and `more` added.
    pub(super) fn less(&self, metric: &str, a: &str, b: &str, more: f64) -> Found<Comparison> {
        let metric = index(metric);
        let absent = [a, b].into_iter().find(|id| !self.values.contains_key(*id)).unwrap_or(a);
        let pair = [a.to_owned(), b.to_owned()];
        let of = self.differences.get(&pair).and_then(|list| list[metric]).ok_or_else(|| absent.to_owned())?;
        let margin = Comparison::margin(more);
        let words = format!("{}: [{a}] − [{b}]{margin}", METRICS[metric].label);
        Ok(Comparison {
            words,
            mean: of.value + more,
            standard_error: of.standard_error,
            test: Test::Samples,
            least: least(metric),
        })
    }

    /// A metric, or with -1 what it is below zero.
    fn above_zero(&self, metric: &str, id: &str, sign: f64) -> Found<Comparison> {
        let metric = index(metric);
        let Difference { value, standard_error } = self.value(metric, id)?;
        let words = format!("{}: {}[{id}]", METRICS[metric].label, if sign < 0.0 { "−" } else { "" });
        Ok(Comparison { words, mean: sign * value, standard_error, test: Test::Samples, least: least(metric) })
    }

    /// A metric of the plane's and one of pictures, of every scheme that has both; pictures' as their table shows them, so that what
    /// nobody could tell apart counts as equal. With -1 in the opposite order.
    fn beside_plane(&self, plane: Metric, metric: &str, sign: f64) -> Comparison {
        let metric = index(metric);
        let unit = 2.0 * least(metric);
        let pairs: Vec<[f64; 2]> = (self.plane.iter())
            .filter_map(|(id, values)| {
                let here = self.values.get(id)?[metric]?.value;
                Some([values[plane.index()], sign * (here / unit).round()])
                    .filter(|pair| pair.iter().all(|v| v.is_finite()))
            })
            .collect();
        let opposite = if sign < 0.0 { "−" } else { "" };
        let label = METRICS[metric].label;
        let words =
            format!("rank correlation of {} on the plane and {opposite}{label}, {} schemes", plane.name, pairs.len());
        correlation(&words, &pairs).unwrap_or_else(|| Comparison {
            words,
            mean: 0.0,
            standard_error: f64::NAN,
            test: Test::Interval([-1.0, 1.0]),
            least: 0.0,
        })
    }
}

/// All of some comparisons.
fn all(comparisons: impl IntoIterator<Item = Found<Comparison>>) -> Found<Finding> {
    Ok(Finding::all(comparisons.into_iter().collect::<Found<Vec<_>>>()?))
}

/// CFG at its weights, from the first to the last.
fn weights() -> Vec<String> {
    WEIGHTS.iter().map(|w| format!("cfg{w}")).collect()
}

fn saturates(e: &Evidence) -> Found<Finding> {
    let ids: Vec<String> = std::iter::once("none".to_owned()).chain(weights()).collect();
    let rises = ids.windows(2).map(|pair| e.less(CHROMA, &pair[1], &pair[0], 0.0));
    all(rises.chain([e.above_zero(CHROMA, &ids[ids.len() - 1], 1.0)]))
}

fn few_canonical(e: &Evidence) -> Found<Finding> {
    all(weights().iter().flat_map(|w| [e.less(SAME, w, "none", 0.0), e.less(STYLES, "none", w, 0.0)]))
}

fn simplifies(e: &Evidence) -> Found<Finding> {
    all(weights().iter().flat_map(|w| [e.above_zero(VARIATION, w, -1.0), e.less(VARIATION, "none", w, 0.0)]))
}

/// Both rising shapes beside the static weight, of every weight.
fn rising(compare: impl Fn(&str, &str) -> Found<Comparison>) -> Found<Finding> {
    all(weights().iter().flat_map(|w| ["linear", "cosine"].map(|shape| compare(&format!("{w} {shape}"), w))))
}

fn beginning(e: &Evidence) -> Found<Finding> {
    let falling = ["cfg4 inverse", "cfg4 sine"];
    all(falling.into_iter().flat_map(|id| [e.less(STYLES, "cfg4", id, 0.0), e.less(SAME, id, "cfg4", 0.0)]))
}

/// `a` is nearer to pictures than `b`, and obeys as well.
fn better(e: &Evidence, a: &str, b: &str) -> [Found<Comparison>; 2] {
    [e.less(DISTANCE, b, a, 0.0), e.less(RIGHT, a, b, OBEDIENCE)]
}

/// Sigma scaling alone, by every factor, beside no guidance.
fn scaling(e: &Evidence, space: &str) -> Found<Finding> {
    all(SCALES.iter().flat_map(|k| better(e, &format!("k{k} {space}"), "none")))
}

fn scaling_with_cfg(e: &Evidence) -> Found<Finding> {
    let pairs = weights().into_iter().flat_map(|w| SCALES.map(|k| [format!("{w} k{k}"), w.clone()]));
    all(pairs.flat_map(|[scaled, plain]| better(e, &scaled, &plain)))
}

/// The cosine beside the static weight, of some schemes.
fn with_cosine(e: &Evidence, ids: impl IntoIterator<Item = String>) -> Found<Finding> {
    all(ids.into_iter().flat_map(|id| better(e, &format!("{id} cosine"), &id)))
}

fn as_on_the_plane(comparisons: Vec<Comparison>) -> Found<Finding> {
    let verdict = Verdict::all(comparisons.iter().map(Comparison::verdict));
    Ok(Finding { verdict, comparisons, missing: None })
}

/// The proposal's claims about images.
pub fn claims() -> Vec<Claim<Evidence>> {
    let claim = |statement, criterion, test| Claim { statement, criterion, test };
    vec![
        claim(
            "CFG over-saturates.",
            "Chroma excess rises from no guidance to w = 2, from there to 4, and from there to 8, where it is above 0.",
            saturates,
        ),
        claim(
            "CFG gives few canonical images.",
            "At each of w = 2, 4, 8 more pairs of pictures of a prompt are the same one than without guidance, and there are fewer \
             effective styles.",
            few_canonical,
        ),
        claim(
            "CFG over-simplifies.",
            "At each of w = 2, 4, 8 the variation excess is below 0, which is that of real pictures, and below that of no guidance.",
            simplifies,
        ),
        claim(
            "Rising schedules improve fidelity.",
            "CFG with w = 2, 4, 8 rising linearly and as a cosine is nearer to pictures than with the static weight of the same mean.",
            |e| rising(|risen, plain| e.less(DISTANCE, plain, risen, 0.0)),
        ),
        claim(
            "Rising schedules improve diversity.",
            "CFG with w = 2, 4, 8 rising linearly and as a cosine has more effective styles than with the static weight of the same mean.",
            |e| rising(|risen, plain| e.less(STYLES, risen, plain, 0.0)),
        ),
        claim(
            "Too much guidance at the beginning is harmful.",
            "CFG with w = 4 falling linearly and as a cosine has fewer effective styles, and more pairs that are the same picture, than \
             with the static weight of the same mean.",
            beginning,
        ),
        claim(
            "Heavy-tail guidance with multiplier k improves quality (alone, scores mixed).",
            "With k = 1.2, 1.4, 1.6 and w = 1.2 samples are nearer to pictures than without guidance, and at most .01 fewer show what was \
             asked for.",
            |e| scaling(e, "scores"),
        ),
        claim(
            "Heavy-tail guidance with multiplier k improves quality (alone, denoised estimates mixed).",
            "The same with w = 3.",
            |e| scaling(e, "estimates"),
        ),
        claim(
            "Heavy-tail guidance with multiplier k improves quality (with CFG).",
            "The same of CFG with w = 2, 4, 8, its guide asked at k sigma and denoised estimates mixed, beside CFG with the same w.",
            scaling_with_cfg,
        ),
        claim(
            "With the cosine schedule better still (alone, scores mixed).",
            "With each k, samples are nearer to pictures with the cosine than with the static weight of the same mean, and at most .01 \
             fewer show what was asked for.",
            |e| with_cosine(e, SCALES.map(|k| format!("k{k} scores"))),
        ),
        claim(
            "With the cosine schedule better still (alone, denoised estimates mixed).",
            "The same of the cosine and the static weight with w = 3.",
            |e| with_cosine(e, SCALES.map(|k| format!("k{k} estimates"))),
        ),
        claim(
            "With the cosine schedule better still (with CFG).",
            "The same of the cosine and the static weight of CFG with w = 2, 4, 8, its guide asked at k sigma.",
            |e| with_cosine(e, weights().into_iter().flat_map(|w| SCALES.map(|k| format!("{w} k{k}")))),
        ),
        claim(
            "What the plane says of outliers holds on images.",
            "Schemes with more outliers on the plane show less of what was asked for, and are farther from pictures: both rank correlations \
             are above 0, by the 98% interval over resampled schemes.",
            |e| {
                as_on_the_plane(vec![
                    e.beside_plane(Metric::OUTLIERS, RIGHT, -1.0),
                    e.beside_plane(Metric::OUTLIERS, DISTANCE, 1.0),
                ])
            },
        ),
        claim(
            "What the plane says of diversity holds on images.",
            "Schemes with more effective branches on the plane have more effective styles, by the same interval.",
            |e| as_on_the_plane(vec![e.beside_plane(Metric::EFFECTIVE_BRANCHES, STYLES, 1.0)]),
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::experiments::experiments;
    use super::*;
    use std::collections::BTreeMap;

    use Verdict::{DoesNotHold, Holds, Undecided, Untested};

    type Numbers<'a> = &'a [(&'a str, f64)];

    /// What is not given is zero; every difference is certain to .001.
    fn evidence(rows: &[(&str, Numbers)]) -> Evidence {
        let list = |numbers: Numbers| {
            let value = |i: usize| numbers.iter().find(|(id, _)| index(id) == i).map_or(0.0, |(_, value)| *value);
            std::array::from_fn(|i| Some(Difference { value: value(i), standard_error: 1e-3 }))
        };
        let mut differences = BTreeMap::new();
        for (a, of_a) in rows {
            for (b, of_b) in rows {
                let negative: Vec<(&str, f64)> = of_b.iter().map(|(id, value)| (*id, -value)).collect();
                let mut less: [Option<Difference>; METRICS.len()] = list(of_a);
                for (less, b) in less.iter_mut().zip(list(&negative)) {
                    less.iter_mut().zip(b).for_each(|(less, b)| less.value += b.value);
                }
                differences.insert([(*a).to_owned(), (*b).to_owned()], less);
            }
        }
        let values = rows.iter().map(|(id, numbers)| ((*id).to_owned(), list(numbers))).collect();
        Evidence { values, differences, plane: BTreeMap::new() }
    }

    /// What becomes of the one claim that begins so.
    fn found(statement: &str, evidence: &Evidence) -> Finding {
        let all = claims();
        let mut found = all.iter().filter(|claim| claim.statement.starts_with(statement));
        let claim = found.next().unwrap();
        assert!(found.next().is_none(), "{statement}");
        claim.test(evidence)
    }

    fn verdict(statement: &str, rows: &[(&str, Numbers)]) -> Verdict {
        found(statement, &evidence(rows)).verdict
    }

    #[test]
    fn saturation_rises_with_the_weight() {
        let with = |chroma: [f64; 4]| {
            let [a, b, c, d] = chroma.map(|v| [(CHROMA, v)]);
            verdict("CFG over-saturates", &[("none", &a), ("cfg2", &b), ("cfg4", &c), ("cfg8", &d)])
        };
        assert_eq!(with([0.0, 0.01, 0.02, 0.04]), Holds);
        assert_eq!(with([-0.09, -0.06, -0.04, -0.02]), DoesNotHold);
        assert_eq!(with([0.0, 0.01, 0.012, 0.04]), Undecided);
        assert_eq!(with([0.0, 0.02, 0.01, 0.04]), DoesNotHold);
        assert_eq!(verdict("CFG over-saturates", &[("none", &[])]), Untested);
    }

    #[test]
    fn canonical_pictures_are_many_alike_in_few_styles() {
        let with = |same: f64, styles: f64| {
            let guided = [(SAME, same), (STYLES, styles)];
            let none: Numbers = &[(SAME, 0.03), (STYLES, 4.0)];
            verdict("CFG gives few", &[("none", none), ("cfg2", &guided), ("cfg4", &guided), ("cfg8", &guided)])
        };
        assert_eq!([with(0.1, 3.0), with(0.1, 4.2), with(0.02, 3.0)], [Holds, DoesNotHold, DoesNotHold]);
        assert_eq!(with(0.032, 3.0), Undecided);
    }

    #[test]
    fn simple_is_simpler_than_pictures_and_than_no_guidance() {
        let with = |none: f64, guided: f64| {
            let [none, guided] = [none, guided].map(|v| [(VARIATION, v)]);
            verdict("CFG over-simplifies", &[("none", &none), ("cfg2", &guided), ("cfg4", &guided), ("cfg8", &guided)])
        };
        assert_eq!([with(0.01, -0.02), with(0.05, 0.02), with(-0.03, -0.02)], [Holds, DoesNotHold, DoesNotHold]);
        assert_eq!(with(0.01, -0.002), Undecided);
    }

    /// Of a metric, CFG with the static weights, and rising as both shapes.
    fn rising_by(claim: &str, metric: &str, plain: f64, risen: f64) -> Verdict {
        let [plain, risen] = [plain, risen].map(|v| [(metric, v)]);
        let ids: Vec<String> =
            weights().iter().flat_map(|w| ["", " linear", " cosine"].map(|s| format!("{w}{s}"))).collect();
        let rows: Vec<(&str, Numbers)> =
            ids.iter().map(|id| (id.as_str(), if id.contains(' ') { &risen[..] } else { &plain[..] })).collect();
        verdict(claim, &rows)
    }

    #[test]
    fn rising_weights_are_compared_with_the_static_one() {
        let fidelity = |plain, risen| rising_by("Rising schedules improve fidelity", DISTANCE, plain, risen);
        assert_eq!([fidelity(0.1, 0.08), fidelity(0.08, 0.1), fidelity(0.1, 0.098)], [Holds, DoesNotHold, Undecided]);
        let diversity = |plain, risen| rising_by("Rising schedules improve diversity", STYLES, plain, risen);
        assert_eq!([diversity(3.0, 3.5), diversity(3.0, 2.5), diversity(3.0, 3.0)], [Holds, DoesNotHold, DoesNotHold]);
    }

    #[test]
    fn falling_weights_are_compared_with_the_static_one() {
        let with = |styles: f64, same: f64| {
            let fallen = [(STYLES, styles), (SAME, same)];
            let plain: Numbers = &[(STYLES, 3.0), (SAME, 0.1)];
            verdict("Too much guidance", &[("cfg4", plain), ("cfg4 inverse", &fallen), ("cfg4 sine", &fallen)])
        };
        assert_eq!([with(2.0, 0.2), with(3.5, 0.2), with(2.0, 0.102)], [Holds, DoesNotHold, Undecided]);
    }

    #[test]
    fn quality_is_nearness_without_disobedience() {
        let with = |claim: &str, suffix: &str, distance: f64, right: f64| {
            let changed = [(DISTANCE, distance), (RIGHT, right)];
            let plain: Numbers = &[(DISTANCE, 0.1), (RIGHT, 0.95)];
            let ids: Vec<String> = SCALES.map(|k| format!("k{k} scores")).into();
            let others: Vec<String> = ids.iter().map(|id| format!("{id}{suffix}")).collect();
            let base = [("none", plain)].into_iter().chain(ids.iter().map(|id| (id.as_str(), plain)));
            let rows = base.filter(|(id, _)| !others.iter().any(|other| other == id));
            let rows: Vec<(&str, Numbers)> = rows.chain(others.iter().map(|id| (id.as_str(), &changed[..]))).collect();
            verdict(claim, &rows)
        };
        for (claim, suffix) in [
            ("Heavy-tail guidance with multiplier k improves quality (alone, scores", ""),
            ("With the cosine schedule better still (alone, scores", " cosine"),
        ] {
            let with = |distance, right| with(claim, suffix, distance, right);
            assert_eq!([with(0.08, 0.95), with(0.08, 0.944), with(0.08, 0.9)], [Holds, Holds, DoesNotHold], "{claim}");
            assert_eq!([with(0.12, 0.95), with(0.099, 0.95)], [DoesNotHold, Undecided], "{claim}");
        }
    }

    #[test]
    fn the_plane_is_compared_by_ranks() {
        let of = |slope: f64| {
            let mut all = evidence(&[]);
            for i in 0..20 {
                let id = format!("scheme {i}");
                let styles = 3.0 + slope * f64::from(i) + 0.02 * f64::from((7 * i) % 5);
                all.values.extend(evidence(&[(&id, &[(STYLES, styles), (RIGHT, 1.0)])]).values);
                let mut plane = [0.0; crate::study::METRICS.len()];
                for metric in [Metric::EFFECTIVE_BRANCHES, Metric::OUTLIERS] {
                    plane[metric.index()] = f64::from(i);
                }
                all.plane.insert(id, plane);
            }
            all
        };
        let diversity = |slope: f64| found("What the plane says of diversity", &of(slope)).verdict;
        assert_eq!([diversity(0.05), diversity(-0.05), diversity(0.0)], [Holds, DoesNotHold, Undecided]);
        // All right, and at no distance.
        let outliers = found("What the plane says of outliers", &of(0.05));
        assert_eq!(outliers.verdict, Undecided);
        assert!(outliers.comparisons.iter().all(|c| c.standard_error.is_nan()));
    }

    #[test]
    fn claims_speak_of_experiments_that_there_are() {
        let ids: Vec<String> = experiments().into_iter().map(|e| e.id).collect();
        let all: Vec<(&str, Numbers)> = ids.iter().map(|id| (id.as_str(), &[][..])).collect();
        let evidence = evidence(&all);
        for claim in claims() {
            assert_eq!(claim.test(&evidence).missing, None, "{}", claim.statement);
        }
    }
}
