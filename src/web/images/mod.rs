//! What builds with pictures can do: read a prompt, draw pictures of it step by step (`run`), judge them, and show true ones
//! (`judgement`); where there is WebGPU, on a graphics processor, too (`gpu`).

#[cfg(feature = "gpu")]
mod gpu;
mod judgement;
mod run;

#[cfg(feature = "gpu")]
pub use gpu::{GpuPictures, ImagesGpu};
pub use run::{ImagesRun, Pictures};

use super::error::{object, refuse, throw};
use crate::error::Error;
use crate::guidance::EXACT;
use crate::images::engine::Models;
use crate::images::metrics::Evaluator;
use crate::images::network::{Network, TILE_PICTURES};
use crate::images::{NUMBERS, Picture, SCALE, Scheme, World};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::cell::OnceCell;
use std::sync::Arc;
use wasm_bindgen::Clamped;
use wasm_bindgen::prelude::*;

/// Most pictures that are asked for at once.
const MOST_PICTURES: usize = 1 << 16;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** A scheme of pictures: what means the same on the plane, and what means something only here. */
export interface ImagesScheme extends Scheme {
    /** What is guided of details and of large areas; all alike if there is none. */
    bands: Bands | null;
    /** What the guided estimate is led away from besides the guide. */
    negatives: Negative[];
    /** What is done to the guided estimate at last. */
    finish: Finish;
    /** What networks are told of the prompt in the beginning; all of it if there is none. */
    cads: Cads | null;
}
"#;

/// What a run of pictures does.
#[derive(Deserialize, tsify::Tsify)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ImagesRunConfig {
    /// What guides, and how it is followed.
    #[tsify(type = "ImagesScheme")]
    scheme: Scheme,
    /// Of what, in words.
    prompt: String,
    /// Pictures, 1 to 65536.
    pictures: usize,
    /// Seed of the starts and of noise on the way: an integer from 0 to 2^53 - 1.
    seed: u64,
}

/// A prompt as it is read.
#[derive(Serialize, tsify::Tsify)]
#[serde(rename_all = "camelCase")]
pub struct PromptWords {
    /// The known words in the order of the grammar.
    words: String,
    /// The others, each with known ones that are nearest to it, the nearest first.
    unknown: Vec<(String, Vec<String>)>,
}

/// How many pictures are computed together: a piece of a run that is a multiple of this wastes nothing.
#[wasm_bindgen(js_name = picturesAtOnce)]
pub fn pictures_at_once() -> usize {
    TILE_PICTURES
}

/// The image world, and the networks that have learned it.
#[wasm_bindgen]
pub struct Images {
    models: Models,
    /// Made when it is first asked: it takes a noticeable time.
    evaluator: OnceCell<Evaluator>,
    /// All pictures of the world, in its order.
    pictures: Vec<Picture>,
}

#[wasm_bindgen]
impl Images {
    /// The world of these sprites, sprites/sprites.safetensors.gz unpacked, with its exact models and no network yet.
    ///
    /// # Errors
    /// If they are not complete.
    #[wasm_bindgen(constructor)]
    pub fn new(sprites: &[u8]) -> std::result::Result<Self, JsValue> {
        let world = World::new(sprites).map_err(|error| throw(error.in_file("the sprites")))?;
        let pictures = world.pictures().map(|(picture, _)| picture).collect();
        Ok(Self { models: Models::new(Arc::new(world)), evaluator: OnceCell::new(), pictures })
    }

    /// Give the network in a safetensors file a name.
    ///
    /// # Errors
    /// If the file does not hold a denoiser of this world's pictures: the message names the tensor.
    #[wasm_bindgen(js_name = addNetwork)]
    pub fn add_network(&mut self, name: &str, bytes: &[u8]) -> std::result::Result<(), JsValue> {
        let network = Network::from_safetensors(bytes, self.models.world()).map_err(throw)?;
        self.models.add(name, &network);
        Ok(())
    }

