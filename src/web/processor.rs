//! What the build without WebGPU can do: sample, judge, explain, and tell where the data is.

use super::error::{object, parse, throw};
use super::explanation::Explanation;
use super::playground::Playground;
use super::sampler::{Sampler, points};
use crate::distribution::{Classes, MixtureLanes, tree};
use crate::engine::View;
use crate::error::Error;
use crate::json::decimal;
use crate::metrics::{Coverage, Judge};
use std::sync::Arc;
use wasm_bindgen::prelude::*;

impl Playground {
    fn judged_by(&mut self) -> &mut Judge {
        let mixture = self.models.mixture(Classes::A);
        self.judge.get_or_insert_with(|| Judge::new(Arc::clone(mixture)))
    }

    fn covered_by(&mut self) -> &Coverage {
        let mixture = self.models.mixture(Classes::A);
        self.coverage.get_or_insert_with(|| Coverage::new(mixture))
    }
}

/// A branch of the tree of class A.
#[derive(serde::Serialize, tsify::Tsify)]
pub struct Branch {
    /// Its share of the mass.
    pub mass: f64,
    /// How often the tree has forked before it: 0 for the trunk.
    pub depth: u16,
    /// Where it begins and ends.
    #[tsify(type = "[[number, number], [number, number]]")]
    pub points: [[f64; 2]; 2],
}

#[wasm_bindgen]
impl Playground {
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
            return Err(throw(Error::invalid("The noise level", "0 or more", decimal(sigma))));
        }
        if !(1..=4096).contains(&columns) || !(1..=4096).contains(&rows) {
            let found = format!("{columns} x {rows}");
            return Err(throw(Error::invalid("The grid", "between 1 x 1 and 4096 x 4096", found)));
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

    /// What guides a run's particles, ready to be asked. With a noise level `sigma`, which need not be one of the run's, its
    /// only step is there: with the weight of the run's step that passes it.
    ///
    /// # Errors
    /// As for `sampler`, or if `sigma` is out of the range of noise levels.
    pub fn explanation(
        &self,
        #[wasm_bindgen(unchecked_param_type = "RunConfig")] config: JsValue,
        sigma: Option<f64>,
    ) -> Result<Explanation, JsValue> {
        Explanation::new(&parse("The configuration of a run", &config)?, &self.models, sigma).map_err(throw)
    }

    /// The branches of class A, by their numbers.
    #[wasm_bindgen(unchecked_return_type = "Branch[]")]
    pub fn branches(&self) -> JsValue {
        let mixture = self.models.mixture(Classes::A);
        let places = (0..).zip(tree::skeleton(mixture));
        let branch = |((number, ends), mass): ((u16, [nalgebra::Vector2<f64>; 2]), f64)| Branch {
            mass,
            depth: tree::depth(number),
            points: ends.map(Into::into),
        };
        object(&places.zip(mixture.branch_masses()).map(branch).collect::<Vec<_>>())
    }

    /// Of each endpoint x, y three numbers: its log-density, the branch of class A that it most probably comes from, and how
    /// deep in the tree that is.
    ///
    /// # Errors
    /// If a coordinate is missing.
    pub fn facts(&mut self, positions: &[f32]) -> Result<Vec<f32>, JsValue> {
        let places = self.covered_by().places(points(positions)?);
        Ok(places.into_iter().flat_map(|(log_density, b)| [log_density, b.into(), tree::depth(b).into()]).collect())
    }

    /// The share of endpoints x0, y0, x1, y1, ... that comes from each branch of class A, then the standard errors of those
    /// shares for as many perfect samples.
    ///
    /// # Errors
    /// If a coordinate is missing.
    pub fn coverage(&mut self, positions: &[f32]) -> Result<Vec<f64>, JsValue> {
        let points = points(positions)?;
        let coverage = self.covered_by();
        Ok([coverage.shares(points), coverage.standard_errors(points.len())].concat())
    }

    /// The figures of endpoints x0, y0, x1, y1, ...
    ///
    /// # Errors
    /// If a coordinate is missing.
    #[wasm_bindgen(unchecked_return_type = "Metrics")]
    pub fn metrics(&mut self, positions: &[f32]) -> Result<JsValue, JsValue> {
        Ok(object(&self.judged_by().metrics(points(positions)?)))
    }
}
