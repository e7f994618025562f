//! The rules of a table of schemes, each as its paper has it, and the small grid around that.

use crate::guidance::Scheme;
use crate::guidance::catalogue::{Control, Variant, combinations, control, readings, schedules, solvers, spaces};
use crate::parameter::{Parameter, SIGMA_SCALE, WEIGHT};
use crate::plane::catalogue::{self, named};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// A rule of the table, with the numbers that its grid goes over.
#[derive(Clone, Debug)]
pub struct Rule<S = Scheme> {
    /// What the table calls it.
    pub id: String,
    /// In words.
    pub name: String,
    /// As its paper has it.
    pub scheme: S,
    /// Its numbers, by JSON pointers into the scheme.
    pub controls: Vec<Control>,
}

/// A setting of a rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting<S = Scheme> {
    /// What differs from its paper's.
    pub words: String,
    /// All of it.
    pub scheme: S,
}

/// What a setting is called that differs in nothing from its paper's.
pub const PUBLISHED: &str = "as published";

/// A part of schemes, at a JSON pointer: its variants, and the scheme that they are shown with.
pub struct Part {
    /// The pointer.
    pub at: &'static str,
    /// The variants.
    pub variants: Vec<Variant>,
    /// What a variant is put into that no other row of the table has.
    pub base: Value,
    /// What names of such rows begin with.
    pub prefix: &'static str,
    /// Whether each has a row, whatever other rows have.
    pub always: bool,
}

/// A row with a name: identifier, name, scheme.
pub type Preset = (String, String, Value);

/// Every kind of guide, with its numbers; every preset that differs from them in more than its models, its weight and k; and every
/// variant of the parts that none of these has. `interval` are the numbers of an interval, and `options` whole parts of schemes, as
/// fields. What makes no sense together is among them: whoever runs it tells why it cannot be run.
pub fn collect<S: Serialize + DeserializeOwned>(
    kinds: Vec<(Preset, Vec<Control>)>,
    presets: Vec<Preset>,
    parts: &[Part],
    [interval, options]: [&[Control]; 2],
) -> Vec<Rule<S>> {
    let mut rows: Vec<(Preset, Vec<Control>)> = kinds;
    let plain = rows[0].0.2.clone();
    let own: Vec<&str> = plain
        .as_object()
        .into_iter()
        .flat_map(|o| o.keys())
        .map(String::as_str)
        .filter(|f| !COMMON.contains(f))
        .collect();
    let particular = |scheme: &Value| own.iter().any(|field| scheme[*field] != plain[*field]);
    let controls = |scheme: &Value| {
        let mut all = Vec::new();
        let mut add = |path: String, parameter: &Parameter| all.extend(at(scheme, path, parameter));
        if scheme["guide"].is_object() && scheme["weight"] != 1.0 {
            add("/weight".into(), &WEIGHT);
        }
        if scheme.pointer("/guide/sigmaScale").is_some_and(|k| *k != 1.0) {
            add("/guide/sigmaScale".into(), &SIGMA_SCALE);
        }
        for part in parts {
            for variant in part.variants.iter().filter(|v| scheme.pointer(part.at).is_some_and(|of| is(of, v))) {
                variant.parameters.iter().for_each(|c| add(format!("{}{}", part.at, c.path), &c.parameter));
            }
        }
        interval.iter().chain(options).for_each(|c| add(c.path.clone(), &c.parameter));
        all
    };
    for (id, name, scheme) in presets {
        let known = rows.iter().any(|((_, _, other), _)| shape(other) == shape(&scheme));
        if particular(&scheme) && !known {
            let numbers = controls(&scheme);
            rows.push(((id, name, scheme), numbers));
        }
    }
    for part in parts {
        for variant in &part.variants {
            let has = |scheme: &Value| scheme.pointer(part.at).is_some_and(|of| is(of, variant));
            if has(&part.base) || !part.always && rows.iter().any(|((_, _, scheme), _)| has(scheme)) {
                continue;
            }
            let mut scheme = part.base.clone();
            scheme.pointer_mut(part.at).into_iter().for_each(|place| *place = variant.value.clone());
            let numbers = controls(&scheme);
            rows.push(((variant.id.clone(), format!("{}{}", part.prefix, variant.name), scheme), numbers));
        }
    }
    let rule = |((id, name, scheme), controls): (Preset, Vec<Control>)| {
        let scheme = serde_json::from_value(scheme).expect("the table's JSON is of schemes");
        Rule { id, name, scheme, controls }
    };
    rows.into_iter().map(rule).collect()
}

/// What every scheme has and no rule is told by.
const COMMON: [&str; 6] = ["version", "main", "guide", "weight", "solver", "levels"];

/// A scheme without its weight and without k.
fn shape(scheme: &Value) -> Value {
    let mut shape = scheme.clone();
    for place in ["/weight", "/guide/sigmaScale"] {
        shape.pointer_mut(place).into_iter().for_each(|number| *number = Value::Null);
    }
    shape
}

