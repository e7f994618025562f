//! Tests of the builds without WebGPU, in a real browser, through `wasm-pack test --headless`.
#![cfg(all(target_arch = "wasm32", not(any(feature = "gpu", feature = "images", feature = "training"))))]

use guidance_playground::guidance::{Guide, Scheme};
use guidance_playground::plane::Models;
use guidance_playground::plane::distribution::Classes;
use guidance_playground::plane::engine::{RunConfig, cpu};
use guidance_playground::plane::network::Network;
use guidance_playground::plane::starts;
use guidance_playground::sampling::Solver;
use guidance_playground::web::{Core, Sampler, count_lost, farthest, fresh_seed, instruction_set, version};
use js_sys::{JSON, Reflect};
use nalgebra::Vector2;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

const MAIN: &[u8] = include_bytes!("../weights/main-A64-4096.safetensors");
const GUIDE: &[u8] = include_bytes!("../weights/guide-A32-0512.safetensors");

const STARTS: [f32; 6] = [-2.7264795, 5.935426, -2.6657045, 5.35945, 11.965141, -2.4491851];
const ENDS: [f32; 6] = [0.22203256, 0.45516527, 0.22744574, 0.42865276, 0.7922806, 0.25101298];

fn object(json: &str) -> JsValue {
    JSON::parse(json).unwrap()
}

fn get(value: &JsValue, key: &str) -> JsValue {
    Reflect::get(value, &key.into()).unwrap()
}

fn text(value: &JsValue, key: &str) -> String {
    get(value, key).as_string().unwrap_or_default()
}

fn number(value: &JsValue, path: &[&str]) -> f64 {
    path.iter().fold(value.clone(), |v, key| get(&v, key)).as_f64().unwrap()
}

