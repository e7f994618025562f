//! Tests that run in a real browser, through `wasm-pack test --headless`.
#![cfg(target_arch = "wasm32")]

use wasm_bindgen_test::wasm_bindgen_test;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
fn version_is_the_packages() {
    assert_eq!(guidance_playground::web::version(), env!("CARGO_PKG_VERSION"));
}
