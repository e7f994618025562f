//! What the tests of all builds with pictures need.

use guidance_playground::web::Images;
use js_sys::{Function, JSON, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

pub const NETWORK: &[u8] = include_bytes!("../data/images-network.safetensors");

/// The sprites, unpacked as a page does it.
pub async fn sprites() -> Vec<u8> {
    let packed = Uint8Array::from(&include_bytes!("../../sprites/sprites.safetensors.gz")[..]);
    let unpack = Function::new_with_args(
        "packed",
        "return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'))).arrayBuffer()",
    );
    let promise: Promise = unpack.call1(&JsValue::NULL, &packed).unwrap().unchecked_into();
    Uint8Array::new(&JsFuture::from(promise).await.unwrap()).to_vec()
}

pub async fn images() -> Images {
    let mut images = Images::new(&sprites().await).unwrap();
    images.add_network("main", NETWORK).unwrap();
    images
}

pub fn object(json: &str) -> JsValue {
    JSON::parse(json).unwrap()
}

pub fn text(value: &JsValue, key: &str) -> String {
    Reflect::get(value, &key.into()).unwrap().as_string().unwrap_or_default()
}