    /// Names of the networks that `scheme` needs and that are not here yet.
    ///
    /// # Errors
    /// If `scheme` is not one.
    #[wasm_bindgen(js_name = missingNetworks)]
    pub fn missing_networks(
        &self,
        #[wasm_bindgen(unchecked_param_type = "ImagesScheme")] scheme: JsValue,
    ) -> std::result::Result<Vec<String>, JsValue> {
        let scheme: Scheme = parse("The scheme", &scheme)?;
        let mut missing: Vec<String> = scheme.models().into_iter().map(|name| name.model).collect();
        missing.retain(|model| model != EXACT && !self.models.names().contains(&model.as_str()));
        missing.sort();
        missing.dedup();
        Ok(missing)
    }

    /// What a prompt asks for; words that nobody knows are skipped, and told.
    ///
    /// # Errors
    /// If two concepts, styles or backgrounds are asked for, or what there is no picture of.
    #[wasm_bindgen(unchecked_return_type = "PromptWords")]
    pub fn read(&self, prompt: &str) -> std::result::Result<JsValue, JsValue> {
        let world = self.models.world();
        let read = world.read(prompt).map_err(throw)?;
        Ok(object(&PromptWords { words: world.words(read.prompt), unknown: read.unknown }))
    }

    /// Whose pictures the sprites are, to be said wherever pictures are shown.
    pub fn credits(&self) -> String {
        self.models.world().credits()
    }

    /// Of each colour the mean over all pictures, from 0 to 1: red, green, blue.
    #[wasm_bindgen(js_name = meanColour)]
    pub fn mean_colour(&self) -> Vec<f64> {
        self.models.world().mean().to_vec()
    }

    /// A colour from 0 to 1 is so many times a number of data, and the mean colour.
    #[wasm_bindgen(getter)]
    pub fn scale(&self) -> f64 {
        SCALE
    }

    /// Numbers of a picture.
    #[wasm_bindgen(getter)]
    pub fn numbers(&self) -> usize {
        NUMBERS
    }

    /// A run, prepared.
    ///
    /// # Errors
    /// If a number is out of range, a network is missing, or a word of a prompt is unknown.
    pub fn run(
        &self,
        #[wasm_bindgen(unchecked_param_type = "ImagesRunConfig")] config: JsValue,
    ) -> std::result::Result<ImagesRun, JsValue> {
        ImagesRun::new(parse("The configuration of a run", &config)?, &self.models).map_err(throw)
    }

    /// Data as colours: red, green, blue and opacity of each pixel, as canvases have them.
    ///
    /// # Errors
    /// If a picture is not whole.
    pub fn colours(&self, data: &[f32]) -> std::result::Result<Clamped<Vec<u8>>, JsValue> {
        whole(data)?;
        let byte = |channel, value| (255.0 * self.models.world().colour(channel, f64::from(value))).round() as u8;
        let pixels = data.as_chunks().0.iter();
        Ok(Clamped(pixels.flat_map(|&[r, g, b]| [byte(0, r), byte(1, g), byte(2, b), 255]).collect()))
    }
}

/// Data of so many whole pictures.
fn whole(data: &[f32]) -> std::result::Result<usize, JsValue> {
    match data.len().is_multiple_of(NUMBERS) {
        true => Ok(data.len() / NUMBERS),
        false => {
            let expected = format!("a multiple of {NUMBERS}");
            Err(throw(Error::invalid("The count of numbers of pictures", expected, data.len())))
        }
    }
}

/// A number of pictures that may be asked for.
fn expect_pictures(pictures: usize) -> crate::Result<()> {
    match (1..=MOST_PICTURES).contains(&pictures) {
        true => Ok(()),
        false => Err(Error::invalid("The number of pictures", format!("between 1 and {MOST_PICTURES}"), pictures)),
    }
}

/// A plain object, read as `JSON.stringify` writes it.
fn parse<T: DeserializeOwned>(what: &'static str, value: &JsValue) -> std::result::Result<T, JsValue> {
    let refuse = |problem: &str| refuse(what, problem);
    let text = js_sys::JSON::stringify(value).ok().and_then(|text| text.as_string());
    let text = text.ok_or_else(|| refuse("it is no plain object"))?;
    // Not from the text at once, whose lines and columns nobody wrote.
    let value: serde_json::Value = serde_json::from_str(&text).map_err(|fault| refuse(&fault.to_string()))?;
    serde_json::from_value(value).map_err(|fault| refuse(&fault.to_string()))
}
