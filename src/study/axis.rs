//! What a sweep goes over: `--over SYMBOL=VALUES`.

use crate::error::{Error, Result};
use crate::guidance::catalogue;
use crate::guidance::{ModelName, Scheme};
use crate::parameter::{Parameter, Setting};
use crate::plan::Plan;
use crate::plane::catalogue::{complete, current};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// Most values of an axis, and most points of a grid.
pub(super) const MOST: usize = 100_000;

/// What can be varied: a scheme, or something that has one and fields of its own beside the scheme's.
pub trait Varied: Clone + Serialize + DeserializeOwned {
    /// Fields of its own that are varied by their names.
    const FIELDS: &[&str] = &[];
    /// The scheme.
    fn scheme(&self) -> &Scheme;
    /// Numbers of its own, each with a JSON pointer.
    fn numbers(&self) -> Vec<(String, &'static Parameter)> {
        Vec::new()
    }
    /// A model's whole name, of the one that was given.
    ///
    /// # Errors
    /// If it is known that there is none.
    fn model(name: ModelName) -> Result<ModelName>;
    /// As it is run.
    ///
    /// # Errors
    /// If it makes no sense.
    fn sensible(self) -> Result<Self>;
}

impl Varied for Scheme {
    fn scheme(&self) -> &Scheme {
        self
    }

    fn model(name: ModelName) -> Result<ModelName> {
        complete(name)
    }

    fn sensible(self) -> Result<Self> {
        current(self).and_then(|scheme| Plan::new(&scheme).map(|_| scheme))
    }
}

/// One thing that is varied, and its values.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// As it was given: a parameter's symbol, a part of a scheme, or a JSON pointer into it.
    pub name: String,
    /// What is tried, as a person writes it.
    pub values: Vec<Value>,
    /// Where it stands in the scheme, and what is put there for each value.
    pub(super) path: String,
    pub(super) placed: Vec<Value>,
}

/// The parts of a scheme that a name stands for, and their variants by identifier.
fn part(name: &str) -> Option<(&'static str, Vec<(String, Value)>)> {
    let (path, variants) = match name {
        "schedule" => ("/schedule", catalogue::schedules()),
        "reading" => ("/reading", catalogue::readings()),
        "combination" => ("/combination", catalogue::combinations()),
        "space" => ("/space", catalogue::spaces()),
        "solver" => ("/solver", catalogue::solvers()),
        "spacing" => ("/levels/spacing", catalogue::spacings()),
        _ => return None,
    };
    Some((path, variants.into_iter().map(|v| (v.id, v.value)).collect()))
}

/// Names of [`part`], and of models.
const PARTS: [&str; 8] = ["main", "guide", "schedule", "reading", "combination", "space", "solver", "spacing"];

/// As JSON, with all values of a rule of one's own, of which a scheme may leave out those that its text has.
pub(super) fn written<S: Varied>(base: &S) -> Value {
    let mut json = serde_json::to_value(base).expect("a scheme becomes JSON");
    if let Some(Value::Object(own)) = json.pointer_mut("/combination/own") {
        for (field, _, value) in base.scheme().combination.settings() {
            let (group, name) = field.split_once('/').expect("a value stands among values");
            own[group][name] = value.into();
        }
    }
    json
}

/// The numbers that a scheme has, by JSON pointers.
fn numbers<S: Varied>(base: &S, json: &Value) -> Vec<(String, &'static Parameter)> {
    let scheme = base.scheme();
    let mut found = Vec::new();
    // The numbers of a variant stand under its name.
    let mut add = |part: &str, settings: &[Setting]| {
        let name = json.pointer(part).and_then(Value::as_object).and_then(|fields| fields.keys().next());
        let under = name.map_or_else(String::new, |name| format!("/{name}"));
        found.extend(settings.iter().map(|(field, parameter, _)| (format!("{part}{under}/{field}"), *parameter)));
    };
    if let Some(guide) = &scheme.guide {
        add("/guide/noise", &guide.noise.settings());
        add("/guide/degradation", &guide.degradation.settings());
    }
    add("/schedule", &scheme.schedule.settings());
    add("/combination", &scheme.combination.settings());
    add("/solver", &scheme.solver.settings());
    add("/levels/spacing", &scheme.levels.spacing.settings());
    let plain = |part: &str, settings: &[Setting]| -> Vec<_> {
        settings.iter().map(|(field, parameter, _)| (format!("{part}/{field}"), *parameter)).collect()
    };
    found.extend(plain("/levels", &scheme.levels.settings()));
    if let Some(interval) = &scheme.interval {
        found.extend(plain("/interval", &interval.settings()));
    }
    if scheme.guide.is_some() {
        let own = [
            ("/weight", &crate::parameter::WEIGHT),
            ("/guide/sigmaScale", &crate::parameter::SIGMA_SCALE),
            ("/guide/noiseShift", &crate::parameter::NOISE_SHIFT),
        ];
        found.splice(0..0, own.map(|(path, parameter)| (path.to_owned(), parameter)));
    }
    found.extend(base.numbers());
    found
}

