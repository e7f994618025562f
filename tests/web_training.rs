//! Tests of the build that trains, in a real browser, through `wasm-pack test --headless`.
#![cfg(all(target_arch = "wasm32", feature = "training", not(feature = "gpu")))]

use guidance_playground::plane::training::{Trainer, TrainingConfig};
use wasm_bindgen_test::wasm_bindgen_test;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
fn one_thread_trains_and_more_are_refused() {
    let mut trainer = Trainer::new(TrainingConfig { hidden: 4, batch: 16, ..TrainingConfig::default() }).unwrap();
    let refused = trainer.step(2).unwrap_err();
    assert_eq!(refused.code(), "invalid");
    assert!(refused.to_string().contains("WebAssembly"), "{refused}");
    // Which changes nothing.
    assert_eq!(trainer.iteration(), 0);
    assert!(trainer.step(1).unwrap().is_finite());
    assert_eq!(trainer.iteration(), 1);
}
