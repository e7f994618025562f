//! The one table of schemes on the plane, and of everything that they are made of: data, networks, kinds of guide, settings of
//! papers, and the parts that every scheme has ([`crate::guidance::catalogue`]).
//!
//! The page's controls and texts, the command's help and docs/schemes.md are made from it: those of the page from its
//! JSON, www/plane/catalogue.json, so that they are there before any wasm. A test keeps both files fresh.

use crate::guidance::catalogue::{
    Control, Variant, combinations, control, readings, schedules, solvers, spaces, spacings,
};
use crate::guidance::{Guide, Interval, Scheme, VERSION};
use crate::parameter::{self, Setting};
use crate::plane::distribution::{Classes, Distribution};
use crate::sampling::NoiseLevels;
use serde::Serialize;
use serde_json::Value;
use std::mem::discriminant;

mod names;
mod networks;
mod schemes;

pub use names::{complete, conditions, current, network_of, renewed};
pub use networks::{NetworkInfo, network_names, networks};
pub use schemes::{presets, schemes};

/// The whole table.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Catalogue {
    /// Version of the description of schemes.
    pub version: u32,
    /// What can be sampled: the paper's tree, which stands for trees of every seed, and others.
    pub distributions: Vec<DistributionInfo>,
    /// Classes of the exact models.
    pub conditions: [Classes; 3],
    /// The networks that ship.
    pub networks: Vec<NetworkInfo>,
    /// Kinds of guide, in the order of menus.
    pub schemes: Vec<SchemeInfo>,
    /// Complete settings of papers.
    pub presets: Vec<Preset>,
    /// Shapes of the weight over time.
    pub schedules: Vec<Variant>,
    /// What a shape multiplies.
    pub readings: Vec<Variant>,
    /// Rules of combination.
    pub combinations: Vec<Variant>,
    /// What is mixed.
    pub spaces: Vec<Variant>,
    /// Solvers.
    pub solvers: Vec<Variant>,
    /// Spacings of noise levels.
    pub spacings: Vec<Variant>,
    /// The guidance interval, where there is one.
    pub interval: Vec<Control>,
    /// Noise levels, but for their spacing.
    pub levels: Vec<Control>,
}

/// A distribution.
#[derive(Clone, Debug, Serialize)]
pub struct DistributionInfo {
    /// Stable identifier.
    pub id: String,
    /// What the field calls it.
    pub name: &'static str,
    /// One line on what it is; every embedded element loads the table, and none shows it.
    #[serde(skip)]
    pub explanation: &'static str,
}

/// A kind of guide.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SchemeInfo {
    /// Stable identifier.
    pub id: &'static str,
    /// What the field calls it.
    pub name: &'static str,
    /// The guided score.
    pub formula: &'static str,
    /// One line on what it does.
    pub explanation: &'static str,
    /// Where it comes from.
    pub reference: &'static str,
    /// The scheme with its default parameters.
    pub scheme: Scheme,
    /// Its own parameters, by JSON pointers into the scheme.
    pub parameters: Vec<Control>,
    /// Models that can be the guide, as text; none where the guide is the main model again.
    pub guides: Vec<String>,
}

/// A scheme with a name.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Preset {
    /// Stable identifier.
    pub id: &'static str,
    /// Whose setting it is.
    pub name: &'static str,
    /// Where it comes from.
    pub reference: &'static str,
    /// The setting.
    pub scheme: Scheme,
}

/// What can be sampled.
pub fn distributions() -> Vec<DistributionInfo> {
    let row = |distribution: Distribution, name, explanation| DistributionInfo {
        id: distribution.to_string(),
        name,
        explanation,
    };
    vec![
        row(Distribution::PAPER, "Fractal tree", "The tree of the autoguidance paper; other seeds grow other trees."),
        row(Distribution::TwoMoons, "Two moons", "Two half circles that reach into each other, one a class."),
        row(Distribution::TwoRings, "Two rings", "Concentric circles: class A inside, class B outside."),
        row(Distribution::TwoSpirals, "Two spirals", "Two arms of one turn and a half, one a class."),
        row(Distribution::Checkerboard, "Checkerboard", "Four by four squares, one colour a class."),
        row(Distribution::EightGaussians, "Eight Gaussians", "Gaussians on a circle, the classes in turn."),
    ]
}

