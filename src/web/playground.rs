//! What all runs of a page share: the models.

use super::error::{parse, throw};
use crate::guidance::{Models, Scheme};
#[cfg(not(feature = "gpu"))]
use crate::metrics::{Coverage, Judge};
use crate::network::Network;
use wasm_bindgen::prelude::*;

/// The models, and what is known of the data.
#[wasm_bindgen]
pub struct Playground {
    pub(super) models: Models,
    /// Made when it is first asked: it takes a noticeable time.
    #[cfg(not(feature = "gpu"))]
    pub(super) judge: Option<Judge>,
    /// The same.
    #[cfg(not(feature = "gpu"))]
    pub(super) coverage: Option<Coverage>,
}

#[wasm_bindgen]
impl Playground {
    /// The paper's tree, with its exact models and no network yet.
    #[wasm_bindgen(constructor)]
    #[expect(clippy::new_without_default, reason = "JavaScript has no Default")]
    pub fn new() -> Self {
        Self {
            models: Models::new(),
            #[cfg(not(feature = "gpu"))]
            judge: None,
            #[cfg(not(feature = "gpu"))]
            coverage: None,
        }
    }

    /// Give the network in a safetensors file a name.
    ///
    /// # Errors
    /// If the file does not hold a denoiser: the message names the tensor.
    #[wasm_bindgen(js_name = addNetwork)]
    pub fn add_network(&mut self, name: String, bytes: &[u8]) -> Result<(), JsValue> {
        self.models.add(name, Network::from_safetensors(bytes).map_err(throw)?);
        Ok(())
    }

    /// Names of the models that `scheme` needs and that are not here yet.
    ///
    /// # Errors
    /// If `scheme` is not one.
    #[wasm_bindgen(js_name = missingNetworks)]
    pub fn missing_networks(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Scheme")] scheme: JsValue,
    ) -> Result<Vec<String>, JsValue> {
        let scheme: Scheme = parse("The scheme", &scheme)?;
        let mut missing: Vec<String> = scheme.models().filter(|m| !self.models.has(m)).map(str::to_owned).collect();
        missing.dedup();
        Ok(missing)
    }
}
