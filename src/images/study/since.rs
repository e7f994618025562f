//! The field since the proposal, on pictures: every rule of their table and the grid around it, as on the plane
//! ([`study::since`](crate::study::since)), and its sentences, of those that mean something here.

use super::evidence::Evidence;
use crate::guidance::Combination;
use crate::guidance::catalogue::Variant;
use crate::images::catalogue::{self, named};
use crate::images::{Scheme, World, parameter};
use crate::plane;
use crate::study::since::{Part, Preset, Rule, Setting, collect};
use crate::study::{Claim, Comparison, Finding, Found};
use serde_json::{Value, json};

const DISTANCE: &str = "distance";
const STYLES: &str = "effectiveStyles";
/// Effective styles that may be gone for none to be lost: about a tenth of those that a prompt has.
const STYLES_LOST: f64 = 0.4;
/// What is as near to pictures as this is as near.
const SAME: f64 = 0.002;
/// So much farther from pictures is harmless.
const HARMLESS: f64 = 0.01;

/// The rules of pictures.
pub fn rules(world: &World) -> Vec<Rule<Scheme>> {
    let table = catalogue::catalogue(world);
    let kinds = table.schemes.into_iter().map(|kind| {
        let row: Preset = (kind.id.to_owned(), kind.name.to_owned(), json!(kind.scheme));
        (row, kind.parameters)
    });
    let base = || json!(named("cfg").expect("the catalogue has it"));
    let mut presets: Vec<Preset> = table.presets.into_iter().map(|row| (row.id, row.name, json!(row.scheme))).collect();
    for option in &table.options {
        let mut scheme = base();
        let fields = scheme.as_object_mut().zip(option.value.as_object());
        fields.into_iter().for_each(|(scheme, fields)| scheme.extend(fields.clone()));
        presets.push((option.id.clone(), format!("CFG, {}", option.name), scheme));
    }
    let part = |at, variants, always| Part { at, variants, base: base(), prefix: "CFG, ", always };
    let mut parts: Vec<Part> = table
        .combinations
        .into_iter()
        .map(|rule| Part { base: as_on_plane(base(), &rule), prefix: "", ..part("/combination", vec![rule], false) })
        .collect();
    parts.push(part("/schedule", table.schedules, false));
    parts.push(part("/reading", table.readings, false));
    parts.push(part("/solver", table.solvers, true));
    let numbers = table.options.iter().flat_map(|option| option.parameters.clone()).collect::<Vec<_>>();
    collect(kinds.collect(), presets, &parts, [&table.interval, &numbers])
}

/// With the weight and the solver that the plane's row of a rule has, where they are not the usual ones.
fn as_on_plane(mut base: Value, rule: &Variant) -> Value {
    let rows = plane::catalogue::presets();
    let usual = plane::catalogue::named("cfg-toy").expect("the catalogue has it");
    let is = |value: &Value| value.get(&rule.id).is_some() || *value == json!(rule.id);
    if let Some(row) = rows.iter().find(|row| is(&json!(row.scheme.combination))) {
        if row.scheme.weight != usual.weight {
            base["weight"] = json!(row.scheme.weight);
        }
        if row.scheme.solver != usual.solver {
            base["solver"] = json!(row.scheme.solver);
        }
    }
    base
}

/// Schemes that sentences speak of and the table has no row of.
pub fn extras() -> Vec<Setting<Scheme>> {
    let by = |combination: Combination| {
        let mut scheme = named("cfg4").expect("the report has it");
        scheme.guidance.combination = combination;
        scheme
    };
    let row = |words: &str, scheme| Setting { words: words.to_owned(), scheme };
    vec![
        row("k1.6", named("k1.6-scores").expect("the report has it")),
        row("pmc4", by(Combination::Pmc { growth: crate::parameter::PMC_GROWTH.default })),
        row("ep4", by(Combination::Renorm { least: 1.0, most: 1.0 })),
        row("renorm4", by(Combination::Renorm { least: 0.0, most: 1.0 })),
        row("clip4", by(Combination::NormClip { radius: parameter::CLIP_RADIUS.default })),
    ]
}

/// Extras in words.
pub const NAMES: [(&str, &str); 5] = [
    ("k1.6", "sigma scaling, k = 1.6, w = 1.2, scores mixed"),
    ("pmc4", "PMC, w = 4"),
    ("ep4", "EP-CFG, w = 4"),
    ("renorm4", "CFG-Renorm, w = 4"),
    ("clip4", "clipped guidance, w = 4"),
];

/// All of some comparisons.
fn all(comparisons: impl IntoIterator<Item = Found<Comparison>>) -> Found<Finding> {
    Ok(Finding::all(comparisons.into_iter().collect::<Found<Vec<_>>>()?))
}

fn rescaling_keeps(e: &Evidence) -> Found<Finding> {
    all([
        e.less(DISTANCE, "none", "tsr", 0.0),
        e.less(STYLES, "tsr", "none", STYLES_LOST),
        e.less(STYLES, "none", "k1.6", -STYLES_LOST),
    ])
}

fn history_helps(e: &Evidence) -> Found<Finding> {
    all(["history best", "momentum best"].map(|id| e.less(DISTANCE, "none", id, 0.0)))
}

fn history_does_not(e: &Evidence) -> Found<Finding> {
    all(["history best", "momentum best"].map(|id| e.less(DISTANCE, id, "none", SAME)))
}

