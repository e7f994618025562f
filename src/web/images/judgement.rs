//! Pictures judged by what their prompt stands for, and true ones.

use super::{Images, expect_pictures, parse, whole};
use crate::error::Error;
use crate::images::metrics::{Evaluator, Metrics, Reading, Scores, Shares, difference};
use crate::images::{Distribution, NUMBERS, Picture, Prompt, Subject};
use crate::random::Stream;
use crate::web::error::{object, throw};
use serde::{Deserialize, Serialize};
use std::result::Result;
use std::sync::Arc;
use wasm_bindgen::prelude::*;

/// The greatest integer that JavaScript tells from the next.
const LARGEST_SEED: f64 = 9_007_199_254_740_991.0;

/// Which picture of the world it is.
#[derive(Serialize, tsify::Tsify)]
#[serde(rename_all = "camelCase")]
#[tsify(missing_as_null)]
pub struct ImagesPicture {
    /// What is shown, in words.
    subject: String,
    /// Its concept; null of riders on mounts.
    concept: Option<String>,
    /// Who rides; null of a concept.
    rider: Option<String>,
    /// What is ridden; null of a concept.
    mount: Option<String>,
    /// How it is drawn.
    style: String,
    /// On what.
    background: String,
    /// In which of the places of concepts, from 0; riders and mounts have one.
    placement: usize,
    /// Whether networks have been trained on pictures of its subject.
    trained: bool,
}

/// What is seen in a picture.
#[derive(Serialize, Deserialize, tsify::Tsify)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ImagesReading {
    /// The nearest of all pictures of the world: its place among these.
    picture: usize,
    /// How far that is: the root of the mean square of differences, of black to white.
    distance: f64,
    /// Chroma less that picture's; of a number from 0 (grey) to 1.
    chroma_excess: f64,
    /// Total variation less that picture's; of a number from 0 (one colour) to 1.
    total_variation_excess: f64,
    /// Share of the numbers that are below -.02 or above 1.02, where black is 0 and white 1.
    outside: f64,
    /// Log-density, in nats, of the pictures that the prompt allows, smoothed by noise of .4.
    log_density: f64,
}

/// Pictures judged.
#[derive(Serialize, tsify::Tsify)]
#[tsify(missing_as_null)]
pub struct ImagesJudgement {
    /// What is seen in each; null in one that is lost.
    readings: Vec<Option<ImagesReading>>,
    /// The metrics of those that are not lost.
    #[tsify(type = "ImagesMetrics")]
    metrics: Metrics,
    /// How often each style and background is read, in the order of the world's lists.
    shares: Shares,
}

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** Metrics of pictures less those of others. */
export type ImagesDifferences = PerImagesMetric<Difference | null>;
"#;

#[wasm_bindgen]
impl Images {
    /// What is seen in pictures of `prompt`, given as data, and how good they are against what the prompt stands for.
    ///
    /// # Errors
    /// If a picture is not whole, there is none, all are lost, or a word of the prompt is unknown.
    #[wasm_bindgen(unchecked_return_type = "ImagesJudgement")]
    pub fn judge(&self, data: &[f32], prompt: &str) -> Result<JsValue, JsValue> {
        whole(data)?;
        let samples: Vec<&[f32]> = data.chunks_exact(NUMBERS).collect();
        let prompts = vec![self.prompt(prompt)?; samples.len()];
        let scores = self.evaluator().scores(&samples, &prompts, 1).map_err(throw)?;
        Ok(object(&ImagesJudgement {
            readings: scores.readings.iter().map(|reading| reading.map(|reading| self.told(reading))).collect(),
            metrics: scores.metrics(),
            shares: scores.shares(self.models.world()),
        }))
    }

    /// The metrics of pictures of `prompt` less those of others from the same noise, of what is seen in both: readings of `judge`,
    /// as many of each.
    ///
    /// # Errors
    /// If there are none, more of one than of the other, or a word of the prompt is unknown.
    #[wasm_bindgen(unchecked_return_type = "ImagesDifferences")]
    pub fn difference(
        &self,
        prompt: &str,
        #[wasm_bindgen(unchecked_param_type = "(ImagesReading | null)[]")] readings: JsValue,
        #[wasm_bindgen(unchecked_param_type = "(ImagesReading | null)[]")] others: JsValue,
    ) -> Result<JsValue, JsValue> {
        let prompt = self.prompt(prompt)?;
        let [readings, others] = [self.scores(prompt, &readings)?, self.scores(prompt, &others)?];
        Ok(object(&difference(&readings, &others).map_err(throw)?))
    }

