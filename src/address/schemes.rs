//! Schemes as an address has them: by name, by what is changed of a named one, or described in full; in descriptions fields may be
//! left out, and are then those of no guidance.

use crate::guidance::catalogue::Control;
use crate::guidance::rule::own;
use crate::guidance::{Combination, Guide, ModelName};
use crate::sampling::NoiseLevels;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

/// Sentences without an end, as parts of one.
pub(super) type Result<T> = std::result::Result<T, String>;

/// As many schemes as can be told apart on a screen.
pub(super) const MOST: usize = 6;
/// As many of a list's items as a scheme is asked to have.
const ITEMS: usize = 4;
/// Most letters of the name of a rule of one's own, in the units of JavaScript.
const NAME: usize = 60;
/// The scheme that has a rule of one's own, and no row.
pub(super) const OWN: &str = "own";

/// What schemes are made of, whatever is sampled.
pub(super) trait Table {
    /// As its catalogue has them.
    type Scheme: Clone + Serialize + DeserializeOwned;
    /// By which addresses know it.
    const LAB: &'static str;

    /// A scheme of the catalogue.
    fn named(&self, id: &str) -> Option<Self::Scheme>;
    /// The first that is guided.
    fn guided(&self) -> Self::Scheme;
    /// A model with its condition, where that is left out or stands in its name.
    fn model(&self, name: ModelName) -> crate::error::Result<ModelName>;
    fn levels_of<'a>(&self, scheme: &'a Self::Scheme) -> &'a NoiseLevels;
    /// The numbers of noise levels, by pointers into these.
    fn controls(&self) -> Vec<Control>;
    /// What is sampled, if that can be.
    fn subject(&self, text: &str) -> Result<String>;

    /// No guidance.
    fn plain(&self) -> Self::Scheme {
        self.named("none").expect("it is a row of every table")
    }
}

/// One to [`MOST`] schemes: `none,ht-1.10~weight:2.5`, or a JSON list.
pub(super) fn read<T: Table>(table: &T, text: &str) -> Result<Vec<T::Scheme>> {
    let items: Vec<Value> = if text.trim_start().starts_with('[') {
        serde_json::from_str(text).map_err(|_| "what begins with a bracket is no list in JSON".to_owned())?
    } else {
        split(text, ',').map(|item| item.trim().into()).collect()
    };
    if !(1..=MOST).contains(&items.len()) {
        return Err(format!("one to {MOST} are possible"));
    }
    items.iter().map(|item| choose(table, item)).collect()
}

fn choose<T: Table>(table: &T, item: &Value) -> Result<T::Scheme> {
    let Some(text) = item.as_str() else { return describe(table, item) };
    let name = text.split('~').next().unwrap_or_default();
    let scheme = if name == OWN { Some(own_rule(table)) } else { table.named(name) };
    let scheme = scheme.ok_or_else(|| format!("there is no scheme named “{}”", brief(name)))?;
    if name.len() == text.len() {
        return Ok(scheme);
    }
    describe(table, &changed(&text[name.len()..], in_texts(&to_json(&scheme)), "a scheme")?)
}

/// The first guided scheme, its rule one's own.
fn own_rule<T: Table>(table: &T) -> T::Scheme {
    let mut scheme = to_json(&table.guided());
    let text = Combination::default().text().expect("the plain rule can be written");
    scheme["combination"] = json!({ "own": { "text": text } });
    serde_json::from_value(scheme).expect("any text may stand there")
}

/// A description whose models are texts, one field each, as changes name them.
fn in_texts(scheme: &Value) -> Value {
    let text = |name: &Value| serde_json::from_value::<ModelName>(name.clone()).map(|name| name.text());
    let mut scheme = scheme.clone();
    scheme["main"] = text(&scheme["main"]).expect("it is a name").into();
    if let Some(guide) = scheme["guide"].as_object_mut() {
        let condition = guide.remove("condition");
        let name = json!({ "model": guide["model"], "condition": condition });
        guide.insert("model".to_owned(), text(&name).expect("it is a name").into());
    }
    scheme
}

