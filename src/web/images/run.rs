//! A run of pictures, prepared, and pieces of it.

use super::{ImagesRunConfig, expect_pictures, whole};
use crate::error::{Error, Result};
use crate::images::engine::{Batch, Models, RunConfig, Sampler};
use crate::web::error::throw;
use js_sys::{Float32Array, Object, Reflect};
use std::ops::Range;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** What models say of pictures at the beginning of a step, as data. */
export interface ImagesEstimates {
    /** D of the main model. */
    main: Float32Array<ArrayBuffer>;
    /** D of the guide at its own noise level; null where the scheme has none. */
    guide: Float32Array<ArrayBuffer> | null;
    /** What the scheme makes of both. */
    guided: Float32Array<ArrayBuffer>;
}
"#;

/// Models and noise levels of a run, but no pictures. It keeps the networks that it was prepared with.
#[wasm_bindgen]
pub struct ImagesRun {
    pub(super) sampler: Rc<Sampler>,
    pictures: usize,
}

impl ImagesRun {
    pub(super) fn new(config: ImagesRunConfig, models: &Models) -> Result<Self> {
        let ImagesRunConfig { scheme, prompt, pictures, seed } = config;
        expect_pictures(pictures)?;
        let config = RunConfig { scheme, prompt, seed };
        Ok(Self { sampler: Rc::new(Sampler::new(&config, models)?), pictures })
    }

    /// The numbers of some of its pictures.
    pub(super) fn piece(&self, first: usize, count: usize) -> std::result::Result<Range<usize>, JsValue> {
        match first.checked_add(count) {
            Some(end) if count > 0 && end <= self.pictures => Ok(first..end),
            _ => {
                let expected = format!("one of its {} pictures at least, and no others", self.pictures);
                Err(throw(Error::invalid("A piece of a run", expected, format!("{first} + {count}"))))
            }
        }
    }

    /// Whether there are so many steps.
    fn check(&self, steps: usize) -> std::result::Result<(), JsValue> {
        match steps <= self.steps() {
            true => Ok(()),
            false => Err(throw(Error::invalid("The number of steps", format!("at most {}", self.steps()), steps))),
        }
    }
}

#[wasm_bindgen]
impl ImagesRun {
    /// Number of pictures.
    #[wasm_bindgen(getter)]
    pub fn pictures(&self) -> usize {
        self.pictures
    }

    /// Steps in all.
    #[wasm_bindgen(getter)]
    pub fn steps(&self) -> usize {
        self.sampler.steps()
    }

    /// The noise levels: `steps + 1` numbers, the last zero.
    #[wasm_bindgen(js_name = noiseLevels)]
    pub fn noise_levels(&self) -> Vec<f64> {
        self.sampler.plan().sigmas.clone()
    }

    /// Evaluations of models for each picture in the first `steps` steps; main and guide count one each, negative prompts none.
    ///
    /// # Errors
    /// If there are not that many steps.
    pub fn evaluations(&self, steps: usize) -> std::result::Result<usize, JsValue> {
        self.check(steps)?;
        Ok(self.sampler.plan().evaluations(steps))
    }

    /// The guidance weight of each step's first stage, as the scheme has it: `steps` numbers; 1 is no guidance, but under CFG++.
    pub fn weights(&self) -> Vec<f64> {
        self.sampler.plan().own_weights()
    }

    /// What main and guide say of the run's pictures from `first` on, where they are (`data`) at the beginning of `step`, and what the
    /// scheme makes of it. After the last step it is what they say at the last step's noise level. A rule with a memory is read as in a
    /// run's first step.
    ///
    /// # Errors
    /// If a picture is not whole, or there are not that many pictures or steps.
    #[wasm_bindgen(unchecked_return_type = "ImagesEstimates")]
    pub fn estimates(&self, first: usize, data: &[f32], step: usize) -> std::result::Result<JsValue, JsValue> {
        self.piece(first, whole(data)?)?;
        self.check(step)?;
        let told = self.sampler.told(first, data, step);
        let array = |numbers: &Vec<f32>| Float32Array::from(&numbers[..]).into();
        let guide = told.guide.as_ref().map_or(JsValue::NULL, array);
        let all = Object::new();
        for (name, numbers) in [("main", array(&told.main)), ("guide", guide), ("guided", array(&told.guided))] {
            // Setting a property on a fresh object cannot fail.
            let _ = Reflect::set(&all, &name.into(), &numbers);
        }
        Ok(all.into())
    }

    /// The run's pictures `first..first + count` where they begin: noise alone.
    ///
    /// # Errors
    /// If there are not that many.
    pub fn begin(&self, first: usize, count: usize) -> std::result::Result<Pictures, JsValue> {
        let numbers = self.piece(first, count)?;
        Ok(Pictures { sampler: Rc::clone(&self.sampler), batch: self.sampler.begin(numbers), step: 0 })
    }
}

/// Some of a run's pictures, and all that they carry from step to step.
#[wasm_bindgen]
pub struct Pictures {
    sampler: Rc<Sampler>,
    batch: Batch,
    step: usize,
}

#[wasm_bindgen]
impl Pictures {
    /// Steps that they have taken.
    #[wasm_bindgen(getter)]
    pub fn step(&self) -> usize {
        self.step
    }

    /// Take so many more.
    ///
    /// # Errors
    /// If so many are not left.
    pub fn advance(&mut self, steps: usize) -> std::result::Result<(), JsValue> {
        let left = self.sampler.steps() - self.step;
        if steps > left {
            return Err(throw(Error::invalid("The number of steps", format!("at most {left}"), steps)));
        }
        for _ in 0..steps {
            self.sampler.advance(&mut self.batch, self.step, 1);
            self.step += 1;
        }
        Ok(())
    }

    /// Where they are, as data: of each picture 32 rows of 32 pixels of red, green and blue.
    pub fn data(&self) -> Vec<f32> {
        self.batch.pictures()
    }

    /// What the last step took them to become, as data; at the beginning the noise.
    pub fn estimates(&self) -> Vec<f32> {
        self.batch.estimates()
    }
}
