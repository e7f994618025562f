//! Models by name, as people and files give them: text or JSON, complete or not, of today or of version 1 of the description.
//!
//! In version 1 the name of a model said its class, too: `exact:AB`, `guide-AB32-0512`. This alone reads it.

use super::networks::{NetworkInfo, networks};
use crate::error::{Error, Result};
use crate::guidance::{EXACT, ModelName, Scheme, VERSION};
use crate::plane::distribution::Classes;
use serde_json::{Value, json};

/// The conditions of a model that comes with it, its first one first; none of another.
pub fn conditions(model: &str) -> Vec<String> {
    if model == EXACT {
        return Classes::ALL.map(|classes| classes.to_string()).to_vec();
    }
    networks().into_iter().filter(|row| row.model == model).map(|row| row.condition.to_string()).collect()
}

/// The network that ships under a name.
pub fn network_of(name: &ModelName) -> Option<NetworkInfo> {
    let fits = |row: &NetworkInfo| {
        row.model == name.model && name.condition.as_ref().is_none_or(|wanted| *wanted == row.condition.to_string())
    };
    networks().into_iter().find(fits)
}

/// A name with its condition, where that was left out of one that comes with it, or stands in the model's name as in version 1.
///
/// # Errors
/// [`Invalid`](crate::Error::Invalid) if the model has no such condition.
pub fn complete(mut name: ModelName) -> Result<ModelName> {
    if name.condition.is_none() {
        if let Some(row) = networks().into_iter().find(|row| row.name == name.model) {
            return Ok(row.model_name());
        }
        name = ModelName::from(name.model.as_str());
    }
    let known = conditions(&name.model);
    match &name.condition {
        None => name.condition = known.into_iter().next(),
        Some(condition) if !known.is_empty() && !known.contains(condition) => {
            let known = ["one of ", &known.join(", ")].concat();
            return Err(Error::invalid(["The condition of ", &name.model].concat(), known, condition));
        }
        Some(_) => {}
    }
    Ok(name)
}

/// A scheme of any version as one of this version, its models' names complete.
///
/// # Errors
/// As for [`complete`]. What else is wrong with a scheme is for [`Scheme::validate`].
pub fn current(scheme: Scheme) -> Result<Scheme> {
    let name = scheme.guide.as_ref().map(|guide| complete(guide.name())).transpose()?;
    let guide = scheme.guide.zip(name).map(|(guide, name)| guide.named(name));
    let version = if (1..VERSION).contains(&scheme.version) { VERSION } else { scheme.version };
    Ok(Scheme { version, main: complete(scheme.main)?, guide, ..scheme })
}

