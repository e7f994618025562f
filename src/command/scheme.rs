//! From a NAME, a FILE.json or an ADDRESS to a scheme.

use crate::address::{self, Configuration};
use crate::command::{Failure, text};
use crate::guidance::Scheme;
use crate::plan::Plan;
use crate::plane::catalogue;
use crate::plane::distribution::{Distribution, called};
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use std::path::Path;

/// A scheme that is to be run on `distribution`; with exact models in place of networks only if it is not to have those anyway.
///
/// # Errors
/// As for [`read`], or if the file says that it is of other data.
pub fn on(distribution: &Distribution, name: &str, exact: bool) -> Result<Scheme, Failure> {
    let Configuration { scheme, distribution: own, .. } = read(name)?;
    match own {
        Some(own) if own != distribution.to_string() => {
            let sentence = format!("{name} is of {}, not of {}.", called(&own), distribution.called());
            Err(Failure::new(sentence, format!("Give --data {own}.")))
        }
        _ if exact => Ok(scheme),
        _ => Ok(told(fitted(name, scheme, distribution))),
    }
}

/// A scheme that is called by its name as it can be had for data ([`address::fitted`]), as the page has it, and a sentence where that is
/// another; any other as it is.
pub fn fitted(name: &str, scheme: Scheme, distribution: &Distribution) -> (Scheme, Option<String>) {
    if name.split('~').next().and_then(|id| catalogue::named(id.trim())).is_none() {
        return (scheme, None);
    }
    let fit = address::fitted(&scheme, &distribution.to_string());
    let scale = |scheme: &Scheme| scheme.guide.as_ref().map(|guide| guide.sigma_scale);
    let more = match scale(&fit) {
        Some(k) if scale(&scheme) != Some(k) => format!(", under {k} times the noise in place of a lesser one"),
        _ => String::new(),
    };
    let data = distribution.called();
    let sentence = format!("{name}: its networks know nothing of {data}; exact models stand for them{more}.");
    let changed = fit != scheme;
    (fit, changed.then_some(sentence))
}

/// A scheme whose sentence is told where errors are.
pub fn told((scheme, sentence): (Scheme, Option<String>)) -> Scheme {
    if let Some(sentence) = sentence {
        eprintln!("{sentence}");
    }
    scheme
}

/// A scheme of the catalogue; a description, or what stands in a file, a scheme or a configuration that the page has exported; or what
/// stands in an address of the page.
///
/// # Errors
/// If there is none of that name; a file's faults by their line and field; what of an address was not understood.
pub fn read(name: &str) -> Result<Configuration, Failure> {
    if let Some(scheme) = catalogue::named(name) {
        return Ok(Configuration { scheme, ..Configuration::default() });
    }
    if name.trim_start().starts_with('{') {
        return of_json(DESCRIPTION, name, None);
    }
    let (file, panel) = of_panel(name);
    if Path::new(file).exists() || file.ends_with(".json") {
        return of_file(file, panel);
    }
    if !address::is_text(name) {
        return Err(unknown(name));
    }
    checked(name, only(address::read(name)?)?)
}

/// What an address has where it is of one panel.
///
/// # Errors
/// If it is of several.
pub fn only<T>(mut panels: Vec<T>) -> Result<T, Failure> {
    let count = panels.len();
    let one = panels.pop().filter(|_| count == 1);
    one.ok_or_else(|| {
        let advice = format!("Say which is meant by #1 to #{count} behind it.");
        Failure::new(format!("The address has {count} panels, each with a scheme."), advice)
    })
}

/// What tables call a scheme: its name, of what is long the end, where an address says its panel.
pub fn label(name: &str) -> String {
    let more = name.chars().count().saturating_sub(LONGEST);
    if more == 0 { name.to_owned() } else { std::iter::once('…').chain(name.chars().skip(more + 1)).collect() }
}

/// Most letters of a scheme in a table.
const LONGEST: usize = 40;

/// What stands in a file: a scheme, or a configuration that the page has exported, of the panel that is meant where it has several.
///
/// # Errors
/// The file's faults by their line and field.
pub fn of_file(file: &str, panel: Option<usize>) -> Result<Configuration, Failure> {
    of_json(file, &text::read(Some(file))?, panel)
}

