//! What all runs of a page share: models, the judge, and the picture of the data.

use super::error::{object, parse, throw};
use super::sampler::{Sampler, points};
use crate::distribution::{Classes, Mixture, MixtureLanes};
use crate::engine::View;
use crate::guidance::{Models, Scheme};
use crate::metrics::{Judge, Metrics, Scores};
use crate::network::Network;
use std::cell::{OnceCell, RefCell, RefMut};
use std::rc::Rc;
use std::sync::Arc;
use wasm_bindgen::prelude::*;

/// The models, and what is known of the data.
#[wasm_bindgen]
pub struct Playground {
    models: Models,
    judge: SharedJudge,
}

/// Whoever needs figures shares one judge, made when it is first asked: that takes a noticeable time.
#[derive(Clone)]
pub(super) struct SharedJudge {
    mixture: Arc<Mixture>,
    judge: Rc<OnceCell<RefCell<Judge>>>,
}

impl SharedJudge {
    fn judge(&self) -> RefMut<'_, Judge> {
        self.judge.get_or_init(|| RefCell::new(Judge::new(Arc::clone(&self.mixture)))).borrow_mut()
    }

    /// The figures of endpoints.
    pub fn metrics(&self, points: &[[f32; 2]]) -> Metrics {
        self.judge().metrics(points)
    }

    /// The same where an engine has worked out the scores.
    pub fn metrics_of(&self, scores: Scores) -> Metrics {
        self.judge().metrics_of(scores)
    }

    /// What is judged by.
    pub fn mixture(&self) -> &Arc<Mixture> {
        &self.mixture
    }
}

impl Playground {
    /// The models that are here now.
    pub(super) fn models(&self) -> Models {
        self.models.clone()
    }

    pub(super) fn judge(&self) -> SharedJudge {
        self.judge.clone()
    }
}

#[wasm_bindgen]
impl Playground {
    /// The paper's tree, with its exact models and no network yet.
    #[wasm_bindgen(constructor)]
    #[expect(clippy::new_without_default, reason = "JavaScript has no Default")]
    pub fn new() -> Self {
        let models = Models::new();
        let judge = SharedJudge { mixture: Arc::clone(models.mixture(Classes::A)), judge: Rc::default() };
        Self { models, judge }
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

    /// The paper's overview: centre (.30, .30), half-width 1.2.
    #[wasm_bindgen(unchecked_return_type = "View")]
    pub fn overview(&self) -> JsValue {
        object(&View::OVERVIEW)
    }

    /// Log-density at which the paper outlines the data: its maximum less 2.12^2. `classes` is A, B or AB.
    ///
    /// # Errors
    /// If `classes` is something else.
    #[wasm_bindgen(js_name = outlineLevel)]
    pub fn outline_level(
        &self,
        #[wasm_bindgen(unchecked_param_type = "'A' | 'B' | 'AB'")] classes: &str,
    ) -> Result<f64, JsValue> {
        let classes: Classes = classes.parse().map_err(throw)?;
        Ok(self.models.mixture(classes).outline_level())
    }

    /// log p(x; sigma) at the centres of a grid over `view`: row-major, the top row first.
    ///
    /// # Errors
    /// If an argument is out of its range.
    #[wasm_bindgen(js_name = logDensity)]
    pub fn log_density(
        &self,
        #[wasm_bindgen(unchecked_param_type = "'A' | 'B' | 'AB'")] classes: &str,
        sigma: f64,
        #[wasm_bindgen(unchecked_param_type = "View")] view: JsValue,
        columns: usize,
        rows: usize,
    ) -> Result<Vec<f32>, JsValue> {
        let classes: Classes = classes.parse().map_err(throw)?;
        let view: View = parse("The view", &view)?;
        if !(sigma.is_finite() && sigma >= 0.0) {
            return Err(throw(crate::Error::invalid("The noise level", "0 or more", sigma)));
        }
        if !(1..=4096).contains(&columns) || !(1..=4096).contains(&rows) {
            let found = format!("{columns} x {rows}");
            return Err(throw(crate::Error::invalid("The grid", "between 1 x 1 and 4096 x 4096", found)));
        }
        let place = |i: usize, n: usize| (2.0 * i as f64 + 1.0) / n as f64 - 1.0;
        let points: Vec<[f32; 2]> = (0..rows)
            .flat_map(|row| {
                let y = view.y - view.half_height * place(row, rows);
                (0..columns).map(move |column| [(view.x + view.half_width * place(column, columns)) as f32, y as f32])
            })
            .collect();
        Ok(MixtureLanes::new(self.models.mixture(classes)).log_densities(sigma, &points))
    }

    /// A run, prepared.
    ///
    /// # Errors
    /// If a number is out of range or a network is missing.
    pub fn sampler(
        &self,
        #[wasm_bindgen(unchecked_param_type = "RunConfig")] config: JsValue,
    ) -> Result<Sampler, JsValue> {
        Sampler::new(&parse("The configuration of a run", &config)?, &self.models).map_err(throw)
    }

    /// The figures of endpoints x0, y0, x1, y1, ...
    ///
    /// # Errors
    /// If a coordinate is missing.
    #[wasm_bindgen(unchecked_return_type = "Metrics")]
    pub fn metrics(&self, positions: &[f32]) -> Result<JsValue, JsValue> {
        Ok(object(&self.judge.metrics(points(positions)?)))
    }
}
