//! What `json` reads beside what serde reads from the same text.

use crate::mixture;
use guidance_playground::guidance::{Degradation, Guide, Noise, Scheme};
use guidance_playground::json::{FromJson, Value};
use guidance_playground::plane::catalogue::catalogue;
use guidance_playground::plane::distribution::Classes;
use guidance_playground::plane::engine::View;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value as Json, json, to_value};
use std::cell::Cell;
use std::fmt::Debug;

/// Both accept, with the same result, or both refuse; which.
fn agree<T: FromJson + DeserializeOwned + PartialEq + Debug>(text: &str) -> bool {
    let ours = Value::parse(text).and_then(|value| T::from_json(&value));
    match (ours, serde_json::from_str::<T>(text)) {
        (Ok(ours), Ok(serdes)) => {
            assert_eq!(ours, serdes, "{text}");
            true
        }
        (Err(_), Err(_)) => false,
        (ours, serdes) => panic!("{text}: {ours:?}, serde {serdes:?}"),
    }
}

/// Whole numbers without a fraction, as JavaScript writes them.
fn whole(value: Json) -> Json {
    match value {
        Json::Number(x) => match x.as_f64() {
            Some(x) if x.fract() == 0.0 && x.abs() < 1e15 => json!(x as i64),
            _ => Json::Number(x),
        },
        Json::Array(list) => list.into_iter().map(whole).collect(),
        Json::Object(fields) => fields.into_iter().map(|(key, value)| (key, whole(value))).collect(),
        other => other,
    }
}

/// All that the catalogue has, written out, and every variant that it does not list.
fn schemes() -> Vec<Json> {
    let table = catalogue();
    let mut schemes: Vec<Json> = table.schemes.iter().map(|s| to_value(&s.scheme).unwrap()).collect();
    schemes.extend(table.presets.iter().map(|p| to_value(&p.scheme).unwrap()));
    let guided = Scheme { guide: Some(Guide::default()), ..Scheme::default() };
    let with = |pointer: &str, value: Json| {
        let mut scheme = to_value(&guided).unwrap();
        *scheme.pointer_mut(pointer).unwrap() = value;
        scheme
    };
    for (pointer, variants) in [
        ("/schedule", table.schedules),
        ("/reading", table.readings),
        ("/combination", table.combinations),
        ("/space", table.spaces),
        ("/solver", table.solvers),
        ("/levels/spacing", table.spacings),
    ] {
        schemes.extend(variants.into_iter().map(|variant| with(pointer, variant.value)));
    }
    for noise in [Noise::Gaussian, Noise::StudentT { degrees_of_freedom: 4.5 }] {
        schemes.push(with("/guide/noise", to_value(noise).unwrap()));
    }
    let worse = [
        Degradation::None,
        Degradation::Dropout { rate: 0.1, seed: 4_294_967_295 },
        Degradation::FreshDropout { rate: 0.3, seed: 7 },
        Degradation::WeightNoise { strength: 0.2, seed: 1 },
    ];
    schemes.extend(worse.map(|degradation| with("/guide/degradation", to_value(degradation).unwrap())));
    schemes.push(with("/interval", json!({ "low": 0.1, "high": 2.5 })));
    schemes.push(with("/schedule", json!({ "curve": { "points": [[0, 0.5], [0.5, 1], [1, 2]] } })));
    schemes.into_iter().map(whole).collect()
}