/// The same of the text of a file of this name.
///
/// # Errors
/// As for [`of_file`].
pub fn of_json(name: &str, text: &str, panel: Option<usize>) -> Result<Configuration, Failure> {
    checked(name, choose(name, parse(name, text)?, panel)?)
}

/// Of this version, its scheme one that makes sense.
fn checked(name: &str, found: Configuration) -> Result<Configuration, Failure> {
    let Configuration { scheme, seed, particles, distribution } = found;
    let scheme = catalogue::current(scheme).and_then(|scheme| Plan::new(&scheme).map(|_| scheme));
    let scheme = scheme.map_err(|e| Failure::new(format!("{name}: {e}"), e.advice()))?;
    Ok(Configuration { scheme, seed, particles, distribution })
}

/// A file's name, and which of its panels is meant: `FILE.json#2`.
fn of_panel(name: &str) -> (&str, Option<usize>) {
    if Path::new(name).exists() { (name, None) } else { address::of_panel(name) }
}

/// The one of a file's panels that is meant.
fn choose(file: &str, mut all: Vec<Configuration>, panel: Option<usize>) -> Result<Configuration, Failure> {
    let advice = format!("Give one of {file}#1 to {file}#{}.", all.len());
    match panel {
        Some(panel) if (1..=all.len()).contains(&panel) => Ok(all.swap_remove(panel - 1)),
        Some(panel) => Err(Failure::new(format!("{file} has no panel {panel}: it has {}.", all.len()), advice)),
        None if all.len() == 1 => Ok(all.swap_remove(0)),
        None => Err(Failure::new(format!("{file} has {} panels, each with a scheme.", all.len()), advice)),
    }
}

/// The error for a name that no scheme has.
pub fn unknown(name: &str) -> Failure {
    Failure::new(format!("There is no scheme named \"{name}\"."), ADVICE)
}

/// What messages call a scheme that is no file.
pub const DESCRIPTION: &str = "The description";

const ADVICE: &str = "guidance-playground schemes lists the names; schemes NAME --json shows one as files have it.";

/// Tells a scheme, a configuration, and all that the page exports at once from each other.
#[derive(Deserialize)]
#[serde(expecting = "a scheme or a configuration")]
struct Kind {
    scheme: Option<IgnoredAny>,
    panels: Option<IgnoredAny>,
}

/// What the page exports as JSON; of its fields only these are of use here.
#[derive(Deserialize)]
struct Export {
    panels: Vec<Panel>,
}

#[derive(Deserialize)]
struct Panel {
    config: Configuration,
}

/// One, or of each panel one.
fn parse(name: &str, text: &str) -> Result<Vec<Configuration>, Failure> {
    let kind = fields::<Kind>(name, text)?;
    if kind.panels.is_some() {
        return Ok(fields::<Export>(name, text)?.panels.into_iter().map(|panel| panel.config).collect());
    }
    Ok(vec![match kind.scheme {
        Some(_) => fields(name, text)?,
        None => Configuration { scheme: fields(name, text)?, ..Configuration::default() },
    }])
}

/// Plain data, or the line and the field that it cannot be read at.
pub fn fields<T: DeserializeOwned>(name: &str, text: &str) -> Result<T, Failure> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let read = serde_path_to_error::deserialize(&mut deserializer);
    let fault = |e: &serde_json::Error, field: &str| {
        let all = e.to_string();
        let problem = match all.split(" at line ").next().unwrap_or_default() {
            "expected value" => "this is no value that can stand here",
            "number out of range" => "this number is too large for a computer's, which end at 1.8e308",
            "trailing characters" => "more stands after the end",
            problem if problem.starts_with("EOF ") => "the file ends too early",
            problem => problem,
        };
        let problem = problem.replace("expected f64", "expected a number");
        // An unknown field is named by its problem; a file that is no JSON has none.
        let field = if [".", "?"].contains(&field) || problem.starts_with("unknown field") {
            String::new()
        } else {
            format!("{field}: ")
        };
        text::fault(name, e.line() as u64, format!("{field}{problem}"), ADVICE)
    };
    let value = read.map_err(|e| fault(e.inner(), &e.path().to_string()))?;
    deserializer.end().map_err(|e| fault(&e, "."))?;
    Ok(value)
}

