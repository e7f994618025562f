//! Errors as JavaScript sees them.

use crate::error::Error;
#[cfg(not(feature = "images"))]
use crate::json::{FromJson, Value};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** What every function of this module throws. */
export interface GuidanceError extends Error {
    /** Stable name of the kind of error. */
    code: "unknown-model" | "invalid" | "other-data" | "weights" | "diverged" | "file" | `gpu-${string}`;
    /** What to do about it. */
    advice: string;
}
"#;

/// An `Error` with `code` and `advice`.
pub(super) fn throw(error: Error) -> JsValue {
    let thrown = js_sys::Error::new(&error.to_string());
    for (key, value) in [("code", error.code()), ("advice", error.advice())] {
        // Setting a property on a fresh object cannot fail.
        let _ = js_sys::Reflect::set(&thrown, &key.into(), &value.into());
    }
    thrown.into()
}

/// A plain object as a configuration.
#[cfg(not(feature = "images"))]
pub(super) fn parse<T: FromJson>(what: &'static str, value: &JsValue) -> Result<T, JsValue> {
    Value::from_js(value).and_then(|value| T::from_json(&value)).map_err(|fault| refuse(what, &fault.clause()))
}

/// What a configuration is that is none, and what is wrong with it.
pub(super) fn refuse(what: &'static str, problem: &str) -> JsValue {
    throw(Error::invalid(what, "as its type says", ["not: ", problem].concat()))
}

/// Plain data as an object.
#[cfg(feature = "images")]
pub(super) fn object(value: &impl serde::Serialize) -> JsValue {
    let written = value.serialize(&serde_wasm_bindgen::Serializer::json_compatible());
    written.unwrap_or_else(|_| unreachable!("plain data becomes an object"))
}