/// The table.
pub fn catalogue() -> Catalogue {
    let levels = NoiseLevels::default();
    let interval = Interval { low: parameter::INTERVAL_LOW.default, high: parameter::INTERVAL_HIGH.default };
    let json = serde_json::to_value(Scheme { interval: Some(interval), ..Scheme::default() });
    let json = json.expect("a scheme becomes JSON");
    let controls = |prefix: &str, settings: &[Setting]| -> Vec<Control> {
        settings.iter().map(|(field, parameter, _)| control(&json, format!("{prefix}/{field}"), parameter)).collect()
    };
    Catalogue {
        version: VERSION,
        distributions: distributions(),
        conditions: Classes::ALL,
        networks: networks(),
        schemes: schemes(),
        presets: presets(),
        schedules: schedules(),
        readings: readings(),
        combinations: combinations(),
        spaces: spaces(),
        solvers: solvers(),
        spacings: spacings(),
        interval: controls("/interval", &interval.settings()),
        levels: controls("/levels", &levels.settings()),
    }
}

impl Catalogue {
    /// The formula and the explanation of a scheme: those of its parts that are others than plain guidance's, and where there are none those
    /// of the kind of guide that it has.
    pub fn told(&self, scheme: &Scheme) -> (&'static str, String) {
        let json = serde_json::to_value(scheme).expect("a scheme becomes JSON");
        let plain = serde_json::to_value(Scheme::default()).expect("a scheme becomes JSON");
        // A part with numbers is an object of one field, its name.
        let name = |part: &Value| part.as_object().and_then(|of| of.keys().next().cloned()).unwrap_or(text_of(part));
        let own = |field: &str, variants: &[Variant]| {
            let id = name(&json[field]);
            variants.iter().find(|row| row.id == id && id != name(&plain[field])).cloned()
        };
        let rule = own("combination", &self.combinations);
        let others = [
            own("schedule", &self.schedules),
            own("reading", &self.readings),
            own("space", &self.spaces),
            own("solver", &self.solvers),
        ];
        let mut words: Vec<String> = std::iter::once(&rule)
            .chain(&others)
            .flatten()
            .map(|part| format!("{}: {}", part.name, part.explanation))
            .collect();
        if scheme.interval.is_some() {
            words.push("Interval: guidance is off outside of it.".to_owned());
        }
        let kind = self.kind_of_guide(scheme);
        if words.is_empty() {
            words.push(kind.explanation.to_owned());
        }
        (rule.map_or(kind.formula, |rule| rule.formula), words.join(" "))
    }

    /// The kind of guide that a scheme has: of those that offer its model, one that asks it as the scheme does.
    fn kind_of_guide(&self, scheme: &Scheme) -> &SchemeInfo {
        let fits = |kind: &&SchemeInfo| match (&kind.scheme.guide, &scheme.guide) {
            (None, None) => true,
            (Some(kinds), Some(guide)) => {
                let offered = if kind.guides.is_empty() {
                    guide.name() == scheme.main
                } else {
                    kind.guides.contains(&guide.name().text())
                };
                offered
                    && discriminant(&kinds.noise) == discriminant(&guide.noise)
                    && discriminant(&kinds.degradation) == discriminant(&guide.degradation)
                    && (kinds.noise_shift == 0.0) == (guide.noise_shift == 0.0)
            }
            _ => false,
        };
        let mut fitting = self.schemes.iter().filter(fits);
        let first = fitting.clone().next().unwrap_or(&self.schemes[0]);
        fitting.find(|kind| kind.guides.is_empty()).unwrap_or(first)
    }
}

fn text_of(part: &Value) -> String {
    part.as_str().unwrap_or_default().to_owned()
}

/// A scheme without what is as by default: short enough to be read.
pub fn short(scheme: &Scheme) -> Value {
    let json = |scheme: &Scheme| serde_json::to_value(scheme).expect("a scheme becomes JSON");
    let mut default = json(&Scheme::default());
    let mut found = json(scheme);
    if let Some(fields) = found.as_object_mut() {
        fields.retain(|name, value| *value != default[name]);
    }
    default["guide"] = serde_json::to_value(Guide::default()).expect("a guide becomes JSON");
    for part in ["guide", "levels"] {
        if let Some(fields) = found.get_mut(part).and_then(Value::as_object_mut) {
            fields
                .retain(|name, value| ["model", "condition"].contains(&name.as_str()) || *value != default[part][name]);
        }
    }
    found["main"] = serde_json::to_value(&scheme.main).expect("a name becomes JSON");
    found
}