/// The names, for help texts.
pub fn list() -> String {
    let row = |id: &str, name: &str| format!("  {id:<24}{name}\n");
    let schemes: String = catalogue::schemes().iter().map(|s| row(s.id, s.name)).collect();
    let presets: String = catalogue::presets().iter().map(|p| row(p.id, p.name)).collect();
    format!("Schemes by NAME:\n{schemes}\nSettings of papers by NAME:\n{presets}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guidance::catalogue::Control;
    use proptest::prelude::*;
    use proptest::sample::Index;
    use proptest::test_runner::RngSeed;
    use serde_json::{Value, json};

    /// A scheme of the catalogue with any variants of its parts, and any numbers within their ranges in it: not always one
    /// that makes sense together.
    fn schemes() -> impl Strategy<Value = Scheme> {
        (any::<[Index; 7]>(), prop::collection::vec(0.0..1.0f64, 24)).prop_map(|(choices, numbers)| {
            let table = catalogue::catalogue();
            let kind = &table.schemes[choices[0].index(table.schemes.len())];
            let mut json = json!(kind.scheme);
            let mut numbers = numbers.into_iter().cycle();
            let mut vary = |json: &mut Value, controls: &[Control]| {
                for control in controls {
                    let (parameter, share) = (&control.parameter, numbers.next().unwrap_or_default());
                    let value = parameter.least + share * (parameter.greatest - parameter.least);
                    let place = json.pointer_mut(&control.path).expect("a control leads to a number");
                    *place = if control.whole { json!(value as u64) } else { json!(value) };
                }
            };
            vary(&mut json, &kind.parameters);
            let parts = [
                ("/schedule", table.schedules),
                ("/reading", table.readings),
                ("/combination", table.combinations),
                ("/space", table.spaces),
                ("/solver", table.solvers),
                ("/levels/spacing", table.spacings),
            ];
            for ((pointer, variants), choice) in parts.into_iter().zip(&choices[1..]) {
                let mut variant = variants[choice.index(variants.len())].clone();
                vary(&mut variant.value, &variant.parameters);
                *json.pointer_mut(pointer).expect("every scheme has every part") = variant.value;
            }
            serde_json::from_value(json).expect("a varied scheme is one")
        })
    }

    /// Whole numbers with a fraction of zero, as some programs write them.
    fn with_fractions(value: Value) -> Value {
        match value {
            Value::Number(x) => json!(x.as_f64()),
            Value::Array(list) => list.into_iter().map(with_fractions).collect(),
            Value::Object(fields) => fields.into_iter().map(|(key, value)| (key, with_fractions(value))).collect(),
            other => other,
        }
    }

    fn config() -> ProptestConfig {
        ProptestConfig { failure_persistence: None, rng_seed: RngSeed::Fixed(3), ..ProptestConfig::default() }
    }

    proptest! {
        #![proptest_config(config())]

        #[test]
        fn what_is_written_is_read(
            scheme in schemes(), seed in 0..1u64 << 53, particles in 1..1u64 << 20, alone: bool, pretty: bool, fractions: bool,
        ) {
            let known = |number: u64| Some(number).filter(|_| !alone);
            let expected = Configuration {
                scheme: scheme.clone(),
                seed: known(seed),
                particles: known(particles),
                distribution: Some("two-moons".to_owned()).filter(|_| !alone),
            };
            let whole = json!({"scheme": scheme, "seed": seed, "particles": particles, "distribution": "two-moons"});
            let written = if alone { json!(scheme) } else { whole };
            let written = if fractions { with_fractions(written) } else { written };
            let text = if pretty { serde_json::to_string_pretty(&written) } else { serde_json::to_string(&written) };
            let found = parse("export.json", &text.unwrap());
            prop_assert!(found.is_ok_and(|found| found.len() == 1 && found[0] == expected));
            let panels: Vec<_> = (0..3).map(|_| json!({"title": "a", "config": written, "metrics": null})).collect();
            let export = json!({"program": "guidance-playground", "format": 1, "panels": panels, "ends": [[[0.5, null]]]});
            let found = parse("export.json", &export.to_string());
            prop_assert!(alone || found.is_ok_and(|all| all.len() == 3 && all.iter().all(|each| *each == expected)));
        }
    }
}