impl Axis {
    /// Read `NAME=VALUES` for variations of `base`. NAME is a parameter's symbol (`w`, `k`, ...), a part of a scheme
    /// (`schedule`, `guide`, ...), or a JSON pointer (`/levels/min`). VALUES is a list `a,b,c`, or for numbers also a range
    /// `from:to:step` with both ends. A part takes names of the catalogue, and their default parameters with them.
    ///
    /// # Errors
    /// [`Error::Invalid`] if `base` has nothing of that name, telling what it has; or if the values make none.
    pub fn parse<S: Varied>(text: &str, base: &S) -> Result<Self> {
        let shape = || Error::invalid("What is varied", "NAME=a,b,c or NAME=from:to:step", format!("\"{text}\""));
        let (name, values) = text.split_once('=').ok_or_else(shape)?;
        let json = written(base);
        let list: Vec<&str> = values.split(',').map(str::trim).collect();
        if list.contains(&"") {
            return Err(shape());
        }
        if let Some((path, variants)) = part(name) {
            let found = list.iter().map(|id| {
                variants.iter().find(|(known, _)| known == id).map(|(_, value)| value.clone()).ok_or_else(|| {
                    let known: Vec<&str> = variants.iter().map(|(id, _)| id.as_str()).collect();
                    Error::invalid(format!("A {name}"), format!("one of {}", known.join(", ")), format!("\"{id}\""))
                })
            });
            let placed = found.collect::<Result<Vec<_>>>()?;
            let values = list.into_iter().map(Value::from).collect();
            return Ok(Self { name: name.to_owned(), values, path: path.to_owned(), placed });
        }
        let known = numbers(base, &json);
        let model = match name {
            "main" | "/main" => Some("/main"),
            "guide" | "/guide/model" if base.scheme().guide.is_some() => Some("/guide"),
            _ => None,
        };
        if let Some(path) = model {
            let name_of = |text: &&str| S::model(ModelName::from(*text)).map(|name| json!(name));
            let placed = list.iter().map(name_of).collect::<Result<_>>()?;
            let values = list.into_iter().map(Value::from).collect();
            return Ok(Self { name: name.to_owned(), values, path: path.to_owned(), placed });
        }
        let path = if name.starts_with('/') {
            match json.pointer(name) {
                Some(Value::Number(_) | Value::String(_)) => name.to_owned(),
                Some(_) => return Err(Error::invalid("A JSON pointer", "to a number or a name", name)),
                None => return Err(unknown(name, base, &known)),
            }
        } else if S::FIELDS.contains(&name) {
            format!("/{name}")
        } else {
            let mut places = known.iter().filter(|(_, parameter)| parameter.symbol == name).map(|(path, _)| path);
            match (places.next(), places.next()) {
                (Some(path), None) => path.clone(),
                (Some(path), Some(other)) => {
                    return Err(Error::invalid(
                        format!("The name {name}"),
                        format!("one thing of this scheme: give {path} or {other}"),
                        "both",
                    ));
                }
                _ => return Err(unknown(name, base, &known)),
            }
        };
        let values: Vec<Value> = if json.pointer(&path).is_some_and(Value::is_number) {
            let numbers = match range(values)? {
                Some(numbers) => numbers,
                None => list
                    .iter()
                    .map(|text| text.parse().ok().filter(|v: &f64| v.is_finite()).ok_or_else(shape))
                    .collect::<Result<_>>()?,
            };
            numbers.into_iter().map(number).collect()
        } else {
            list.into_iter().map(Value::from).collect()
        };
        Ok(Self { name: name.to_owned(), placed: values.clone(), values, path })
    }
}

