//! A scheme as rows of coefficients, for samplers in other frameworks.

use super::sampler::within;
use crate::error::Error;
use crate::guidance::Scheme;
use crate::guidance::rule::{Carries, Mix, Update};
use crate::plan;
use crate::sampling::Step;
use crate::web::error::{parse, throw};
use wasm_bindgen::prelude::*;

/// What a scheme does, step by step.
#[wasm_bindgen]
pub struct Plan(plan::Plan);

#[wasm_bindgen]
impl Plan {
    /// Work a scheme out.
    ///
    /// # Errors
    /// If a number is out of range, or the parts make no sense together.
    #[wasm_bindgen(constructor)]
    pub fn new(#[wasm_bindgen(unchecked_param_type = "Scheme")] scheme: JsValue) -> Result<Self, JsValue> {
        let scheme: Scheme = parse("The scheme", &scheme)?;
        Ok(Self(plan::Plan::new(&scheme).map_err(throw)?))
    }

    /// Of the whole: k, the guide's factor on sigma; what D0 - x is multiplied by in d = (D1 - x) - factor (D0 - x); and, 1 or 0,
    /// whether the rule is asked where nothing guides, remembers a vector, carries evidence, is told log p1 - log p0, and weighs
    /// particles.
    pub fn facts(&self) -> Vec<f64> {
        let Self(plan) = self;
        let rule = plan.rule;
        let carries = |what: Carries| f64::from(rule.carries == what);
        vec![
            plan.sigma_scale,
            plan.factor / (plan.sigma_scale * plan.sigma_scale),
            f64::from(rule.alone),
            carries(Carries::Vector),
            carries(Carries::Evidence),
            carries(Carries::Ratio),
            carries(Carries::Weight),
        ]
    }

    /// Of each row, of which a step has one or several, 19 numbers: of both stages the noise level, the weight, and 1 or 0, whether the guide is asked; kick, keep, push,
    /// recall, spread and both of correct, which are no numbers where there is no second stage; keep, along, square, offset, least and
    /// greatest of the update of evidence, keep no number where there is none.
    pub fn rows(&self) -> Vec<f64> {
        let Self(plan) = self;
        let none = Update { keep: f64::NAN, along: 0.0, square: 0.0, offset: 0.0, least: 0.0, greatest: 0.0 };
        let mut rows = Vec::with_capacity(plan.rows.len());
        for row in &plan.rows {
            let asks = |stage| f64::from(plan.asks_guide(row, stage));
            let [first, second] = row.stages.map(|stage| plan.stages[stage]);
            let Step { kick, keep, push, recall, spread, correct, .. } = row.step;
            let [of_first, of_second] = correct.unwrap_or([f64::NAN; 2]);
            let update = row.update.unwrap_or(none);
            rows.push([
                first,
                second,
                row.weights[0],
                row.weights[1],
                asks(0),
                asks(1),
                kick,
                keep,
                push,
                recall,
                spread,
                of_first,
                of_second,
                update.keep,
                update.along,
                update.square,
                update.offset,
                update.least,
                update.greatest,
            ]);
        }
        rows.into_flattened()
    }

    /// What the rule makes of the inner products of D1, eps1, d and m (11, 1e, 1d, 1m, ee, ed, em, dd, dm, mm) in a stage, 0 or 1, of
    /// a row: the coefficients on those four of the guided estimate less D1, then of what is remembered next.
    ///
    /// # Errors
    /// If there is no such row or stage, or there are not ten products.
    pub fn mix(&self, row: usize, stage: usize, ratio: f64, gram: &[f64]) -> Result<Vec<f64>, JsValue> {
        let Self(plan) = self;
        within("The row", 0, row, plan.rows.len() - 1)?;
        within("The stage", 0, stage, 1)?;
        let count = || Error::invalid("The number of inner products", "10", gram.len());
        let gram = <[f64; 10]>::try_from(gram).map_err(|_| throw(count()))?;
        let Mix { push, memory } = plan.rule([row, stage]).mix(plan.moment(row, stage, ratio), &gram.into());
        Ok([push, memory].as_flattened().to_vec())
    }
}
