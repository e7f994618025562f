//! What all runs on one distribution share: the models.

use crate::guidance::Scheme;
use crate::plane::Models;
use crate::plane::distribution::Distribution;
#[cfg(not(feature = "gpu"))]
use crate::plane::metrics::{Coverage, Evaluator};
use crate::plane::network::Network;
use crate::web::error::{parse, throw};
use wasm_bindgen::prelude::*;

/// The models, and what is known of the data.
#[wasm_bindgen]
pub struct Core {
    pub(super) models: Models,
    /// Made when it is first asked: it takes a noticeable time.
    #[cfg(not(feature = "gpu"))]
    pub(super) evaluator: Option<Evaluator>,
    /// Made when it is first asked, too.
    #[cfg(not(feature = "gpu"))]
    pub(super) coverage: Option<Coverage>,
}

#[wasm_bindgen]
impl Core {
    /// A distribution, with its exact models and no network yet; the paper's tree, `tree-2`, if none is named.
    ///
    /// # Errors
    /// If there is none of that name.
    #[wasm_bindgen(constructor)]
    pub fn new(distribution: Option<String>) -> Result<Self, JsValue> {
        let distribution = distribution.map_or(Ok(Distribution::PAPER), |name| name.parse()).map_err(throw)?;
        Ok(Self {
            models: Models::over(distribution),
            #[cfg(not(feature = "gpu"))]
            evaluator: None,
            #[cfg(not(feature = "gpu"))]
            coverage: None,
        })
    }

    /// Give the network in a safetensors file the name of a model, as text; of one under the condition that the file names, if the
    /// text has a condition.
    ///
    /// # Errors
    /// If the file does not hold a denoiser: the message names the tensor.
    #[wasm_bindgen(js_name = addNetwork)]
    pub fn add_network(&mut self, name: String, bytes: &[u8]) -> Result<(), JsValue> {
        self.models.add(name.as_str(), Network::from_safetensors(bytes).map_err(throw)?);
        Ok(())
    }

    /// Names, as text, of the models that `scheme` needs and that are not here yet.
    ///
    /// # Errors
    /// If `scheme` is not one.
    #[wasm_bindgen(js_name = missingNetworks)]
    pub fn missing_networks(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Scheme")] scheme: JsValue,
    ) -> Result<Vec<String>, JsValue> {
        let scheme: Scheme = parse("The scheme", &scheme)?;
        let mut missing = Vec::new();
        for name in scheme.models() {
            if !self.models.has(&name) {
                missing.push(name.text());
            }
        }
        missing.dedup();
        Ok(missing)
    }
}