fn sampler(core: &Core, scheme: &str, particles: usize) -> Sampler {
    let config = format!(r#"{{"scheme":{scheme},"particles":{particles},"seed":7}}"#);
    core.sampler(object(&config)).unwrap()
}

fn ends(sampler: &Sampler) -> Vec<f32> {
    let starts = sampler.starts(0, sampler.particles()).unwrap();
    let mut memory = vec![0.0; sampler.memory() * sampler.particles()];
    sampler.advance(0, &starts, &mut memory, 0, 32).unwrap().split_off(31 * starts.len())
}

#[wasm_bindgen_test]
fn version_is_the_packages() {
    assert_eq!(version(), env!("CARGO_PKG_VERSION"));
}

#[wasm_bindgen_test]
fn the_instruction_set_is_the_builds() {
    let relaxed = cfg!(feature = "relaxed-simd");
    assert_eq!(instruction_set(), if relaxed { "WebAssembly relaxed SIMD" } else { "WebAssembly SIMD" });
}

#[wasm_bindgen_test]
fn fresh_seeds_differ() {
    assert_ne!(fresh_seed().unwrap(), fresh_seed().unwrap());
}

/// The same starts and nearly the same ends as the native engine: numbers printed by
/// `guidance-playground sample --particles 3 --seed 7 --trajectory`.
#[wasm_bindgen_test]
fn native_and_wasm_agree() {
    let core = Core::new(None).unwrap();
    let scheme = r#"{"main":"exact:A","guide":{"model":"exact","condition":"A","sigmaScale":1.1},"weight":3}"#;
    let sampler = sampler(&core, scheme, 3);
    assert_eq!(sampler.starts(0, 3).unwrap(), STARTS);
    for (here, native) in ends(&sampler).iter().zip(ENDS) {
        assert!((here - native).abs() < 1e-3, "{here} {native}");
    }
    assert_eq!((sampler.steps(), sampler.evaluations(32).unwrap(), sampler.noise_levels().len()), (32, 126, 33));
}

#[wasm_bindgen_test]
fn any_worker_can_take_any_piece() {
    let core = Core::new(None).unwrap();
    let whole = sampler(&core, r#"{"main":"exact:A"}"#, 200);
    assert!(whole.memory() == 0 && !whole.coupled());
    let starts = whole.starts(0, 200).unwrap();
    assert_eq!(whole.starts(150, 50).unwrap(), starts[300..]);
    let path = whole.advance(0, &starts, &mut [], 0, 3).unwrap();
    let piece = whole.advance(150, &starts[300..], &mut [], 0, 2).unwrap();
    assert_eq!(piece, [&path[300..400], &path[700..800]].concat());
    assert_eq!(whole.advance(150, &piece[100..], &mut [], 2, 1).unwrap(), path[1100..]);
    for thrown in [
        whole.starts(150, 51).unwrap_err(),
        whole.advance(0, &starts, &mut [], 31, 2).unwrap_err(),
        whole.advance(0, &starts, &mut [], usize::MAX, 2).unwrap_err(),
        whole.advance(1, &starts, &mut [], 0, 1).unwrap_err(),
        whole.advance(0, &starts[..3], &mut [], 0, 1).unwrap_err(),
        whole.advance(0, &starts, &mut [0.0], 0, 1).unwrap_err(),
        whole.evaluations(33).unwrap_err(),
    ] {
        assert_eq!(text(&thrown, "code"), "invalid");
    }
}

/// A piece needs to know what its particles carry, and which they are: the noise on the way is theirs.
#[wasm_bindgen_test]
fn memory_and_noise_go_with_a_piece() {
    let core = Core::new(None).unwrap();
    let scheme = r#"{"main":"exact:A","combination":{"momentum":{"strength":1,"rate":0.5}},"solver":"ancestral"}"#;
    let whole = sampler(&core, scheme, 200);
    assert!(whole.memory() == 4 && !whole.coupled());
    let starts = whole.starts(0, 200).unwrap();
    let path = whole.advance(0, &starts, &mut [0.0; 800], 0, 4).unwrap();
    let mut memory = vec![0.0; 200];
    let begun = whole.advance(150, &starts[300..], &mut memory, 0, 2).unwrap();
    assert!(memory.iter().any(|&m| m != 0.0));
    let forgetful = whole.advance(150, &begun[100..], &mut [0.0; 200], 2, 2).unwrap();
    let others = whole.advance(0, &begun[100..], &mut memory.clone(), 2, 2).unwrap();
    let ended = whole.advance(150, &begun[100..], &mut memory, 2, 2).unwrap();
    assert_eq!(ended[100..], path[1500..]);
    assert!(forgetful[100..] != path[1500..] && others[100..] != path[1500..]);
}

#[wasm_bindgen_test]
fn a_piece_of_coupled_particles_is_all_of_them() {
    let core = Core::new(None).unwrap();
    let scheme = r#"{"main":"exact:A","guide":{"model":"exact","condition":"AB"},"weight":2,"combination":{"feynmanKac":{"threshold":0.5}},
        "solver":"reverseSde"}"#;
    let whole = sampler(&core, scheme, 200);
    assert!(whole.memory() == 4 && whole.coupled());
    let starts = whole.starts(0, 200).unwrap();
    let path = whole.advance(0, &starts, &mut [0.0; 800], 0, 32).unwrap();
    let mut memory = [0.0; 800];
    let begun = whole.advance(0, &starts, &mut memory, 0, 20).unwrap();
    let ended = whole.advance(0, &begun[19 * 400..], &mut memory, 20, 12).unwrap();
    assert_eq!([begun, ended].concat(), path);
    let thrown = whole.advance(0, &starts[..200], &mut [0.0; 400], 0, 1).unwrap_err();
    assert_eq!(text(&thrown, "message"), "The number of coupled particles must be 200; it is 100.");
}

/// As the native test of this name.
#[wasm_bindgen_test]
fn a_guided_step_is_that_of_f64() {
    let mut models = Models::new();
    let networks = [("main-64-4096:A", MAIN), ("guide-32-0512:A", GUIDE)];
    for (name, bytes) in networks {
        models.add(name, Network::from_safetensors(bytes).unwrap());
    }
    let guide = Some(Guide::new(networks[1].0, 1.0));
    let scheme = Scheme { main: networks[0].0.into(), guide, weight: 3.0, solver: Solver::Euler, ..Scheme::default() };
    let sampler = cpu::Sampler::new(&RunConfig { scheme, seed: 7 }, &models).unwrap();
    let mut worst: f64 = 0.0;
    for step in (0..32).step_by(10) {
        let (sigma, next) = (sampler.sigmas()[step], sampler.sigmas()[step + 1]);
        let from = starts(models.mixture(Classes::A), sigma, 5, 0..96);
        let mut particles = sampler.begin(0, from.clone());
        sampler.advance(&mut particles, step..step + 1, 1);
        for (from, to) in from.iter().zip(particles.positions) {
            let x = Vector2::from(from.map(f64::from));
            let [s1, s0] = networks.map(|(name, _)| models.get(&name.into()).unwrap().evaluate(x, sigma).1);
            let along = -sigma * (next - sigma);
            let error = (Vector2::from(to.map(f64::from)) - x - along * (s0 + 3.0 * (s1 - s0))).norm();
            // A small score is a difference of parts of about 1/sigma, which are rounded too.
            let scores = 1e-5 * (3.0 * s1.norm() + 2.0 * s0.norm()) + 5.0 * 1e-7 / sigma;
            worst = worst.max(error / (along * scores + 1e-7 * x.norm()));
        }
    }
    assert!(worst < 1.0, "{worst} times what is allowed");
}

#[wasm_bindgen_test]
fn networks_load_and_guide() {
    let mut core = Core::new(None).unwrap();
    let scheme =
        r#"{"main":"main-64-4096:A","guide":{"model":"guide-32-0512","condition":"A","sigmaScale":1},"weight":3}"#;
    assert_eq!(core.missing_networks(object(scheme)).unwrap(), ["main-64-4096:A", "guide-32-0512:A"]);
    core.add_network("main-64-4096:A".into(), MAIN).unwrap();
    core.add_network("guide-32-0512:A".into(), GUIDE).unwrap();
    assert!(core.missing_networks(object(scheme)).unwrap().is_empty());
    let guided = sampler(&core, scheme, 1024);
    let plain = sampler(&core, r#"{"main":"main-64-4096:A","guide":null,"weight":1}"#, 1024);
    assert_eq!(guided.starts(0, 1024).unwrap(), plain.starts(0, 1024).unwrap());
    let (guided, plain) = (ends(&guided), ends(&plain));
    assert_ne!(guided, plain);
    let differences = core.differences(&guided, &plain).unwrap();
    let unpaired = core.differences(&guided, &plain[..1024]).unwrap_err();
    assert_eq!(text(&unpaired, "code"), "invalid");
    let (guided, plain) = (core.metrics(&guided).unwrap(), core.metrics(&plain).unwrap());
    for metric in ["outliers", "slicedWasserstein"] {
        let value = |of: &JsValue| number(of, &[metric, "value"]);
        assert_eq!(value(&differences), value(&guided) - value(&plain));
        // Of the same noise it is more certain than of two.
        let error = |of: &JsValue| number(of, &[metric, "standardError"]);
        assert!(error(&differences) < error(&guided).hypot(error(&plain)));
    }
    // Autoguidance removes outliers and loses branches: .07 against .11 and .25 against .06 in the networks' card.
    assert!(number(&guided, &["outliers", "value"]) < number(&plain, &["outliers", "value"]));
    assert!(
        number(&guided, &["branchTotalVariation", "value"]) > number(&plain, &["branchTotalVariation", "value"]) + 0.05
    );
    assert!((number(&plain, &["outliers", "floor", "mean"]) - 0.01).abs() < 0.005);
}

/// Metrics are of particles that are somewhere; where none is, there are none.
#[wasm_bindgen_test]
fn lost_particles_are_told() {
    let mut core = Core::new(None).unwrap();
    let nan = f32::NAN;
    let some = [0.45, 1.22, nan, 0.0, 0.13, 0.18, 2e9, 0.0];
    let (found, others) = (core.metrics(&some).unwrap(), core.metrics(&[0.45, 1.22, 0.13, 0.18]).unwrap());
    assert_eq!((number(&found, &["particles"]), number(&found, &["lost"])), (4.0, 2.0));
    assert_eq!(number(&others, &["lost"]), 0.0);
    for metric in ["outliers", "slicedWasserstein"] {
        assert_eq!(number(&found, &[metric, "value"]), number(&others, &[metric, "value"]));
    }
    assert_eq!(count_lost(&some).unwrap(), 2);
    assert_eq!(farthest(), 1e9);
    let facts = core.facts(&some).unwrap();
    assert!(
        facts[3..6].iter().chain(&facts[9..]).all(|fact| fact.is_nan()) && facts[0].is_finite() && facts[6].is_finite()
    );
    let nowhere = [nan; 6];
    for thrown in
        [core.metrics(&nowhere).unwrap_err(), core.coverage(&nowhere).unwrap_err(), count_lost(&nowhere).unwrap_err()]
    {
        assert_eq!(text(&thrown, "code"), "diverged");
        assert_eq!(text(&thrown, "message"), "Particle 0 left the range of numbers: 3 of 3 are lost.");
        assert_eq!(text(&thrown, "advice"), "Lower the weight or add steps.");
    }
    // What JSON has no number for is none of a scheme either.
    let thrown = core.sampler(object(r#"{"scheme":{"weight":1e999},"particles":1,"seed":1}"#)).err().unwrap();
    assert!(
        text(&thrown, "message").contains("scheme.weight: expected a finite number"),
        "{}",
        text(&thrown, "message")
    );
}

/// What the numbers mean is tested natively.
#[wasm_bindgen_test]
fn a_scheme_is_explained() {
    let mut core = Core::new(None).unwrap();
    core.add_network("main-64-4096:A".into(), MAIN).unwrap();
    core.add_network("guide-32-0512:A".into(), GUIDE).unwrap();
    let config = |interval: &str| {
        object(&format!(
            r#"{{"scheme":{{"main":"main-64-4096:A","guide":{{"model":"guide-32-0512","condition":"A"}},"weight":3{interval}}},"particles":1,"seed":1}}"#
        ))
    };
    let explanation = core.explanation(config(""), None).unwrap();
    assert!(explanation.weight(20).unwrap() == 3.0 && explanation.sigma(32).unwrap() == explanation.sigma(31).unwrap());
    let values = explanation.at(20, &[0.45, 1.22, 0.13, 0.18]).unwrap();
    assert_eq!(values.len(), 22);
    let models = {
        let mut models = Models::new();
        models.add("main-64-4096:A", Network::from_safetensors(MAIN).unwrap());
        models
    };
    let sigma = explanation.sigma(20).unwrap();
    let exact = models.get(&"main-64-4096:A".into()).unwrap().evaluate(Vector2::new(0.13, 0.18), sigma).1;
    assert!((f64::from(values[12]) - exact.x).hypot(f64::from(values[13]) - exact.y) < 1e-4 * exact.norm());
    let level = core.explanation(config(""), Some(sigma)).unwrap();
    assert_eq!((level.sigma(0).unwrap(), level.at(0, &[0.45, 1.22, 0.13, 0.18]).unwrap()), (sigma, values));
    for thrown in [
        core.explanation(config(""), Some(0.0)).err().unwrap(),
        explanation.at(33, &[0.0, 0.0]).unwrap_err(),
        explanation.at(0, &[0.0]).unwrap_err(),
        explanation.weight(33).unwrap_err(),
        core.explanation(config(r#","interval":{"low":2,"high":1}"#), None).err().unwrap(),
    ] {
        assert_eq!(text(&thrown, "code"), "invalid");
    }
    let outside = core.explanation(config(r#","interval":{"low":0.1,"high":1}"#), None).unwrap();
    assert_eq!(outside.weight(0).unwrap(), 1.0);
}

#[wasm_bindgen_test]
fn some_particles_are_traced() {
    let core = Core::new(None).unwrap();
    let scheme = r#"{"main":"exact:A","guide":{"model":"exact","condition":"AB"},"weight":2,"solver":"ancestral","interval":{"low":0.1,"high":1}}"#;
    let whole = sampler(&core, scheme, 200);
    let path = whole.advance(0, &whole.starts(0, 200).unwrap(), &mut [], 0, 32).unwrap();
    let traced = whole.trace(&[150, 3]).unwrap();
    assert_eq!(traced.len(), 2 * 2 * 33);
    for (particle, traced) in [150, 3].into_iter().zip(traced.chunks(66)) {
        assert!((0..32).all(|step| traced[2 * step + 2..][..2] == path[400 * step + 2 * particle..][..2]));
    }
    assert_eq!(
        text(&whole.trace(&[200]).unwrap_err(), "message"),
        "The last particle must be at most 200; it is 200 + 1."
    );
    let weights = whole.weights();
    for (weight, sigma) in weights.iter().zip(whole.noise_levels()) {
        assert_eq!(*weight, if 0.1 < sigma && sigma <= 1.0 { 2.0 } else { 1.0 });
    }
    assert_eq!(weights.len(), 32);
}

#[wasm_bindgen_test]
fn branches_and_samples_on_them_are_told() {
    let mut core = Core::new(None).unwrap();
    let branches = core.branches();
    assert_eq!(branches.len(), 127 * 12);
    let (trunk, child) = (&branches[..12], &branches[12..24]);
    assert!((trunk[0] - 0.257).abs() < 1e-3 && trunk[1] == 0.0 && child[1] == 1.0);
    for axis in [0, 1] {
        assert!((trunk[10 + axis] - child[2 + axis]).abs() < 1e-12);
    }
    let middle = [0, 1].map(|axis| 0.5 * (child[2 + axis] + child[10 + axis]));
    let facts = core.facts(&middle.map(|x| x as f32)).unwrap();
    assert!(facts[0] > 0.0 && facts[1..] == [1.0, 1.0], "{facts:?}");
    let positions = ends(&sampler(&core, r#"{"main":"exact:A"}"#, 1024));
    let coverage = core.coverage(&positions).unwrap();
    assert_eq!(coverage.len(), 254);
    // What a perfect sampler errs by, and a little for 32 steps: the largest of 127 deviations.
    for (branch, (share, error)) in coverage.iter().zip(&coverage[127..]).enumerate() {
        let mass = branches[12 * branch];
        assert!((share - mass).abs() < 6.0 * error, "{branch}: {share} {mass} {error}");
    }
    assert_eq!(text(&core.facts(&[1.0]).unwrap_err(), "code"), "invalid");
}

#[wasm_bindgen_test]
fn the_outline_holds_the_trunk() {
    let core = Core::new(None).unwrap();
    let level = core.outline_level("A").unwrap();
    let grid = core.log_density("A", 0.0, core.overview(), 64, 64).unwrap();
    // Rows run downwards: the cell of the trunk, (.13, .18), lies left of and below the middle, (.30, .30).
    let cell = |x: f64, y: f64| grid[((1.5 - y) / 2.4 * 64.0) as usize * 64 + ((x + 0.9) / 2.4 * 64.0) as usize];
    assert!(f64::from(cell(0.13, 0.18)) > level && f64::from(cell(-0.8, 1.4)) < level);
}

/// As `JSON.stringify` would hand it over, but for numbers that JSON has not, and objects without an end.
#[wasm_bindgen_test]
fn objects_of_javascript_are_read_as_json() {
    let core = Core::new(None).unwrap();
    let config = |change: &dyn Fn(&JsValue)| {
        let config = object(r#"{"scheme":{"main":"exact:A","guide":null},"particles":9,"seed":9007199254740991}"#);
        change(&config);
        core.sampler(config).map_err(|thrown| text(&thrown, "message"))
    };
    let set = |object: &JsValue, key: &str, value: &JsValue| Reflect::set(object, &key.into(), value).unwrap();
    assert!(config(&|config| assert!(set(&get(config, "scheme"), "solver", &JsValue::UNDEFINED))).is_ok());
    for (key, value, problem) in [
        ("weight", f64::NAN.into(), "scheme.weight: expected a finite number"),
        ("weight", 0.5.into(), "The weight of a scheme without a guide must be 1; it is 0.5."),
        ("levels", object(r#"{"steps":2.5}"#), "scheme.levels.steps: expected an integer from 0 to 4294967295"),
    ] {
        let message = config(&|config| assert!(set(&get(config, "scheme"), key, &value))).err().unwrap();
        assert!(message.contains(problem), "{message}");
    }
    let message = config(&|config| assert!(set(config, "seed", &2f64.powi(53).into()))).err().unwrap();
    assert!(message.contains("seed: expected an integer from 0 to 9007199254740991"), "{message}");
    let message = config(&|config| assert!(set(config, "scheme", config))).err().unwrap();
    assert!(message.contains("nested too deeply"), "{message}");
}

#[wasm_bindgen_test]
fn what_fails_says_so() {
    let mut core = Core::new(None).unwrap();
    let thrown = core.add_network("mine".into(), &MAIN[..1000]).unwrap_err();
    assert_eq!(text(&thrown, "code"), "weights");
    assert!(text(&thrown, "message").contains("safetensors") && text(&thrown, "advice").contains("layers.0.weight"));

    let refused = |config: &str| core.sampler(object(config)).err().unwrap();
    let thrown = refused(r#"{"scheme":{"main":"exact:A","levels":{"steps":1}},"particles":10,"seed":1}"#);
    assert_eq!(text(&thrown, "message"), "The number of steps must be between 2 and 1024; it is 1.");
    let thrown = refused(r#"{"scheme":{"main":"exact:A"},"particles":0,"seed":1}"#);
    assert_eq!(text(&thrown, "code"), "invalid");
    let thrown = refused(r#"{"scheme":{"main":"exact:A","solver":"rk4"},"particles":9,"seed":1}"#);
    assert!(text(&thrown, "message").contains("rk4"));
    let thrown = refused(r#"{"scheme":{"main":"exact:A"},"particles":9,"seed":1,"sead":1}"#);
    assert!(text(&thrown, "message").contains("sead"));
    let thrown = refused(r#"{"scheme":{"main":"main-64-4096:A"},"particles":9,"seed":1}"#);
    assert_eq!(text(&thrown, "code"), "unknown-model");
}

/// Another distribution: its own models, branches without depth, and no network that knows it not.
#[wasm_bindgen_test]
fn toys_have_cores() {
    let mut core = Core::new(Some("two-moons".to_owned())).unwrap();
    let branches = core.branches();
    assert!(branches.len() == 8 * 12 && branches[1].is_nan(), "{branches:?}");
    // All points of the first moon's branches are about as far from its centre, (-.03, .135).
    for point in branches.chunks(12).flat_map(|branch| branch[2..].chunks(2)) {
        assert!(((point[0] + 0.03).hypot(point[1] - 0.135) - 0.66).abs() < 0.01, "{point:?}");
    }
    let facts = core.facts(&[0.3, 0.8]).unwrap();
    assert!(facts.len() == 3 && facts[2].is_nan(), "{facts:?}");
    let networks = object(r#"{"main":"main-64-4096:A"}"#);
    assert_eq!(core.missing_networks(networks.clone()).unwrap(), ["main-64-4096:A"]);
    core.add_network("main-64-4096:A".into(), MAIN).unwrap();
    assert!(core.missing_networks(networks).unwrap().is_empty());
    let config = object(r#"{"scheme":{"main":"main-64-4096:A"},"particles":3,"seed":1}"#);
    let thrown = core.sampler(config).err().unwrap();
    assert_eq!(text(&thrown, "code"), "other-data");
    assert!(text(&thrown, "message").contains("knows nothing of two-moons"));
    assert_eq!(text(&Core::new(Some("tree-02".to_owned())).err().unwrap(), "code"), "invalid");
}