/// Noise levels with changes: `~steps:16~spacing.edm.rho:5`.
pub(super) fn levels<T: Table>(table: &T, text: &str, base: &NoiseLevels) -> Result<NoiseLevels> {
    levels_from(table, &changed(text, to_json(base), "a list of noise levels")?)
}

fn changed(text: &str, base: Value, what: &str) -> Result<Value> {
    split(text, '~').skip(1).try_fold(base, |mut changed, item| {
        let (path, value) = item.split_once(':').unwrap_or((&item, ""));
        let missing = || format!("{what} has no field “{}”", brief(path));
        let place = path.split('.').try_fold(&mut changed, |inner, key| match inner {
            Value::Object(fields) => fields.get_mut(key),
            Value::Array(list) => {
                key.parse().ok().filter(|at: &usize| at.to_string() == key).and_then(|at| list.get_mut(at))
            }
            _ => None,
        });
        let place = place.filter(|_| item.contains(':')).ok_or_else(missing)?;
        *place = read_value(value)?;
        Ok(changed)
    })
}

fn read_value(text: &str) -> Result<Value> {
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || b"_.:-".contains(&byte);
    let word = text.starts_with(|first: char| first.is_ascii_alphabetic()) && text.bytes().all(letter);
    if word && !["true", "false", "null"].contains(&text) {
        return Ok(text.into());
    }
    let reason = || format!("“{}” is no value: numbers are written as 0.5 or 1e-3, all else as in JSON", brief(text));
    serde_json::from_str(text).map_err(|_| reason())
}

/// A scheme from a description in which fields may be left out.
fn describe<T: Table>(table: &T, given: &Value) -> Result<T::Scheme> {
    complete(given, &table.plain(), "a scheme", |field, value| {
        Ok(Some(match (field, value) {
            ("main", _) => to_json(&model(table, value)?),
            ("guide", Value::Object(_)) => to_json(&guide(table, value)?),
            ("levels", _) => to_json(&levels_from(table, value)?),
            ("combination", Value::Object(fields)) if fields.keys().eq([OWN]) => rule(&fields[OWN])?,
            (_, Value::Array(list)) if list.len() > ITEMS => {
                return Err(format!("“{field}” of a scheme can be {ITEMS} at most"));
            }
            _ => return Ok(None),
        }))
    })
}

fn model<T: Table>(table: &T, given: &Value) -> Result<ModelName> {
    let none = ModelName { model: String::new(), condition: None };
    let name = match given.as_str() {
        Some(text) => ModelName { model: text.to_owned(), condition: None },
        None => complete(given, &none, "a model", |_, _| Ok(None))?,
    };
    if name.model.is_empty() {
        return Err("a model has no name".to_owned());
    }
    table.model(name).map_err(|error| part(&error))
}

fn guide<T: Table>(table: &T, given: &Value) -> Result<Guide> {
    let usual = to_json(&table.named("autoguidance").expect("it is a row of every table"));
    let usual: Guide = serde_json::from_value(usual["guide"].clone()).expect("it has a guide");
    let guide = complete(given, &Guide { condition: None, ..usual }, "a guide", |_, _| Ok(None))?;
    let name = table.model(guide.name()).map_err(|error| part(&error))?;
    Ok(guide.named(name))
}

fn levels_from<T: Table>(table: &T, given: &Value) -> Result<NoiseLevels> {
    let what = "a list of noise levels";
    let base = *table.levels_of(&table.plain());
    // Numbers first: a type of whole ones would say less.
    for Control { path, whole, parameter } in table.controls() {
        let Some(number) = given.pointer(&path).and_then(Value::as_f64) else { continue };
        parameter.check(number).map_err(|error| part(&error))?;
        if whole && number.fract() != 0.0 {
            return Err(format!("{} has to be a whole number", parameter.name));
        }
    }
    complete(given, &base, what, |_, _| Ok(None))
}