fn unknown<S: Varied>(name: &str, base: &S, known: &[(String, &'static Parameter)]) -> Error {
    let symbols = known.iter().map(|(_, parameter)| parameter.symbol);
    let parts = PARTS.into_iter().filter(|&part| part != "guide" || base.scheme().guide.is_some());
    let all: Vec<&str> = symbols.chain(parts).chain(S::FIELDS.iter().copied()).collect();
    let expected = format!("one of {}, which this scheme has, or a JSON pointer", all.join(", "));
    Error::invalid("What is varied", expected, format!("\"{name}\""))
}

/// Whole numbers without a point: some fields take no other.
fn number(value: f64) -> Value {
    if value.fract() == 0.0 && value.abs() < 9e15 { Value::from(value as i64) } else { Value::from(value) }
}

/// Digits after the point of a number as it is written in full.
fn digits(value: f64) -> usize {
    value.to_string().split_once('.').map_or(0, |(_, digits)| digits.len())
}

/// `from:to:step` with both ends; each value is the decimal number that a person would write.
fn range(text: &str) -> Result<Option<Vec<f64>>> {
    let parts: Vec<&str> = text.split(':').collect();
    if parts.len() == 1 {
        return Ok(None);
    }
    let wrong = || {
        let expected = "from:to:step, three numbers, the step leading from the first to the second";
        Error::invalid("A range", expected, format!("\"{text}\""))
    };
    let numbers: Option<Vec<f64>> =
        parts.iter().map(|p| p.trim().parse().ok().filter(|v: &f64| v.is_finite())).collect();
    let Some([from, to, step]) = numbers.as_deref().and_then(|n| <[f64; 3]>::try_from(n).ok()) else {
        return Err(wrong());
    };
    let count = (to - from) / step;
    if !(count >= 0.0 && step != 0.0) {
        return Err(wrong());
    }
    if count >= MOST as f64 {
        return Err(Error::invalid("A range", format!("of {MOST} values at most"), format!("\"{text}\"")));
    }
    let places = digits(from).max(digits(step));
    let value = |i: usize| format!("{:.places$}", from + i as f64 * step).parse().expect("a number was written");
    // Rounding may leave the last one short.
    Ok(Some((0..=(count + 1e-9) as usize).map(value).collect()))
}

#[cfg(test)]
mod tests {
    use super::super::grid::Grid;
    use super::*;
    use crate::guidance::Schedule;
    use crate::plane::catalogue::named;

    fn base() -> Scheme {
        named("sigma-scaling").unwrap()
    }

    fn values(text: &str) -> Vec<f64> {
        Axis::parse(text, &base()).unwrap().values.iter().map(|v| v.as_f64().unwrap()).collect()
    }

    #[test]
    fn ranges_have_both_ends_and_no_drift() {
        let ks = values("k=1:1.3:0.02");
        assert_eq!(ks.len(), 16);
        // To the bit what a person would write.
        assert_eq!(ks[..4], [1.0, 1.02, 1.04, 1.06]);
        assert_eq!(ks[15], 1.3);
        assert_eq!(values("w=0.1:0.3:0.1"), [0.1, 0.2, 0.3]);
        assert_eq!(values("w=3:1:-1"), [3.0, 2.0, 1.0]);
        assert_eq!(values("w=1:2:0.4"), [1.0, 1.4, 1.8]);
        assert_eq!(values("w=2:2:1"), [2.0]);
        assert_eq!(values("k=1.5e0:1.501:1e-3"), [1.5, 1.501]);
        assert_eq!(values("w=4, 1,2.5"), [4.0, 1.0, 2.5]);
        assert_eq!(values("steps=8:32:8"), [8.0, 16.0, 24.0, 32.0]);
        assert_eq!(values("/guide/sigmaScale=1.2"), [1.2]);
    }

    #[test]
    fn bad_axes_are_refused_with_the_reason() {
        for (text, words) in [
            ("k", "NAME=a,b,c"),
            ("k=", "NAME=a,b,c"),
            ("k=1,,2", "NAME=a,b,c"),
            ("k=one", "NAME=a,b,c"),
            ("k=nan", "NAME=a,b,c"),
            ("k=1:2", "from:to:step"),
            ("k=1:2:0", "from:to:step"),
            ("k=2:1:0.1", "from:to:step"),
            ("k=1:inf:1", "from:to:step"),
            ("k=0:1:1e-9", "at most"),
            ("nu=4", "one of w, k, shift, steps, sigma_min, sigma_max, main, guide"),
            ("/guide/noise/studentT/degreesOfFreedom=4", "one of w, k"),
            ("/levels=4", "to a number or a name"),
            ("schedule=cosinus", "one of static, linear, cosine"),
        ] {
            let message = Axis::parse(text, &base()).unwrap_err().to_string();
            // The spacing's own number stands before the levels'.
            let message = message.replace("rho, ", "");
            assert!(message.contains(words), "{text}: {message}");
        }
        let none = Axis::parse("k=1,2", &Scheme::default()).unwrap_err().to_string();
        assert!(!none.contains(" k,") && !none.contains("guide"), "{none}");
        let twice = Grid::new(&base(), &["k=1,2".into(), "/guide/sigmaScale=3".into()]).unwrap_err().to_string();
        assert!(twice.contains("given twice"), "{twice}");
        assert!(Grid::new(&base(), &["k=1:2:0.001".into(), "w=1:2:0.001".into()]).is_err());
    }

    #[test]
    fn a_symbol_of_two_parts_has_to_be_told_apart() {
        let scheme = Scheme {
            schedule: Schedule::Beta { a: 2.0, b: 2.0 },
            guide: None,
            weight: 1.0,
            ..named("momentum").unwrap()
        };
        let message = Axis::parse("a=1,2", &scheme).unwrap_err().to_string();
        assert!(message.contains("/schedule/beta/a or /combination/momentum/strength"), "{message}");
        assert!(Axis::parse("/schedule/beta/a=1,2", &scheme).is_ok());
    }
}
