//! Rules of one's own, as builds for browsers have them: the build that compiles texts (feature `own-rule`) is loaded beside them
//! where there is such a rule, as `ownRules` of the global scope, and runs them.

use super::traits::written;
use super::{Carries, Combination, Gram, Mix, Moment, Real, Time, Traits};
use crate::error::Result;
use nalgebra::{convert, try_convert};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// What it carries as a digit of 4, then a bit if it asks for no guide, and one if it is asked at every weight.
    #[wasm_bindgen(js_namespace = ownRules, js_name = traits)]
    fn host_traits(rule: u32) -> u32;
    #[wasm_bindgen(js_namespace = ownRules, js_name = answers)]
    fn host_answers(rule: u32, moment: &[f64], numbers: &mut [f64]);
    #[cfg(feature = "gpu")]
    #[wasm_bindgen(js_namespace = ownRules, js_name = values)]
    fn host_values(rule: u32) -> Vec<f64>;
    #[cfg(feature = "gpu")]
    #[wasm_bindgen(js_namespace = ownRules, js_name = shader)]
    fn host_shader(rule: u32) -> String;
}

/// A rule by its number.
#[derive(Clone, Copy, Debug)]
pub struct Program(u32);

impl Program {
    /// That of a combination, if it is one's own.
    ///
    /// # Errors
    /// None: where there is a number, the text was compiled.
    pub fn of(combination: &Combination) -> Result<Option<Self>> {
        Ok(if let Combination::Own { rule } = combination { Some(Self(*rule)) } else { None })
    }

    /// Its row.
    pub fn traits(&self) -> Traits {
        let told = host_traits(self.0);
        let carries = match told & 3 {
            0 => Carries::Nothing,
            1 => Carries::Vector,
            _ => Carries::Number,
        };
        written(carries, told & 4 != 0, told & 8 != 0)
    }

    /// The values of its parameters, zeros after them.
    #[cfg(feature = "gpu")]
    pub fn values(&self) -> [f64; 4] {
        let values = host_values(self.0);
        std::array::from_fn(|i| values.get(i).copied().unwrap_or_default())
    }

    /// What it makes of each particle, whose inner products are `grams`, and of what it remembers, if that is a number.
    pub fn mixes<const N: usize>(
        &self,
        moment: &Moment<f64>,
        time: &Time,
        grams: &[Gram<f64>; N],
        numbers: &[f64; N],
    ) -> [Mix<f64>; N] {
        let Time { next, u, scale, step, steps } = *time;
        let told = [moment.weight, moment.sigma, next, u, scale, step, steps, f64::from(moment.place as u32)];
        // The answers take the place of what was asked.
        let mut of_each: [[f64; 11]; N] = std::array::from_fn(|i| {
            let gram = <[f64; 10]>::from(grams[i]);
            std::array::from_fn(|at| gram.get(at).copied().unwrap_or(numbers[i]))
        });
        host_answers(self.0, &told, of_each.as_flattened_mut());
        of_each.map(|[a, b, c, d, e, f, g, h, ..]| Mix { push: [a, b, c, d], memory: [e, f, g, h] })
    }

    /// The same for one.
    pub fn mix<T: Real>(&self, moment: &Moment<T>, time: &Time, gram: &Gram<T>) -> Mix<T> {
        let wide = |number: T| try_convert::<T, f64>(number).unwrap_or_default();
        let [sigma, weight, ratio] = [moment.sigma, moment.weight, moment.ratio].map(wide);
        let gram = <[T; 10]>::from(*gram).map(wide).into();
        let [Mix { push, memory }] =
            self.mixes(&Moment { sigma, weight, place: moment.place, ratio }, time, &[gram], &[ratio]);
        Mix { push: push.map(convert), memory: memory.map(convert) }
    }

    /// What stands in place of the functions of mix.wgsl.
    #[cfg(feature = "gpu")]
    pub fn shader(&self) -> String {
        host_shader(self.0)
    }
}
