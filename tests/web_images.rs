//! Tests of the builds with pictures, in a real browser, through `wasm-pack test --headless`.
#![cfg(all(target_arch = "wasm32", feature = "images"))]

use guidance_playground::images::network::{Network, NetworkLanes, TILE_PICTURES};
use guidance_playground::images::{NUMBERS, World};
use guidance_playground::web::{Images, ImagesRun, pictures_at_once};
use js_sys::{JSON, Reflect};
use serde::Deserialize;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;
use world::{NETWORK, images, object, sprites, text};

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

#[path = "web/images.rs"]
mod world;

fn run(images: &Images, scheme: &str) -> Result<ImagesRun, JsValue> {
    images.run(object(&format!(r#"{{"scheme":{scheme},"prompt":"night rocket","pictures":20,"seed":7}}"#)))
}

/// As `images::network::tests` asks it natively.
#[wasm_bindgen_test]
async fn networks_are_pytorchs() {
    #[derive(Deserialize)]
    struct Case {
        prompt: String,
        sigma: f64,
        denoised: Vec<f64>,
    }
    #[derive(Deserialize)]
    struct Reference {
        cases: Vec<Case>,
    }
    let world = World::new(&sprites().await).unwrap();
    let lanes = NetworkLanes::new(&Network::from_safetensors(NETWORK, &world).unwrap());
    let mut workspace = lanes.workspace();
    let reference: Reference = serde_json::from_str(include_str!("data/images-network.json")).unwrap();
    assert_eq!(reference.cases.len(), 9);
    for Case { prompt, sigma, denoised } in reference.cases {
        let wave = |i: f64| 0.5 * (0.1 * i).sin() + sigma * 2f64.sqrt() * (0.37 * i + 0.0011 * i * i).sin();
        let x: Vec<f32> = (0..NUMBERS * TILE_PICTURES).map(|i| wave((i / TILE_PICTURES) as f64) as f32).collect();
        let mut out = x.clone();
        let level = lanes.level(world.prompt(&prompt).unwrap(), sigma, sigma);
        lanes.evaluate(&level, &mut workspace, &x, &mut out);
        let greatest = denoised.iter().fold(1.0, |a, b| b.abs().max(a));
        for (i, expected) in denoised.iter().enumerate() {
            for lane in [0, TILE_PICTURES - 1] {
                let error = (f64::from(out[61 * i * TILE_PICTURES + lane]) - expected).abs() / greatest;
                assert!(error < 1e-5, "{prompt} {sigma} {i}: {error:e}");
            }
        }
    }
}

/// The native test of these numbers is `the_run_of_the_browsers_test_is_this`.
#[wasm_bindgen_test]
async fn a_guided_run_is_the_native_one() {
    let images = images().await;
    let numbers: Vec<f32> = serde_json::from_str(include_str!("data/images-run.json")).unwrap();
    let scheme = r#"{"main":"main","guide":{"model":"main","condition":"anything"},"weight":3,"levels":{"steps":4}}"#;
    let run = run(&images, scheme).unwrap();
    assert_eq!((run.pictures(), run.steps(), run.noise_levels().len()), (20, 4, 5));
    let mut pictures = run.begin(1, 2).unwrap();
    let noise = pictures.data();
    assert!(noise.len() == 2 * NUMBERS && noise == pictures.estimates());
    pictures.advance(4).unwrap();
    assert_eq!(pictures.step(), 4);
    let found: Vec<f32> = pictures.data().into_iter().step_by(61).collect();
    assert_eq!(found.len(), numbers.len());
    let greatest = numbers.iter().fold(1.0, |a: f32, b| b.abs().max(a));
    for (found, native) in found.iter().zip(&numbers) {
        assert!((found - native).abs() / greatest < 1e-5, "{found} {native}");
    }
    // Any worker can take any piece, in as many steps at a time as it likes.
    let mut others = run.begin(0, 2 + pictures_at_once()).unwrap();
    others.advance(1).unwrap();
    others.advance(3).unwrap();
    assert_eq!(others.data()[NUMBERS..3 * NUMBERS], pictures.data());
    for thrown in [
        pictures.advance(1).unwrap_err(),
        run.begin(19, 2).err().unwrap(),
        run.begin(3, 0).err().unwrap(),
        run.begin(usize::MAX, 2).err().unwrap(),
    ] {
        assert_eq!(text(&thrown, "code"), "invalid");
    }
}

fn numbers(value: &JsValue, key: &str) -> Vec<f32> {
    let numbers = Reflect::get(value, &key.into()).unwrap();
    numbers.dyn_into::<js_sys::Float32Array>().map(|numbers| numbers.to_vec()).unwrap_or_default()
}

fn json(value: &JsValue) -> serde_json::Value {
    serde_json::from_str(&JSON::stringify(value).unwrap().as_string().unwrap()).unwrap()
}

/// As `what_models_say_is_told_of_any_step` asks it natively.
#[wasm_bindgen_test]
async fn what_models_say_is_told() {
    let images = images().await;
    let scheme = r#"{"main":"main","guide":{"model":"main","condition":"anything"},"weight":3,"levels":{"steps":2}}"#;
    let run = self::run(&images, scheme).unwrap();
    assert_eq!((run.weights(), run.evaluations(2).unwrap()), (vec![3.0, 3.0], 4));
    let mut pictures = run.begin(1, 2).unwrap();
    for step in 0..2 {
        let told = run.estimates(1, &pictures.data(), step).unwrap();
        pictures.advance(1).unwrap();
        let [main, guide, guided] = ["main", "guide", "guided"].map(|key| numbers(&told, key));
        assert_eq!(guided, pictures.estimates());
        for ((d1, d0), d) in main.iter().zip(&guide).zip(&guided) {
            assert!((d0 + 3.0 * (d1 - d0) - d).abs() < 1e-4, "{d1} {d0} {d}");
        }
    }
    let alone = self::run(&images, r#"{"main":"exact"}"#).unwrap();
    let told = alone.estimates(0, &pictures.data(), alone.steps()).unwrap();
    assert!(
        Reflect::get(&told, &"guide".into()).unwrap().is_null() && numbers(&told, "main") == numbers(&told, "guided")
    );
    for thrown in [
        run.estimates(19, &pictures.data(), 0).unwrap_err(),
        run.estimates(0, &pictures.data()[1..], 0).unwrap_err(),
        run.estimates(0, &pictures.data(), 3).unwrap_err(),
        run.evaluations(3).unwrap_err(),
    ] {
        assert_eq!(text(&thrown, "code"), "invalid");
    }
}

#[wasm_bindgen_test]
async fn pictures_are_judged_beside_true_ones() {
    let images = images().await;
    let places = images.truth("noto", 3.0, 20).unwrap();
    assert_eq!(images.truth("noto", 3.0, 5).unwrap(), places[..5]);
    assert_ne!(images.truth("noto", 4.0, 20).unwrap(), places);
    let mut data = images.true_pictures(&places).unwrap();
    let described = json(&images.describe(&places).unwrap());
    assert!(described.as_array().unwrap().iter().all(|picture| picture["style"] == "noto"), "{described}");
    let judged = json(&images.judge(&data, "noto").unwrap());
    for (reading, place) in judged["readings"].as_array().unwrap().iter().zip(&places) {
        assert_eq!(reading["picture"], *place);
        assert!(reading["distance"].as_f64().unwrap() < 1e-6);
    }
    let estimates = &judged["metrics"]["estimates"];
    let number = |value: &serde_json::Value| value.as_f64().unwrap();
    assert!(number(&estimates["styleRight"]["value"]) == 1.0 && estimates["subjectRight"].is_null());
    assert_eq!(estimates.as_object().unwrap().len(), 11);
    let noto = &judged["shares"]["styles"][0];
    assert!(number(&noto["value"]) == 1.0 && (number(&noto["truth"]) - 1.0).abs() < 1e-9, "{noto}");
    // One is lost, and another shows something else.
    data[7] = f32::NAN;
    data.copy_within(2 * NUMBERS..3 * NUMBERS, 3 * NUMBERS);
    let other = images.judge(&data, "noto").unwrap();
    let [readings, others] = [&images.judge(&images.true_pictures(&places).unwrap(), "noto").unwrap(), &other]
        .map(|judged| Reflect::get(judged, &"readings".into()).unwrap());
    assert!(json(&others)[0].is_null());
    assert_eq!(json(&other)["metrics"]["lost"], 1);
    let same = json(&images.difference("noto", readings.clone(), readings.clone()).unwrap());
    assert!(number(&same["distance"]["value"]) == 0.0 && number(&same["distance"]["standardError"]) == 0.0, "{same}");
    let apart = json(&images.difference("noto", others, readings.clone()).unwrap());
    assert!(apart["samePicture"]["value"].as_f64().unwrap() > 0.0, "{apart}");
    for thrown in [
        images.judge(&data[1..], "noto").unwrap_err(),
        images.judge(&[], "noto").unwrap_err(),
        images.judge(&data, "nota").unwrap_err(),
        images.difference("noto", readings.clone(), object("[]")).unwrap_err(),
        images.difference("noto", readings, object(r#"[{"picture":1}]"#)).unwrap_err(),
        images.truth("noto", 0.5, 1).unwrap_err(),
        images.truth("noto", 1.0, 0).unwrap_err(),
        images.true_pictures(&[u32::MAX]).unwrap_err(),
        images.describe(&[u32::MAX]).unwrap_err(),
    ] {
        assert_eq!(text(&thrown, "code"), "invalid");
    }
    assert_eq!(text(&images.judge(&vec![f32::NAN; NUMBERS], "noto").unwrap_err(), "code"), "diverged");
}

#[wasm_bindgen_test]
async fn prompts_and_colours_are_told() {
    let images = images().await;
    let read = |prompt: &str| JSON::stringify(&images.read(prompt).unwrap()).unwrap().as_string().unwrap();
    assert_eq!(read("a rocket at night"), r#"{"words":"rocket on a night background","unknown":[]}"#);
    assert!(read("a roket").contains(r#""unknown":[["roket",["rocket""#), "{}", read("a roket"));
    assert!(images.credits().contains("Fluent"), "{}", images.credits());
    let world = World::new(&sprites().await).unwrap();
    let colour = |colours: [f64; 3]| [0, 1, 2].map(|c| world.value(c, colours[c]) as f32);
    let mut data = colour([0.0, 0.5, 1.0]).repeat(NUMBERS / 3);
    data[..3].copy_from_slice(&colour([-0.5, 1.5, 0.25]));
    let seen = |c: usize, value: f32| images.scale() * f64::from(value) + images.mean_colour()[c];
    assert!((0..3).all(|c| (seen(c, data[3 + c]) - [0.0, 0.5, 1.0][c]).abs() < 1e-6) && images.numbers() == NUMBERS);
    assert_eq!(images.colours(&data).unwrap()[..8], [0, 255, 64, 255, 0, 128, 255, 255]);
    assert_eq!(text(&images.colours(&data[1..]).unwrap_err(), "code"), "invalid");
}

#[wasm_bindgen_test]
async fn what_fails_says_so() {
    let sprites = sprites().await;
    for bytes in [&[][..], &[255; 40], &sprites[..1000], &sprites[..sprites.len() - 1], NETWORK] {
        let thrown = Images::new(bytes).err().unwrap();
        assert_eq!(text(&thrown, "code"), "weights");
        assert!(text(&thrown, "message").contains("in the sprites: expected"), "{}", text(&thrown, "message"));
        assert!(text(&thrown, "advice").contains("sprites/render"));
    }
    let mut images = images().await;
    for bytes in [&NETWORK[..1000], &sprites, include_bytes!("data/network-16.safetensors")] {
        assert_eq!(text(&images.add_network("bad", bytes).unwrap_err(), "code"), "weights");
    }
    let scheme = object(r#"{"main":"guide","guide":{"model":"exact"},"negatives":[{"prompt":"cat","weight":1}]}"#);
    assert_eq!(images.missing_networks(scheme).unwrap(), ["guide"]);
    let refused = |config: &str| text(&images.run(object(config)).err().unwrap(), "message");
    for (config, sentence) in [
        (r#"{"scheme":{},"prompt":"rocket","pictures":0,"seed":1}"#, "The number of pictures must be between 1 and"),
        (r#"{"scheme":{},"prompt":"roket","pictures":1,"seed":1}"#, "rocket"),
        (r#"{"scheme":{},"prompt":"rocket","pictures":1,"seed":1,"sead":2}"#, "unknown field `sead`"),
        (r#"{"scheme":{"wait":2},"prompt":"rocket","pictures":1,"seed":1}"#, "unknown field `wait`"),
        (r#"{"scheme":{"main":"huge"},"prompt":"rocket","pictures":1,"seed":1}"#, "must be one of exact, main"),
        (
            r#"{"scheme":{"cads":{"begin":1,"end":0,"strength":1,"mix":1}},"prompt":"","pictures":1,"seed":1}"#,
            "earlier",
        ),
        ("7", "expected struct ImagesRunConfig"),
    ] {
        let message = refused(config);
        assert!(message.contains(sentence) && message.ends_with('.') && !message.contains("line 1"), "{message}");
    }
    assert!(images.run(JsValue::UNDEFINED).is_err());
    let circle = object("{}");
    Reflect::set(&circle, &"scheme".into(), &circle).unwrap();
    let thrown = images.run(circle).err().unwrap();
    assert!(text(&thrown, "message").contains("no plain object"), "{}", text(&thrown, "message"));
}