/// The same of a scheme's JSON, where the file that it stands in keeps numbers as they were written; what is none stays as it is.
pub fn renewed(mut scheme: Value) -> Value {
    let complete = |text: &Value| complete(text.as_str()?.into()).ok().map(|name| json!(name));
    let Some(fields) = scheme.as_object_mut() else { return scheme };
    fields.insert("version".to_owned(), VERSION.into());
    if let Some(name) = fields.get("main").and_then(complete) {
        fields.insert("main".to_owned(), name);
    }
    if let Some(guide) = fields.get_mut("guide").and_then(Value::as_object_mut)
        && guide.get("condition").is_none()
        && let Some(Value::Object(name)) = guide.get("model").and_then(complete)
    {
        guide.extend(name);
    }
    scheme
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::from_str;

    /// Schemes as version 1 wrote them, and as today's version has them: whole and in part, of every kind of model.
    const OLD: [(&str, &str); 8] = [
        (r#"{"version":1,"main":"main-A64-4096"}"#, r#"{"main":{"model":"main-64-4096","condition":"A"}}"#),
        (r#"{"main":"exact:AB","weight":1}"#, r#"{"version":2,"main":{"model":"exact","condition":"AB"}}"#),
        (
            r#"{"version":1,"main":"main-A64-0256","guide":{"model":"guide-AB32-0512","sigmaScale":1.1},"weight":3}"#,
            r#"{"main":{"model":"main-64-0256","condition":"A"},
                "guide":{"model":"guide-32-0512","condition":"AB","sigmaScale":1.1},"weight":3}"#,
        ),
        (
            r#"{"main":"exact:A","guide":{"model":"exact:B"},"weight":2}"#,
            r#"{"main":{"model":"exact"},"guide":{"model":"exact","condition":"B"},"weight":2}"#,
        ),
        (
            r#"{"guide":{"model":"guide-B32-0512"},"weight":2}"#,
            r#"{"guide":{"model":"guide-32-0512","condition":"B"},"weight":2}"#,
        ),
        (r#"{"guide":{"model":"tail-A64-nu4"},"weight":2}"#, r#"{"guide":{"model":"tail-64-nu4"},"weight":2}"#),
        (
            r#"{"main":"my/net.safetensors","guide":{"model":"own-mine-0123456789"},"weight":2}"#,
            r#"{"main":{"model":"my/net.safetensors"},"guide":{"model":"own-mine-0123456789","condition":null},"weight":2}"#,
        ),
        (r#"{"guide":{"sigmaScale":1.2},"weight":2}"#, r#"{"guide":{"condition":"A","sigmaScale":1.2},"weight":2}"#),
    ];

    fn read(text: &str) -> Scheme {
        current(from_str(text).unwrap()).unwrap()
    }

    #[test]
    fn version_1_is_read_as_today_says_it() {
        for (old, new) in OLD {
            let scheme = read(old);
            assert_eq!(scheme, read(new), "{old}");
            assert_eq!(read(&renewed(from_str(old).unwrap()).to_string()), scheme);
            let written = json!(scheme);
            assert_eq!(written["version"], VERSION);
            assert!(
                written["main"].is_object() && written["guide"].get("condition").is_some() == scheme.guide.is_some()
            );
            assert_eq!(read(&written.to_string()), scheme);
        }
    }

    #[test]
    fn every_network_of_version_1_is_found_by_its_name() {
        for row in networks() {
            let name = complete(row.name.as_str().into()).unwrap();
            assert_eq!(name, row.model_name());
            assert_eq!(network_of(&name).unwrap().name, row.name);
            assert_eq!(complete(name.to_string().as_str().into()), Ok(name));
        }
    }

    #[test]
    fn what_an_older_page_exported_is_read() {
        let data =
            |file: &str| std::fs::read_to_string(format!("{}/tests/data/{file}", env!("CARGO_MANIFEST_DIR"))).unwrap();
        let text = data("exported-config.json");
        assert!(text.contains("main-A64-4096"), "it is of version 1");
        let config: Value = from_str(&text).unwrap();
        let scheme = read(&config["scheme"].to_string());
        let names: Vec<_> = scheme.models().iter().map(|name| name.to_string()).collect();
        let today: Value = from_str(&data("exported-config-2.json")).unwrap();
        assert_eq!(from_str::<Scheme>(&today["scheme"].to_string()).unwrap(), scheme);
        assert_eq!((scheme.version, names), (VERSION, vec!["main-64-4096:A".to_owned(), "guide-32-0512:A".to_owned()]));
    }

    #[test]
    fn conditions_that_a_model_has_not_are_refused() {
        let refused = |text: &str| complete(text.into()).unwrap_err();
        let error = refused("guide-32-0064:B");
        assert_eq!(error.code(), "invalid");
        assert_eq!(error.to_string(), "The condition of guide-32-0064 must be one of A, AB; it is B.");
        assert_eq!(refused("exact:C").to_string(), "The condition of exact must be one of A, B, AB; it is C.");
        let first = |text: &str| complete(text.into()).unwrap().to_string();
        assert_eq!(
            ["exact", "guide-32-0512", "guide-64-4096"].map(first),
            ["exact:A", "guide-32-0512:A", "guide-64-4096:AB"]
        );
    }
}