    /// Perfect samples of a prompt: their places among the pictures of the world. The first `count` of a seed are always the same.
    ///
    /// # Errors
    /// If a number is out of range, or a word of the prompt is unknown.
    pub fn truth(&self, prompt: &str, seed: f64, count: usize) -> Result<Vec<u32>, JsValue> {
        expect_pictures(count).map_err(throw)?;
        if seed.fract() != 0.0 || !(0.0..=LARGEST_SEED).contains(&seed) {
            return Err(throw(Error::invalid("The seed", "an integer from 0 to 2^53 - 1", seed)));
        }
        let distribution = Distribution::new(self.models.world(), self.prompt(prompt)?).map_err(throw)?;
        let sample = |index| {
            let (picture, _) = distribution.sample(seed as u64, Stream::Truth, index);
            self.place(picture) as u32
        };
        Ok((0..count as u64).map(sample).collect())
    }

    /// Pictures of the world by their places, as data.
    ///
    /// # Errors
    /// If there is no such place.
    #[wasm_bindgen(js_name = truePictures)]
    pub fn true_pictures(&self, places: &[u32]) -> Result<Vec<f32>, JsValue> {
        let mut all = Vec::with_capacity(NUMBERS * places.len());
        for &place in places {
            let data = self.models.world().data(self.at(place)?).expect("its pictures are the world's");
            all.extend(data.into_iter().map(|v| v as f32));
        }
        Ok(all)
    }

    /// Which pictures these are.
    ///
    /// # Errors
    /// If there is no such place.
    #[wasm_bindgen(unchecked_return_type = "ImagesPicture[]")]
    pub fn describe(&self, places: &[u32]) -> Result<JsValue, JsValue> {
        let described: Result<Vec<_>, _> =
            places.iter().map(|&place| self.at(place).map(|picture| self.described(picture))).collect();
        Ok(object(&described?))
    }
}

impl Images {
    fn evaluator(&self) -> &Evaluator {
        self.evaluator.get_or_init(|| Evaluator::new(Arc::clone(self.models.world())))
    }

    fn prompt(&self, words: &str) -> Result<Prompt, JsValue> {
        self.models.world().prompt(words).map_err(throw)
    }

    fn place(&self, picture: Picture) -> usize {
        self.pictures.iter().position(|&other| other == picture).expect("what is seen is of the world")
    }

    fn at(&self, place: u32) -> Result<Picture, JsValue> {
        let expected = || format!("below {}", self.pictures.len());
        let found = self.pictures.get(place as usize).copied();
        found.ok_or_else(|| throw(Error::invalid("The place of a picture", expected(), place)))
    }

    fn described(&self, picture: Picture) -> ImagesPicture {
        let world = self.models.world();
        let (mut concept, mut rider, mut mount) = (None, None, None);
        match picture.subject {
            Subject::Concept(place) => concept = world.concepts().nth(place),
            Subject::Riding { rider: who, mount: what } => {
                (rider, mount) = (world.riders().nth(who), world.mounts().nth(what));
            }
        }
        let text = |name: Option<&str>| name.unwrap_or_default().to_owned();
        ImagesPicture {
            subject: world.name(picture.subject),
            concept: concept.map(str::to_owned),
            rider: rider.map(str::to_owned),
            mount: mount.map(str::to_owned),
            style: text(world.styles().nth(picture.style)),
            background: text(world.backgrounds().nth(picture.background)),
            placement: picture.placement,
            trained: world.is_seen(picture.subject),
        }
    }

    fn told(&self, reading: Reading) -> ImagesReading {
        let Reading { picture, distance, chroma_excess, total_variation_excess, outside, log_density } = reading;
        let picture = self.place(picture);
        ImagesReading { picture, distance, chroma_excess, total_variation_excess, outside, log_density }
    }

    fn scores(&self, prompt: Prompt, readings: &JsValue) -> Result<Scores, JsValue> {
        let readings: Vec<Option<ImagesReading>> = parse("What is seen in pictures", readings)?;
        let mut all = Vec::with_capacity(readings.len());
        for reading in readings {
            all.push(reading.map(|reading| self.seen(reading)).transpose()?);
        }
        let prompts = vec![prompt; all.len()];
        self.evaluator().scores_of(all, &prompts).map_err(throw)
    }

    fn seen(&self, reading: ImagesReading) -> Result<Reading, JsValue> {
        let ImagesReading { picture, distance, chroma_excess, total_variation_excess, outside, log_density } = reading;
        let picture = self.at(picture as u32)?;
        Ok(Reading { picture, distance, chroma_excess, total_variation_excess, outside, log_density })
    }
}