#[test]
fn all_schemes_are_read_as_serde_reads_them() {
    for scheme in schemes() {
        assert!(agree::<Scheme>(&scheme.to_string()), "{scheme}");
    }
    for preset in catalogue().presets {
        let short = guidance_playground::plane::catalogue::short(&preset.scheme);
        assert!(agree::<Scheme>(&short.to_string()), "{short}");
    }
    assert!(agree::<Scheme>("{}") && !agree::<Scheme>("null"));
    assert!(agree::<Scheme>(r#"{"levels":{"steps":32.0},"version":1.0}"#));
    assert!(!agree::<Scheme>(r#"{"levels":{"steps":32.5}}"#) && !agree::<Scheme>(r#"{"levels":{"steps":1e300}}"#));
    assert!(agree::<View>(&to_value(View::over(mixture(Classes::AB))).unwrap().to_string()));
    assert!(!agree::<View>(r#"{"x":0,"y":0,"halfWidth":1}"#));
    // A variant without fields may be written as an object.
    assert!(agree::<Scheme>(r#"{"schedule":{"cosine":null},"space":{"denoised":null}}"#));
}

/// A place in a value: each number chooses among the children, and what is left ends there.
fn place<'a>(mut value: &'a mut Json, way: &[prop::sample::Index]) -> &'a mut Json {
    for step in way {
        let size = match &*value {
            Json::Array(list) => list.len(),
            Json::Object(fields) => fields.len(),
            _ => 0,
        };
        if size == 0 {
            break;
        }
        let i = step.index(size);
        value = match value {
            Json::Array(list) => &mut list[i],
            Json::Object(fields) => fields.values_mut().nth(i).unwrap(),
            _ => unreachable!(),
        };
    }
    value
}

/// What values are replaced by. No lists, which serde takes for objects, field by field.
fn other() -> impl Strategy<Value = Json> {
    prop::sample::select(vec![
        Json::Null,
        json!(true),
        json!(0),
        json!(-1),
        json!(7),
        json!(7.0),
        json!(-0.0),
        json!(0.5),
        json!(1e300),
        json!(4_294_967_296_u64),
        json!(""),
        json!("heun"),
        json!("static"),
        json!("Cosine"),
        json!("exact:A"),
        json!({ "model": "exact", "condition": "AB" }),
        json!({ "model": "exact", "condition": null }),
        json!({ "model": "exact", "classes": "AB" }),
        json!("edm"),
        json!("gaussian"),
        json!("lerp"),
        json!({}),
        json!({ "beta": { "a": 2, "b": 3 } }),
        json!({ "beta": { "a": 2 } }),
        json!({ "beta": null }),
        json!({ "cosine": null }),
        json!({ "cosine": {} }),
        json!({ "cosine": null, "sine": null }),
        json!({ "edm": { "rho": 7 } }),
        json!({ "low": 1, "high": 2 }),
        json!({ "model": "mine", "sigmaScale": 1.2 }),
    ])
}

/// A change to an object.
#[derive(Clone, Debug)]
enum Change {
    Replace(Json),
    Remove(prop::sample::Index),
    Rename(prop::sample::Index, &'static str),
    Add(&'static str, Json),
    Resize(usize),
}

fn change() -> impl Strategy<Value = Change> {
    let name = prop::sample::select(vec![
        "weight",
        "wieght",
        "Weight",
        "sigma_scale",
        "sigmaScale",
        "seed",
        "rate",
        "low",
        "a",
        "b",
        "model",
        "condition",
        "steps",
        "min",
        "max",
        "sine",
        "",
    ]);
    prop_oneof![
        3 => other().prop_map(Change::Replace),
        2 => any::<prop::sample::Index>().prop_map(Change::Remove),
        1 => (any::<prop::sample::Index>(), name.clone()).prop_map(|(i, name)| Change::Rename(i, name)),
        1 => (name, other()).prop_map(|(name, value)| Change::Add(name, value)),
        1 => (0..4usize).prop_map(Change::Resize),
    ]
}

fn apply(value: &mut Json, change: &Change) {
    let key = |fields: &Map<String, Json>, i: &prop::sample::Index| fields.keys().nth(i.index(fields.len())).cloned();
    match (change, value) {
        (Change::Replace(new), value) => *value = new.clone(),
        (Change::Remove(i), Json::Object(fields)) if !fields.is_empty() => {
            let key = key(fields, i).unwrap();
            fields.remove(&key);
        }
        (Change::Rename(i, name), Json::Object(fields)) if !fields.is_empty() => {
            let key = key(fields, i).unwrap();
            let value = fields.remove(&key).unwrap();
            fields.insert((*name).to_owned(), value);
        }
        (Change::Add(name, new), Json::Object(fields)) => {
            fields.insert((*name).to_owned(), new.clone());
        }
        (Change::Resize(size), Json::Array(list)) => list.resize(*size, json!([0.25, 1])),
        _ => {}
    }
}

#[test]
fn spoiled_schemes_are_refused_where_serde_refuses_them() {
    let config = ProptestConfig {
        cases: 20_000,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(2),
        ..ProptestConfig::default()
    };
    let step = (prop::collection::vec(any::<prop::sample::Index>(), 0..5), change());
    let strategy = (prop::sample::select(schemes()), prop::collection::vec(step, 1..4));
    let accepted = Cell::new(0);
    let mut runner = proptest::test_runner::TestRunner::new(config);
    let outcome = runner.run(&strategy, |(mut scheme, steps)| {
        for (way, change) in &steps {
            apply(place(&mut scheme, way), change);
        }
        accepted.set(accepted.get() + u32::from(agree::<Scheme>(&scheme.to_string())));
        Ok(())
    });
    outcome.unwrap();
    // Neither is rare.
    assert!((2_000..18_000).contains(&accepted.get()), "{}", accepted.get());
}

#[test]
fn faults_say_where_and_what() {
    let fault = |text: &str| Value::parse(text).and_then(|v| Scheme::from_json(&v)).unwrap_err().clause();
    for (text, expected) in [
        (r#"{"wieght":2}"#, "unknown field `wieght`, expected one of `version`, `main`, `guide`, `weight`, `schedule`"),
        (
            r#"{"guide":{"sigma_scale":2}}"#,
            "guide: unknown field `sigma_scale`, expected one of `model`, `condition`, `sigmaScale`",
        ),
        (r#"{"solver":"rk4"}"#, "solver: unknown variant `rk4`, expected one of `heun`, `euler`, `churn`"),
        (r#"{"schedule":{"beta":{"a":1}}}"#, "schedule.beta: missing field `b`"),
        (r#"{"schedule":{"beta":{"a":1,"b":"2"}}}"#, "schedule.beta.b: expected a number, found text"),
        (r#"{"schedule":"beta"}"#, "schedule.beta: expected an object, found null"),
        (r#"{"schedule":{"sine":1}}"#, "schedule.sine: expected nothing in it, found a number"),
        (r#"{"schedule":{"curve":{"points":[[0,1],[0,1,2]]}}}"#, "schedule.curve.points.1: expected a list of 2"),
        (
            r#"{"schedule":{"curve":{"points":[[0,1],[0,null]]}}}"#,
            "schedule.curve.points.1.1: expected a number, found null",
        ),
        (r#"{"levels":{"spacing":null}}"#, "levels.spacing: expected the name of a variant"),
        (r#"{"levels":{"steps":1.5}}"#, "levels.steps: expected an integer from 0 to 4294967295"),
        (r#"{"main":null}"#, "main: expected an object, found null"),
        (
            r#"{"main":{"model":"exact","class":"A"}}"#,
            "main: unknown field `class`, expected one of `model`, `condition`",
        ),
        (r#"{"main":{"condition":"A"}}"#, "main: missing field `model`"),
        ("[]", "expected an object, found a list"),
    ] {
        let found = fault(text);
        assert!(found.starts_with(expected), "{text}: {found}");
    }
    let infinite = Value::Object(vec![("weight".to_owned(), Value::Number(f64::INFINITY))]);
    assert!(Scheme::from_json(&infinite).unwrap_err().clause().starts_with("weight: expected a finite number"));
    assert!(f32::from_json(&Value::Number(1e39)).is_err() && f32::from_json(&Value::Number(1e38)).is_ok());
    assert!(!agree::<Scheme>(r#"{"weight":1e999}"#));
    let deep = ["[".repeat(100), "]".repeat(100)].concat();
    assert_eq!(Value::parse(&deep).unwrap_err().clause(), "nested too deeply");
}
