//! JSON values, parsed by serde_json or by the browser.

use super::Fault;

/// A JSON value; or one of JavaScript's, whose numbers need not be finite.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Value {
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
    List(Vec<Value>),
    Object(Vec<(String, Value)>),
}

/// Deepest nesting that is read: a description is five deep.
const DEPTH: u32 = 32;

impl Value {
    /// Of a text.
    ///
    /// # Errors
    /// If it is not JSON, or nested too deeply.
    #[cfg(not(target_arch = "wasm32"))]
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let value: serde_json::Value = serde_json::from_str(text).map_err(|e| Fault::new(e.to_string()))?;
        Self::of(&value, DEPTH)
    }

    /// The same value, whatever `depth` is left.
    #[cfg(not(target_arch = "wasm32"))]
    fn of(value: &serde_json::Value, depth: u32) -> Result<Self, Fault> {
        use serde_json::Value as Json;
        let depth = depth.checked_sub(1).ok_or_else(|| Fault::new(TOO_DEEP))?;
        Ok(match value {
            Json::Null => Self::Null,
            Json::Bool(x) => Self::Bool(*x),
            Json::Number(x) => Self::Number(x.as_f64().unwrap_or(f64::NAN)),
            Json::String(x) => Self::Text(x.clone()),
            Json::Array(list) => Self::List(list.iter().map(|x| Self::of(x, depth)).collect::<Result<_, _>>()?),
            Json::Object(fields) => {
                let fields = fields.iter().map(|(key, x)| Ok((key.clone(), Self::of(x, depth)?)));
                Self::Object(fields.collect::<Result<_, _>>()?)
            }
        })
    }

    /// Of a text.
    ///
    /// # Errors
    /// If it is not JSON, or nested too deeply.
    #[cfg(target_arch = "wasm32")]
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let value = js_sys::JSON::parse(text).map_err(|_| Fault::new("not JSON"))?;
        Self::of(&value, DEPTH)
    }

    /// Of one of JavaScript's: as `JSON.stringify` does, what is undefined is left out.
    ///
    /// # Errors
    /// If there is something in it that is not plain data, or if it is nested too deeply.
    #[cfg(target_arch = "wasm32")]
    pub fn from_js(value: &wasm_bindgen::JsValue) -> Result<Self, Fault> {
        Self::of(value, DEPTH)
    }

    #[cfg(target_arch = "wasm32")]
    fn of(value: &wasm_bindgen::JsValue, depth: u32) -> Result<Self, Fault> {
        use js_sys::{Array, Object};
        use wasm_bindgen::JsCast;
        let depth = depth.checked_sub(1).ok_or_else(|| Fault::new(TOO_DEEP))?;
        if value.is_null() || value.is_undefined() {
            Ok(Self::Null)
        } else if let Some(x) = value.as_bool() {
            Ok(Self::Bool(x))
        } else if let Some(x) = value.as_f64() {
            Ok(Self::Number(x))
        } else if let Some(x) = value.as_string() {
            Ok(Self::Text(x))
        } else if Array::is_array(value) {
            let list: &Array = value.unchecked_ref();
            let mut values = Vec::new();
            for i in 0..list.length() {
                values.push(Self::of(&list.get(i), depth)?);
            }
            Ok(Self::List(values))
        } else if value.is_object() {
            let entries = Object::entries(value.unchecked_ref());
            let mut fields = Vec::new();
            for i in 0..entries.length() {
                let entry: Array = entries.get(i).unchecked_into();
                let value = entry.get(1);
                if !value.is_undefined() {
                    fields.push((entry.get(0).as_string().unwrap_or_default(), Self::of(&value, depth)?));
                }
            }
            Ok(Self::Object(fields))
        } else {
            Err(Fault::new("expected plain data"))
        }
    }
}

const TOO_DEEP: &str = "nested too deeply";
