//! What a model is called: by itself, and by what it is conditioned on.

use crate::json::{Fault, Fields, FromJson, Value};
use serde::{Deserialize, Serialize};

/// Whose score is meant: a model's, under one of the conditions that it knows. As text `model:condition`, in JSON either.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct ModelName {
    /// The model.
    pub model: String,
    /// What it is conditioned on, in its own words; its first condition if that is left out.
    #[cfg_attr(target_arch = "wasm32", tsify(optional, type = "string | null"))]
    pub condition: Option<String>,
}

/// As text a condition has neither points nor slashes: what follows a colon may be the path of a file.
impl From<&str> for ModelName {
    fn from(text: &str) -> Self {
        let last = text.bytes().rposition(|byte| matches!(byte, b':' | b'/' | b'\\' | b'.'));
        let parts = last.and_then(|at| Some((text.get(..at)?, text.get(at..)?.strip_prefix(':')?)));
        let (model, condition) = match parts {
            Some((model, condition)) if !model.is_empty() && !condition.is_empty() => {
                (model, Some(condition.to_owned()))
            }
            _ => (text, None),
        };
        Self { model: model.to_owned(), condition }
    }
}

impl ModelName {
    /// As text.
    #[inline(never)]
    pub fn text(&self) -> String {
        let [colon, condition] = self.condition.as_deref().map_or(["", ""], |condition| [":", condition]);
        [&self.model, colon, condition].concat()
    }
}

impl std::fmt::Display for ModelName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text())
    }
}

impl FromJson for ModelName {
    fn from_json(value: &Value) -> std::result::Result<Self, Fault> {
        if let Value::Text(text) = value {
            return Ok(text.as_str().into());
        }
        let fields = Fields::of(value, &["model", "condition"])?;
        Ok(Self { model: fields.get("model")?, condition: fields.get("condition")? })
    }
}

impl<'de> Deserialize<'de> for ModelName {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Whole {
            model: String,
            condition: Option<String>,
        }

        struct Either;

        impl<'de> serde::de::Visitor<'de> for Either {
            type Value = ModelName;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a model, as text or as an object")
            }

            fn visit_str<E>(self, text: &str) -> std::result::Result<ModelName, E> {
                Ok(text.into())
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(self, map: A) -> std::result::Result<ModelName, A::Error> {
                let Whole { model, condition } = Whole::deserialize(serde::de::value::MapAccessDeserializer::new(map))?;
                Ok(ModelName { model, condition })
            }
        }

        deserializer.deserialize_any(Either)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_and_its_condition_are_one_text() {
        let parts = |text: &str| {
            let name = ModelName::from(text);
            assert_eq!(name.to_string(), text);
            (name.model, name.condition)
        };
        assert_eq!(parts("exact:AB"), ("exact".to_owned(), Some("AB".to_owned())));
        for alone in ["mine", "exact:", ":A", "C:\\nets\\mine.safetensors", "c:mine.safetensors", "http://a/b", ""] {
            assert_eq!(parts(alone), (alone.to_owned(), None));
        }
        assert_eq!(parts("C:\\nets\\mine.safetensors:B").1.as_deref(), Some("B"));
    }
}
