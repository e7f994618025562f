//! What the build without WebGPU can do: sample, judge, explain, and tell where the data is.

use super::core::Core;
use super::explanation::Explanation;
use super::results;
use super::sampler::{Sampler, points};
use crate::error::Error;
use crate::json::decimal;
use crate::plane::distribution::{Classes, MixtureLanes, tree};
use crate::plane::engine::View;
use crate::plane::metrics::{self, Coverage, Evaluator};
use crate::web::error::{parse, throw};
use std::sync::Arc;
use wasm_bindgen::prelude::*;

/// How many of a run's particles x0, y0, x1, y1, ... are lost: a coordinate is no number, or beyond `farthest()`.
///
/// # Errors
/// If a coordinate is missing, or all particles are lost.
#[wasm_bindgen(js_name = countLost)]
pub fn count_lost(positions: &[f32]) -> Result<usize, JsValue> {
    metrics::count_lost(points(positions)?).map_err(throw)
}

/// The farthest coordinate that metrics are given of.
#[wasm_bindgen]
pub fn farthest() -> f32 {
    metrics::FARTHEST
}

impl Core {
    fn evaluator(&mut self) -> &mut Evaluator {
        let mixture = self.models.mixture(Classes::A);
        self.evaluator.get_or_insert_with(|| Evaluator::new(Arc::clone(mixture)))
    }

    /// Of a branch, NaN where there is no tree.
    fn depth(&self, branch: u16) -> f32 {
        self.models.distribution().depth(branch).map_or(f32::NAN, f32::from)
    }

    fn covered_by(&mut self) -> &Coverage {
        let mixture = self.models.mixture(Classes::A);
        self.coverage.get_or_insert_with(|| Coverage::new(mixture))
    }
}

#[wasm_bindgen]
impl Core {
    /// The part of the plane that the data are in: all of class A, and most of class B.
    #[wasm_bindgen(unchecked_return_type = "View")]
    pub fn overview(&self) -> JsValue {
        results::view(&View::over(self.models.mixture(Classes::AB)))
    }

    /// Half the side of a square, around the origin, that has both classes and some room.
    pub fn reach(&self) -> f64 {
        self.models.mixture(Classes::AB).reach()
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
    /// If a number, `sigma` among them, is out of range, or a network is missing.
    pub fn explanation(
        &self,
        #[wasm_bindgen(unchecked_param_type = "RunConfig")] config: JsValue,
        sigma: Option<f64>,
    ) -> Result<Explanation, JsValue> {
        Explanation::new(&parse("The configuration of a run", &config)?, &self.models, sigma).map_err(throw)
    }

    /// Of each branch of class A, by their numbers, twelve numbers: its share of the mass; how often the tree has forked before
    /// it, 0 for the trunk, NaN where there is no tree; and x, y of five points along it, from where it begins to where it ends.
    pub fn branches(&self) -> Vec<f64> {
        let mixture = self.models.mixture(Classes::A);
        let mut numbers = Vec::new();
        let branches = mixture.components().chunk_by(|a, b| a.branch == b.branch);
        for ((number, branch), mass) in (0..).zip(branches).zip(mixture.branch_masses()) {
            let [from, to] = tree::ends(branch);
            let [a, b, c] = [1, 2, 3].map(|quarter| branch[quarter * branch.len() / 4].mean);
            numbers.extend_from_slice(&[mass, self.depth(number).into()]);
            numbers.extend_from_slice([from, a, b, c, to].map(<[f64; 2]>::from).as_flattened());
        }
        numbers
    }

    /// Of each endpoint x, y three numbers: its log-density, the branch of class A that it most probably comes from, and how
    /// deep in the tree that is; NaN where there is no tree, and all three where the particle is lost.
    ///
    /// # Errors
    /// If a coordinate is missing.
    pub fn facts(&mut self, positions: &[f32]) -> Result<Vec<f32>, JsValue> {
        let mut facts = Vec::with_capacity(3 * positions.len() / 2);
        let places = self.covered_by().places(points(positions)?);
        for place in places {
            let known = |(log_density, branch): (f32, u16)| [log_density, branch.into(), self.depth(branch)];
            facts.extend_from_slice(&place.map_or([f32::NAN; 3], known));
        }
        Ok(facts)
    }

    /// The share of endpoints x0, y0, x1, y1, ... that comes from each branch of class A, then the standard errors of those
    /// shares for as many perfect samples. Particles that are lost are left out.
    ///
    /// # Errors
    /// If a coordinate is missing, or all particles are lost.
    pub fn coverage(&mut self, positions: &[f32]) -> Result<Vec<f64>, JsValue> {
        let points = points(positions)?;
        let kept = points.len() - metrics::count_lost(points).map_err(throw)?;
        let coverage = self.covered_by();
        Ok([coverage.shares(points), coverage.standard_errors(kept)].concat())
    }

    /// The metrics of endpoints x0, y0, x1, y1, ... that are not lost, and how many are.
    ///
    /// # Errors
    /// If a coordinate is missing, or all particles are lost.
    #[wasm_bindgen(unchecked_return_type = "Metrics")]
    pub fn metrics(&mut self, positions: &[f32]) -> Result<JsValue, JsValue> {
        self.evaluator().metrics(points(positions)?).map(results::metrics).map_err(throw)
    }

    /// The metrics of endpoints less those of others, of the same starts in the same order.
    ///
    /// # Errors
    /// If a coordinate is missing, there are not as many of both, or all of one are lost.
    #[wasm_bindgen(unchecked_return_type = "PerMetric<Difference>")]
    pub fn differences(&mut self, positions: &[f32], others: &[f32]) -> Result<JsValue, JsValue> {
        let evaluator = self.evaluator();
        let scores = |positions| evaluator.scores(points(positions)?).map_err(throw);
        metrics::paired(&scores(positions)?, &scores(others)?).map(results::differences).map_err(throw)
    }
}
