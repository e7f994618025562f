//! Tests of the build with pictures and WebGPU, in a real browser, through `wasm-pack test --headless`.
#![cfg(all(target_arch = "wasm32", feature = "images", feature = "gpu"))]

use guidance_playground::images::NUMBERS;
use guidance_playground::web::{GpuPictures, Images, ImagesGpu, ImagesRun};
use js_sys::{Float32Array, Promise, Reflect};
use wasm_bindgen::convert::TryFromJsValue;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;
use world::{NETWORK, images, object, text};

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

#[path = "web/images.rs"]
mod world;

/// A device, or a loud word and nothing where there is none and REQUIRE_GPU does not ask for one.
async fn gpu() -> Option<ImagesGpu> {
    match JsFuture::from(ImagesGpu::open(true)).await {
        Ok(gpu) => Some(ImagesGpu::try_from_js_value(gpu).unwrap()),
        Err(error) if option_env!("REQUIRE_GPU").is_none() => {
            wasm_bindgen_test::console_log!("NOT TESTED: {}", text(&error, "message"));
            None
        }
        Err(error) => panic!("{} REQUIRE_GPU asks for one.", text(&error, "message")),
    }
}

fn run(images: &Images, scheme: &str) -> ImagesRun {
    images.run(object(&format!(r#"{{"scheme":{scheme},"prompt":"night rocket","pictures":300,"seed":7}}"#))).unwrap()
}

async fn begin(gpu: &ImagesGpu, run: &ImagesRun, first: usize, count: usize) -> Result<GpuPictures, JsValue> {
    let pictures = JsFuture::from(gpu.begin(run, first, count)?).await?;
    Ok(GpuPictures::try_from_js_value(pictures).unwrap())
}

async fn numbers(of: Promise) -> Vec<f32> {
    JsFuture::from(of).await.unwrap().unchecked_into::<Float32Array>().to_vec()
}

async fn advance(pictures: &GpuPictures) -> bool {
    JsFuture::from(pictures.advance()).await.unwrap().as_bool().unwrap()
}

/// As `native::images_gpu` asks it of every rule.
#[wasm_bindgen_test]
async fn steps_are_the_processors() {
    let Some(gpu) = gpu().await else { return };
    let mut images = images().await;
    images.add_network("other", NETWORK).unwrap();
    for scheme in [
        r#"{"main":"main","levels":{"steps":3},"solver":"heun"}"#,
        r#"{"main":"main","guide":{"model":"main","condition":"anything"},"weight":3,"levels":{"steps":3}}"#,
        r#"{"main":"main","guide":{"model":"main","condition":"anything"},"weight":3,"levels":{"steps":3},
            "bands":{"high":1.5,"low":0.25},"cads":{"begin":0,"end":0.8,"strength":0.25,"mix":0.7},"finish":{"threshold":{"quantile":0.9}}}"#,
        r#"{"main":"main","guide":{"model":"other","condition":"a cat"},"weight":2,"levels":{"steps":3},"solver":"ancestral",
            "combination":{"apg":{"momentum":-0.5,"parallel":0.2,"radius":8}},"finish":{"rescale":{"share":0.7}},"negatives":[{"prompt":"dog","weight":1}]}"#,
    ] {
        let run = run(&images, scheme);
        assert_eq!(gpu.refusal(&run), None);
        let pictures = begin(&gpu, &run, 3, 18).await.unwrap();
        let mut processors = run.begin(3, 18).unwrap();
        assert!(pictures.pictures() == 18 && pictures.step() == 0);
        assert_eq!(numbers(pictures.data()).await, processors.data());
        assert_eq!(numbers(pictures.estimates()).await, processors.estimates());
        for step in 1..=run.steps() {
            assert!(advance(&pictures).await && pictures.step() == step);
            processors.advance(1).unwrap();
            for (found, expected) in [
                (numbers(pictures.data()).await, processors.data()),
                (numbers(pictures.estimates()).await, processors.estimates()),
            ] {
                assert_eq!(found.len(), 18 * NUMBERS);
                let largest = expected.iter().fold(1.0, |a: f32, b| a.max(b.abs()));
                let far = found.iter().zip(&expected).map(|(a, b)| (a - b).abs() / largest);
                // Each step begins where the one before it came to on its own engine.
                let most = 2e-5 * step as f32;
                assert!(far.clone().all(|far| far < most), "{scheme} {step}: {:e}", far.fold(0.0, f32::max));
            }
        }
        assert!(!advance(&pictures).await && pictures.step() == run.steps());
    }
}

/// A page hands what is refused over to the processor.
#[wasm_bindgen_test]
async fn what_a_device_does_not_run_is_refused_in_a_sentence() {
    let Some(gpu) = gpu().await else { return };
    let images = images().await;
    let guide = r#""guide":{"model":"main","condition":"anything"},"weight":2"#;
    for (scheme, word) in [
        (r#"{"main":"exact"}"#.to_owned(), "exact model"),
        (
            format!(
                r#"{{"main":"main",{guide},"solver":"euler","combination":{{"feedback":{{"share":0.5,"most":5,"onset":0.8,"decision":0.4}}}}}}"#
            ),
            "evidence",
        ),
        (
            format!(r#"{{"main":"main",{guide},"solver":{{"churn":{{"churn":10,"min":0.05,"max":50,"noise":1}}}}}}"#),
            "noise",
        ),
    ] {
        let run = run(&images, &scheme);
        let sentence = gpu.refusal(&run).unwrap();
        assert!(sentence.contains(word) && sentence.contains("processor") && sentence.ends_with('.'), "{sentence}");
        let thrown = begin(&gpu, &run, 0, 1).await.err().unwrap();
        assert_eq!((text(&thrown, "code"), text(&thrown, "message")), ("invalid".to_owned(), sentence));
        run.begin(0, 1).unwrap();
    }
    let run = run(&images, r#"{"main":"main"}"#);
    for (first, count) in [(299, 2), (0, 0), (0, 257), (usize::MAX, 2)] {
        let thrown = gpu.begin(&run, first, count).unwrap_err();
        assert_eq!(text(&thrown, "code"), "invalid");
        assert!(text(&thrown, "message").starts_with("A piece of a run must be"), "{}", text(&thrown, "message"));
    }
}

#[wasm_bindgen_test]
async fn a_device_that_is_lost_is_told() {
    let Some(gpu) = gpu().await else { return };
    assert!(!gpu.description().is_empty());
    let images = images().await;
    let pictures = begin(&gpu, &run(&images, r#"{"main":"main"}"#), 0, 1).await.unwrap();
    let lost = gpu.lost();
    gpu.destroy();
    assert!(JsFuture::from(lost).await.unwrap().is_string());
    let thrown = JsFuture::from(pictures.data()).await.unwrap_err();
    assert_eq!(text(&thrown, "code"), "gpu-lost");
    assert!(Reflect::get(&thrown, &"advice".into()).unwrap().as_string().unwrap().contains("processor"));
}
