//! Errors as JavaScript sees them.

use crate::error::Error;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** What every function of this module throws. */
export interface GuidanceError extends Error {
    /** Stable name of the kind of error. */
    code: "unknown-model" | "invalid" | "weights" | "row" | "file" | `gpu-${string}`;
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
///
/// By way of JSON, since serde-wasm-bindgen asks an object for the fields it knows and so never meets an unknown one.
pub(super) fn parse<T: serde::de::DeserializeOwned>(what: &'static str, value: &JsValue) -> Result<T, JsValue> {
    let text = js_sys::JSON::stringify(value)?.as_string().unwrap_or_default();
    serde_json::from_str(&text).map_err(|e| throw(Error::invalid(what, "as its type says", format!("not: {e}"))))
}

/// Plain data as an object.
pub(super) fn object(value: &impl serde::Serialize) -> JsValue {
    value.serialize(&serde_wasm_bindgen::Serializer::json_compatible()).expect("plain data becomes an object")
}
