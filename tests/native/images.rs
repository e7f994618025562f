//! The image world: its exact model beside one by brute force (tests/reference/images.py), and the prompts that it reads.

use flate2::read::GzDecoder;
use guidance_playground::images::{Asked, Exact, NUMBERS, Picture, Prompt, Subject, World};
use serde::Deserialize;
use std::io::Read;
use std::sync::LazyLock;

static BYTES: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut bytes = Vec::new();
    GzDecoder::new(&include_bytes!("../../sprites/sprites.safetensors.gz")[..]).read_to_end(&mut bytes).unwrap();
    bytes
});
pub static WORLD: LazyLock<World> = LazyLock::new(|| World::new(&BYTES).unwrap());

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Case {
    prompt: String,
    sigma: f64,
    start: usize,
    pictures: usize,
    log_density: f64,
    denoised: Vec<f64>,
    score: Vec<f64>,
    nearest: [String; 3],
    distance: f64,
}

#[derive(Deserialize)]
struct Reference {
    mean: [f64; 3],
    deviation: f64,
    cases: Vec<Case>,
}

static REFERENCE: LazyLock<Reference> =
    LazyLock::new(|| serde_json::from_str(include_str!("../data/images.json")).unwrap());

/// Those that the reference keeps.
fn every(numbers: &[f64]) -> impl Iterator<Item = &f64> {
    numbers.iter().step_by(307)
}

#[test]
fn the_exact_model_is_that_of_brute_force() {
    for case in &REFERENCE.cases {
        let read = WORLD.read(&case.prompt).unwrap();
        assert_eq!(read.unknown, []);
        let (picture, _) = WORLD.pictures().filter(|(p, _)| read.prompt.allows(*p)).nth(case.start).unwrap();
        let mut x = WORLD.data(picture).unwrap();
        for (i, x) in x.iter_mut().enumerate() {
            let i = i as f64;
            *x += case.sigma * 2f64.sqrt() * (0.37 * i + 0.0011 * i * i).sin();
        }
        let exact = Exact::new(&WORLD, read.prompt).unwrap();
        assert_eq!(exact.pictures(), case.pictures);
        let value = exact.evaluate(&x, case.sigma);
        let what = format!("{} {}", case.prompt, case.sigma);
        assert!((value.log_density - case.log_density).abs() < 1e-9 * case.log_density.abs(), "{what}");
        assert!(every(&value.denoised).zip(&case.denoised).all(|(a, b)| (a - b).abs() < 1e-9), "{what}");
        assert!(every(&value.score).zip(&case.score).all(|(a, b)| (a - b).abs() < 1e-8 * (1.0 + b.abs())), "{what}");
        let (nearest, distance) = exact.nearest(&x);
        let style = WORLD.styles().nth(nearest.style).unwrap();
        let background = WORLD.backgrounds().nth(nearest.background).unwrap();
        assert_eq!(
            [&*WORLD.name(nearest.subject), style, background],
            case.nearest.each_ref().map(String::as_str),
            "{what}"
        );
        assert!((distance - case.distance).abs() < 1e-9 * case.distance, "{what}");
    }
}

#[test]
fn pictures_have_their_shares_and_their_mean() {
    let shares: f64 = WORLD.pictures().map(|(_, share)| share).sum();
    assert!((shares - 1.0).abs() < 1e-12 && WORLD.pictures().count() == (48 * 5 * 2 + 35 * 5 + 5 * 3) * 6);
    // Half a million terms, one after the other, round to some 1e-12.
    assert!(WORLD.mean().iter().zip(&REFERENCE.mean).all(|(a, b)| (a - b).abs() < 1e-10));
    assert!((WORLD.deviation() - REFERENCE.deviation).abs() < 1e-10);
    assert_eq!(WORLD.data(Picture { subject: Subject::Concept(48), style: 0, placement: 0, background: 0 }), None);
}