fn harmless(e: &Evidence, ids: &[&str]) -> Found<Finding> {
    all(ids.iter().flat_map(|id| [e.less(DISTANCE, "none", id, HARMLESS), e.less(STYLES, id, "none", STYLES_LOST)]))
}

/// The sentences, with networks or with exact scores.
pub fn claims(exact: bool) -> Vec<Claim<Evidence>> {
    let claim = |statement, criterion, test| Claim { statement, criterion, test };
    vec![
        claim(
            "TSR sharpens without losing styles, where sigma scaling pays in styles.",
            "TSR is nearer to pictures than no guidance and has at most .4 fewer effective styles; sigma scaling with k = 1.6 and \
             w = 1.2, scores mixed, has more than .4 fewer.",
            rescaling_keeps,
        ),
        claim(
            "History guidance needs network error to help.",
            "With networks HiGS and momentum guidance, each at its best, are nearer to pictures than no guidance. With exact scores \
             neither is, at its best there: not by more than .002.",
            if exact { history_does_not } else { history_helps },
        ),
        claim(
            "Norm bounds make w = 4 harmless (PMC, a bound on the estimate's growth).",
            "With w = 4 pictures are at most .01 farther from true ones than without guidance, and have at most .4 fewer effective \
             styles.",
            |e| harmless(e, &["pmc4"]),
        ),
        claim(
            "Norm bounds make w = 4 harmless (EP-CFG and CFG-Renorm, the noise as long as it was).",
            "The same of both.",
            |e| harmless(e, &["ep4", "renorm4"]),
        ),
        claim("Norm bounds make w = 4 harmless (clipped guidance).", "The same.", |e| harmless(e, &["clip4"])),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::images::metrics::METRICS;
    use crate::statistics::Difference;
    use crate::study::Verdict::{self, DoesNotHold, Holds, Undecided, Untested};
    use std::collections::BTreeMap;

    /// Distance and effective styles of some schemes, each difference certain to .0005.
    fn verdict(statement: &str, exact: bool, rows: &[(&str, [f64; 2])]) -> Verdict {
        let mut differences = BTreeMap::new();
        for (a, of_a) in rows {
            for (b, of_b) in rows {
                let list = std::array::from_fn(|i| {
                    let place = [DISTANCE, STYLES].iter().position(|id| *id == METRICS[i].id);
                    let value = place.map_or(0.0, |place| of_a[place] - of_b[place]);
                    Some(Difference { value, standard_error: 5e-4 })
                });
                differences.insert([(*a).to_owned(), (*b).to_owned()], list);
            }
        }
        let values = rows.iter().map(|(id, _)| ((*id).to_owned(), [None; METRICS.len()])).collect();
        let evidence = Evidence { values, differences, plane: BTreeMap::new() };
        let all = claims(exact);
        let mut found = all.iter().filter(|claim| claim.statement.starts_with(statement));
        let claim = found.next().unwrap();
        assert!(found.next().is_none(), "{statement}");
        claim.test(&evidence).verdict
    }

    #[test]
    fn sharper_in_all_styles_beside_sharper_in_fewer() {
        let with =
            |tsr, scaled| verdict("TSR sharpens", false, &[("none", [0.05, 4.0]), ("tsr", tsr), ("k1.6", scaled)]);
        assert_eq!(with([0.03, 3.9], [0.02, 3.0]), Holds);
        assert_eq!([with([0.07, 3.9], [0.02, 3.0]), with([0.03, 3.0], [0.02, 3.0])], [DoesNotHold; 2]);
        assert_eq!(with([0.03, 3.9], [0.02, 3.9]), DoesNotHold);
        assert_eq!(with([0.0495, 3.9], [0.02, 3.0]), Undecided);
        assert_eq!(verdict("TSR sharpens", false, &[("none", [0.05, 4.0])]), Untested);
    }

    #[test]
    fn history_helps_networks_alone() {
        let with = |exact, none: f64, history: f64| {
            let rows = [("none", [none, 4.0]), ("history best", [history, 4.0]), ("momentum best", [history, 4.0])];
            verdict("History guidance", exact, &rows)
        };
        assert_eq!([with(false, 0.05, 0.03), with(true, 0.0, 0.0), with(true, 0.0, 0.01)], [Holds; 3]);
        assert_eq!([with(false, 0.03, 0.05), with(true, 0.05, 0.03)], [DoesNotHold; 2]);
    }

    #[test]
    fn harm_is_distance_or_lost_styles() {
        let with =
            |pmc| verdict("Norm bounds make w = 4 harmless (PMC", false, &[("none", [0.05, 4.0]), ("pmc4", pmc)]);
        assert_eq!([with([0.05, 3.9]), with([0.02, 4.5])], [Holds; 2]);
        assert_eq!([with([0.09, 4.0]), with([0.05, 3.0])], [DoesNotHold; 2]);
    }

    #[test]
    fn both_kinds_of_models_have_the_same_sentences() {
        for (a, b) in claims(false).iter().zip(claims(true)) {
            assert_eq!((a.statement, a.criterion), (b.statement, b.criterion));
        }
        for extra in extras() {
            extra.scheme.validate().unwrap();
            assert!(NAMES.iter().any(|(id, _)| *id == extra.words), "{}", extra.words);
        }
    }
}