/// Whether it is this variant, whatever its numbers.
fn is(value: &Value, variant: &Variant) -> bool {
    let name = |value: &Value| match value {
        Value::Object(fields) => fields.keys().next().cloned(),
        other => other.as_str().map(str::to_owned),
    };
    name(value).is_some_and(|name| name == variant.id)
}

/// The control of a number that stands there.
fn at(scheme: &Value, path: String, parameter: &Parameter) -> Option<Control> {
    scheme.pointer(&path).is_some_and(Value::is_number).then(|| control(scheme, path, parameter))
}

/// The rules of the plane.
pub fn rules() -> Vec<Rule> {
    let table = catalogue::catalogue();
    let kinds = table.schemes.into_iter().map(|kind| {
        let row = (kind.id.to_owned(), kind.name.to_owned(), json!(kind.scheme));
        (row, kind.parameters)
    });
    let presets = table.presets.into_iter().map(|row| (row.id.to_owned(), row.name.to_owned(), json!(row.scheme)));
    let base = |id: &str| json!(named(id).expect("the catalogue has it"));
    let part = |at, variants, always| Part { at, variants, base: base("cfg-toy"), prefix: "CFG, ", always };
    let parts = [
        Part { prefix: "", ..part("/combination", combinations(), false) },
        part("/schedule", schedules(), false),
        part("/reading", readings(), false),
        // They differ where the guide is asked at another noise level.
        Part { base: base("ht-1.10"), prefix: "Sigma scaling, mixed: ", ..part("/space", spaces(), false) },
        part("/solver", solvers(), true),
    ];
    collect(kinds.collect(), presets.collect(), &parts, [&table.interval, &[]])
}

/// The settings of a rule: as its paper has it, then each of its numbers in turn at other values: halfway to where its control begins,
/// and a quarter of the way and halfway to where it ends.
pub fn settings<S: Serialize + DeserializeOwned + Clone + PartialEq>(
    rule: &Rule<S>,
    sensible: impl Fn(&S) -> bool,
) -> Vec<Setting<S>> {
    let json = json!(rule.scheme);
    let mut all = vec![Setting { words: PUBLISHED.to_owned(), scheme: rule.scheme.clone() }];
    for Control { path, whole, parameter: p } in &rule.controls {
        let Some(here) = json.pointer(path).and_then(Value::as_f64) else { continue };
        for value in [here + 0.5 * (p.from - here), here + 0.25 * (p.to - here), here + 0.5 * (p.to - here)] {
            // Whole steps of the control, without the tails of binary fractions.
            let value = (1e6 * p.step * (value / p.step).round()).round() / 1e6;
            if !(p.least..=p.greatest).contains(&value) {
                continue;
            }
            let mut other = json.clone();
            let number = if *whole { json!(value as u64) } else { json!(value) };
            other.pointer_mut(path).into_iter().for_each(|place| *place = number.clone());
            let Ok(scheme) = serde_json::from_value::<S>(other) else { continue };
            if sensible(&scheme) && all.iter().all(|known| known.scheme != scheme) {
                all.push(Setting { words: format!("{} = {value}", p.symbol), scheme });
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Plan;
    use std::collections::BTreeSet;

    #[test]
    fn every_rule_of_the_table_has_a_row() {
        let all = rules();
        let ids: BTreeSet<&str> = all.iter().map(|rule| rule.id.as_str()).collect();
        assert_eq!(ids.len(), all.len());
        assert_eq!(all.iter().map(|rule| &rule.name).collect::<BTreeSet<_>>().len(), all.len());
        let json: Vec<Value> = all.iter().map(|rule| json!(rule.scheme)).collect();
        for (at, variants) in [("/combination", combinations()), ("/schedule", schedules()), ("/solver", solvers())] {
            for variant in variants {
                assert!(json.iter().any(|scheme| is(&scheme[&at[1..]], &variant)), "{at} {}", variant.id);
            }
        }
        for kind in catalogue::schemes() {
            assert!(ids.contains(kind.id), "{}", kind.id);
        }
        assert!(ids.contains("ep-cfg") && ids.contains("cfg-renorm") && ids.contains("li") && ids.contains("c2fg"));
    }

    #[test]
    fn grids_go_over_each_number_in_turn() {
        let all = rules();
        let of = |id: &str| {
            let rule = all.iter().find(|rule| rule.id == id).unwrap();
            settings(rule, |scheme| Plan::new(scheme).is_ok())
        };
        let words = |id: &str| of(id).into_iter().map(|setting| setting.words).collect::<Vec<_>>();
        assert_eq!(words("none"), [PUBLISHED]);
        assert_eq!(
            words("sigma-scaling"),
            [PUBLISHED, "w = 1.5", "w = 4.8", "w = 6.5", "k = 1.05", "k = 1.2", "k = 1.3"]
        );
        assert_eq!(words("pmc"), [PUBLISHED, "w = 2", "w = 5.5", "w = 7", "G = 1.05", "G = 1.33", "G = 1.55"]);
        for rule in &all {
            let settings = of(&rule.id);
            assert_eq!(settings[0].scheme, rule.scheme, "{}", rule.id);
            assert!(settings.len() > 1 || rule.controls.is_empty(), "{}", rule.id);
        }
    }
}