/// The scheme of a preset or of a kind of guide.
pub fn named(id: &str) -> Option<Scheme> {
    let presets = presets().into_iter().map(|preset| (preset.id, preset.scheme));
    schemes()
        .into_iter()
        .map(|info| (info.id, info.scheme))
        .chain(presets)
        .find(|(name, _)| *name == id)
        .map(|row| row.1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guidance::{Combination, ModelName, Reading, Schedule, Space};
    use crate::plan::Plan;
    use crate::plane::Models;
    use crate::sampling::{Solver, Spacing};
    use std::collections::BTreeSet;

    /// The table's default is what the type takes, and every pointer leads to its parameter's default.
    fn check(variant: &Variant) {
        for control in &variant.parameters {
            let value = variant.value.pointer(&control.path).and_then(Value::as_f64);
            assert_eq!(value, Some(control.parameter.default), "{} {}", variant.id, control.path);
        }
    }

    #[test]
    fn every_variant_has_one_row_and_its_defaults() {
        let table = catalogue();
        let parts =
            [&table.schedules, &table.readings, &table.combinations, &table.spaces, &table.solvers, &table.spacings];
        for variants in parts {
            variants.iter().for_each(check);
            let ids: BTreeSet<_> = variants.iter().map(|v| &v.id).collect();
            assert_eq!(ids.len(), variants.len());
        }
        // Serde names all variants where it refuses one: the rows are as many.
        fn known<T: serde::de::DeserializeOwned>() -> usize {
            let message = serde_json::from_str::<T>("\"?\"").err().map(|e| e.to_string()).unwrap_or_default();
            message.split("expected").nth(1).map_or(0, |names| names.matches('`').count() / 2)
        }
        let counts = [
            known::<Schedule>(),
            known::<Reading>(),
            // One's own is no row.
            known::<Combination>() - 1,
            known::<Space>(),
            known::<Solver>(),
            known::<Spacing>(),
        ];
        assert_eq!(parts.map(|p| p.len()), counts);
    }

    #[test]
    fn a_rule_or_a_schedule_has_one_source() {
        let table = catalogue();
        let schemes = table.schemes.iter().map(|s| (s.id, &s.scheme, s.reference));
        for (id, scheme, reference) in schemes.chain(table.presets.iter().map(|p| (p.id, &p.scheme, p.reference))) {
            let parts = [
                (serde_json::to_value(&scheme.combination).unwrap(), &table.combinations),
                (serde_json::to_value(&scheme.schedule).unwrap(), &table.schedules),
            ];
            for (value, variants) in parts {
                let tag = value.as_str().or_else(|| value.as_object()?.keys().next().map(String::as_str)).unwrap();
                let variant = variants.iter().find(|variant| variant.id == tag).unwrap();
                // The first of each is what schemes have that are about something else.
                if variant.id != variants[0].id {
                    assert_eq!(reference, variant.reference, "{id}: {tag}");
                }
            }
        }
    }

    #[test]
    fn every_scheme_and_preset_makes_sense_and_ships() {
        let table = catalogue();
        let schemes = table.schemes.iter().map(|s| (s.id, &s.scheme));
        let all: Vec<_> = schemes.chain(table.presets.iter().map(|p| (p.id, &p.scheme))).collect();
        for (id, scheme) in &all {
            Plan::new(scheme).unwrap_or_else(|e| panic!("{id}: {e}"));
            let ships =
                |name: ModelName| Models::new().has(&name) || table.networks.iter().any(|n| n.model_name() == name);
            assert!(scheme.models().into_iter().all(ships), "{id}");
            assert_eq!(named(id).as_ref(), Some(*scheme));
            assert_eq!(current((*scheme).clone()).as_ref(), Ok(*scheme));
            assert_eq!(&&serde_json::from_value::<Scheme>(short(scheme)).unwrap(), scheme, "{id}");
        }
        let ids: BTreeSet<_> = all.iter().map(|row| row.0).collect();
        assert_eq!(ids.len(), all.len());
        for info in &table.schemes {
            let json = serde_json::to_value(&info.scheme).unwrap();
            for control in &info.parameters {
                assert!(json.pointer(&control.path).is_some_and(Value::is_number), "{} {}", info.id, control.path);
            }
            for guide in &info.guides {
                let name = ModelName::from(guide.as_str());
                assert_eq!(complete(name.clone()).unwrap(), name);
                let own = info.scheme.guide.clone().map(|own| own.named(name));
                Scheme { guide: own, ..info.scheme.clone() }.validate().unwrap();
            }
        }
        assert!(named("nonsense").is_none());
    }
}
