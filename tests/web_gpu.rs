//! Tests of the build with WebGPU, in a real browser, through `wasm-pack test --headless`.
#![cfg(all(target_arch = "wasm32", feature = "gpu"))]

use guidance_playground::gpu::Gpu;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen_test::wasm_bindgen_test;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

#[macro_use]
#[path = "gpu/mod.rs"]
mod checks;

thread_local! {
    static GPU: RefCell<Option<Rc<Gpu>>> = const { RefCell::new(None) };
}

/// One device for all tests, or a loud word and nothing where there is none and REQUIRE_GPU does not ask for one.
async fn with_gpu(check: impl AsyncFnOnce(&Rc<Gpu>)) {
    let opened = GPU.with_borrow(Option::clone);
    let opened = match opened {
        Some(gpu) => Ok(gpu),
        None => Gpu::open(true).await.map(Rc::new),
    };
    match opened {
        Ok(gpu) => {
            GPU.set(Some(Rc::clone(&gpu)));
            check(&gpu).await;
        }
        Err(error) if option_env!("REQUIRE_GPU").is_none() => wasm_bindgen_test::console_log!("NOT TESTED: {error}"),
        Err(error) => panic!("{error} REQUIRE_GPU asks for one."),
    }
}

macro_rules! tests {
    (($($name:ident)*) ($($longer:ident)*)) => {
        $(#[wasm_bindgen_test]
        async fn $name() {
            with_gpu(async |gpu| checks::$name(gpu).await).await;
        })*
        $(#[wasm_bindgen_test]
        #[ignore = "the native tests run it on the same card"]
        async fn $longer() {
            with_gpu(async |gpu| checks::$longer(gpu).await).await;
        })*
    };
}
every_check!(tests);