/// A combination with a rule of one's own. Whether its text is one, those say who run it; what else is none of it is left out.
fn rule(given: &Value) -> Result<Value> {
    let text = given["text"].as_str().filter(|text| text.len() <= own::LENGTH);
    let longest = || format!("a rule of one’s own has a text of at most {} letters", own::LENGTH);
    let mut rule = Map::from_iter([("text".to_owned(), text.ok_or_else(longest)?.into())]);
    if let Some(values) = given["values"].as_object() {
        let numbers = values.iter().filter(|(_, value)| value.is_number()).take(own::PARAMETERS);
        rule.insert("values".to_owned(), numbers.map(|(name, value)| (name.clone(), value.clone())).collect());
    }
    if let Some(name) = given["name"].as_str().filter(|name| !name.is_empty()) {
        let mut units = 0;
        let within = |letter: &char| {
            units += letter.len_utf16();
            units <= NAME
        };
        rule.insert("name".to_owned(), name.chars().take_while(within).collect::<String>().into());
    }
    Ok(json!({ OWN: rule }))
}

/// `given` over `base`, field by field. `nested` reads fields that are more than their type says.
fn complete<T: Serialize + DeserializeOwned>(
    given: &Value,
    base: &T,
    what: &str,
    nested: impl Fn(&str, &Value) -> Result<Option<Value>>,
) -> Result<T> {
    let Value::Object(given) = given else { return Err(format!("{what} is not a description")) };
    let base = to_json(base);
    let mut whole = base.clone();
    for (field, value) in given {
        if base.get(field).is_none() {
            return Err(format!("{what} has no field “{}”", brief(field)));
        }
        // Version 1 of the description told models by one name, and had all else.
        if field == "version" && value.as_f64() == Some(1.0) {
            continue;
        }
        whole[field] = match nested(field, value)? {
            Some(value) => value,
            None if fits::<T>(&base, field, value) => value.clone(),
            None => return Err(format!("“{field}” of {what} cannot be {}", brief(&value.to_string()))),
        };
    }
    serde_json::from_value(whole).map_err(|error| error.to_string())
}

/// Whether a value can stand in a field, as it is: what serde takes for another way to write something is none here.
fn fits<T: Serialize + DeserializeOwned>(base: &Value, field: &str, value: &Value) -> bool {
    let mut probe = base.clone();
    probe[field] = value.clone();
    serde_json::from_value::<T>(probe).is_ok_and(|read| same(&to_json(&read)[field], value)) && !has_empty_list(value)
}

/// Whether something inside is a list of nothing.
fn has_empty_list(value: &Value) -> bool {
    let inner: Vec<&Value> = match value {
        Value::Array(list) => list.iter().collect(),
        Value::Object(fields) => fields.values().collect(),
        _ => Vec::new(),
    };
    inner.into_iter().any(|each| each.as_array().is_some_and(Vec::is_empty) || has_empty_list(each))
}

fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| same(a, b)))
        }
        _ => one == other,
    }
}

/// The parts between separators that stand in no bracket and no quotes.
fn split(text: &str, separator: char) -> std::vec::IntoIter<String> {
    let mut parts = vec![String::new()];
    let (mut depth, mut quoted, mut escaped) = (0, false, false);
    for letter in text.chars() {
        match letter {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '[' | '{' if !quoted => depth += 1,
            ']' | '}' if !quoted => depth -= 1,
            _ => {}
        }
        if letter == separator && depth == 0 && !quoted {
            parts.push(String::new());
        } else if let Some(last) = parts.last_mut() {
            last.push(letter);
        }
    }
    parts.into_iter()
}

/// A sentence as a part of another.
fn part(error: &crate::Error) -> String {
    error.to_string().trim_end_matches('.').to_owned()
}

fn brief(text: &str) -> String {
    let end = text.char_indices().nth(40).map_or(text.len(), |(end, _)| end);
    if end < text.len() { format!("{}…", &text[..end]) } else { text.to_owned() }
}

fn to_json(value: &impl Serialize) -> Value {
    serde_json::to_value(value).expect("it is plain data")
}