/// What the posterior mean is, by Tweedie's formula: x + sigma^2 times the slope of the log-density.
#[test]
fn scores_are_slopes_of_the_density() {
    let exact = Exact::new(&WORLD, WORLD.read("rocket").unwrap().prompt).unwrap();
    let x: Vec<f64> = (0..NUMBERS).map(|i| (0.7 * i as f64).cos()).collect();
    let value = exact.evaluate(&x, 4.0);
    for i in [0, 1000, 3071] {
        let at = |step: f64| {
            let mut moved = x.clone();
            moved[i] += step;
            exact.evaluate(&moved, 4.0).log_density
        };
        assert!(((at(1e-3) - at(-1e-3)) / 2e-3 - value.score[i]).abs() < 1e-6);
    }
}

#[test]
fn prompts_are_read_in_any_words() {
    let name = |text: &str| WORLD.words(WORLD.read(text).unwrap().prompt);
    for (text, read) in [
        ("", ""),
        ("rocket", "rocket"),
        ("A photograph of Two? Rockets", "rocket"),
        ("on a NIGHT background, a fluent cherry", "fluent cherries on a night background"),
        ("twemoji-style buses", "twemoji bus"),
        ("strawberries", "strawberry"),
        ("cat cat", "cat"),
    ] {
        assert_eq!(name(text), read, "{text}");
    }
    let words = WORLD.read("a rokcet in the sky by moonlight").unwrap();
    assert_eq!(WORLD.words(words.prompt), "on a sky background");
    assert_eq!((words.unknown[0].0.as_str(), words.unknown[0].1[0].as_str()), ("rokcet", "rocket"));
    let long = WORLD.read(&"rokcet ".repeat(200)).unwrap_err().to_string();
    assert!(long.contains("at most 1000 bytes"), "{long}");
    let two = WORLD.read("a cat and a dog").unwrap_err().to_string();
    assert!(two.contains("one concept"), "{two}");
    // Every name is read as itself, in the plural too.
    for (i, concept) in WORLD.concepts().enumerate() {
        for form in [concept.to_owned(), format!("{concept}s")] {
            let expected = Prompt { subject: Asked::Concept(i), ..Prompt::default() };
            assert_eq!(WORLD.read(&form).unwrap().prompt, expected, "{form}");
        }
    }
}

#[test]
fn riders_and_mounts_are_read() {
    let name = |text: &str| WORLD.words(WORLD.read(text).unwrap().prompt);
    for (text, read) in [
        ("A photograph of an astronaut riding a horse", "astronaut riding horse"),
        ("astronauts", "astronaut riding"),
        ("riding a turtle in the sky, noto", "noto riding turtle on a sky background"),
        ("a cat rides the rocket", "cat riding rocket"),
        ("horse", "horse"),
    ] {
        assert_eq!(name(text), read, "{text}");
    }
    let refused = |text: &str| WORLD.read(text).unwrap_err().to_string();
    assert!(refused("a horse riding an astronaut").contains("cat, frog, panda"));
    assert!(refused("a cat riding a cow").contains("horse, whale"));
    assert!(refused("riding").contains("a rider or a mount"));
    assert!(refused("an emojione astronaut").contains("no picture"));
    let unseen: Vec<String> = (WORLD.pictures().map(|(p, _)| p.subject).collect::<std::collections::BTreeSet<_>>())
        .into_iter()
        .filter(|subject| !WORLD.is_seen(*subject))
        .map(|subject| WORLD.name(subject))
        .collect();
    assert!(unseen.len() == 5 && unseen.contains(&"astronaut riding horse".to_owned()), "{unseen:?}");
}

#[test]
fn files_that_hold_no_world_are_refused_in_a_sentence() {
    let refused = |bytes: &[u8]| World::new(bytes).err().unwrap().to_string();
    assert!(refused(&BYTES[..BYTES.len() - 1]).contains("complete safetensors file"));
    assert!(refused(include_bytes!("../data/network-16.safetensors")).contains("description of the world"));
    let renamed = |from: &str, to: &str| {
        let at = BYTES.windows(from.len()).position(|w| w == from.as_bytes()).unwrap();
        let mut bytes = BYTES.clone();
        bytes[at..at + to.len()].copy_from_slice(to.as_bytes());
        refused(&bytes)
    };
    assert!(renamed("dog/noto", "dog/nato").contains("known style"));
    assert!(renamed("[240,22,22,4]", "[240,22,44,2]").contains("fit into a picture"));
}
