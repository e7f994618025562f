//! Addresses of the page, read without it, against what the page makes of them: www/state/page-file.test.ts writes both sides.

use crate::command::{bad, folder, good};
use crate::images::WORLD;
use guidance_playground::address::{Configuration, ImagesConfiguration, is_text, of_panel, read, read_images};
use guidance_playground::guidance::Scheme;
use guidance_playground::images::{self, World};
use guidance_playground::plane::catalogue;
use guidance_playground::plane::distribution::Distribution;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::RngSeed;
use serde::Deserialize;
use serde_json::Value;
use std::fs;
use std::sync::LazyLock;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    #[serde(default)]
    lab: String,
    #[serde(default)]
    state: String,
    /// Of each panel what it runs, a scheme on the plane without what is as in no guidance; none where the page leaves something out.
    runs: Option<Vec<Value>>,
    /// Instead of a state and its runs a scheme as it is copied, and what it is.
    copied: Option<String>,
    scheme: Option<Value>,
}

static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| {
    // A larger file of the same kind, made by `GUIDANCE_TRIES=10000 npm run test:unit`, may stand in.
    let path = std::env::var("GUIDANCE_ADDRESSES").unwrap_or_else(|_| "tests/data/addresses.json".to_owned());
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
});

/// As a text that is read.
fn text(row: &Row) -> String {
    if let Some(copied) = &row.copied {
        return copied.clone();
    }
    let whole = row.state.contains("://") || row.state.starts_with('#');
    if whole { row.state.clone() } else { format!("#{}", row.state) }
}

fn panels_of_the_plane(runs: &[Value]) -> Option<Vec<Configuration>> {
    let read = |run: &Value| {
        let found: Configuration = serde_json::from_value(run.clone()).ok()?;
        found.distribution.as_ref()?.parse::<Distribution>().ok().map(|_| found)
    };
    runs.iter().map(read).collect()
}

/// With their prompts as they are known.
fn panels_of_pictures(runs: &[Value], world: &World) -> Option<Vec<ImagesConfiguration>> {
    let read = |run: &Value| {
        let scheme: images::Scheme = serde_json::from_value(run["scheme"].clone()).ok()?;
        let prompt = world.words(world.prompt(run["prompt"].as_str()?).ok()?);
        Some(ImagesConfiguration {
            scheme,
            seed: run["seed"].as_u64(),
            pictures: run["pictures"].as_u64(),
            prompt: Some(prompt),
        })
    };
    runs.iter().map(read).collect()
}

#[test]
fn addresses_are_read_as_the_page_reads_them() {
    let world = &*WORLD;
    let known = |run: ImagesConfiguration| {
        let prompt = run.prompt.as_deref().map(|prompt| world.words(world.prompt(prompt).unwrap()));
        ImagesConfiguration { prompt, ..run }
    };
    let [mut good, mut bad] = [0, 0];
    for row in ROWS.iter().filter(|row| row.copied.is_none()) {
        let text = text(row);
        // No page writes such an end.
        if of_panel(&text).1.is_some() {
            continue;
        }
        assert!(is_text(&text), "{text}");
        let runs = row.runs.as_deref();
        let found = if row.lab == "images" {
            let expected = runs.and_then(|runs| panels_of_pictures(runs, world));
            let found = read_images(&text);
            let found = found.map(|found| found.into_iter().map(known).collect::<Vec<_>>());
            assert_eq!(found.as_ref().ok(), expected.as_ref(), "{text}: {found:?}");
            found.map(|_| ())
        } else {
            let expected = runs.and_then(panels_of_the_plane);
            let found = read(&text);
            assert_eq!(found.as_ref().ok(), expected.as_ref(), "{text}: {found:?}");
            found.map(|_| ())
        };
        match found {
            Ok(()) => good += 1,
            Err(error) => {
                assert_eq!(error.code(), "address");
                assert!(error.to_string().ends_with('.') && error.advice().contains("link"), "{error}");
                bad += 1;
            }
        }
    }
    assert!(good > 150 && bad > 150, "{good} and {bad}");
}

#[test]
fn a_scheme_that_was_copied_is_the_one_that_ran() {
    for row in ROWS.iter() {
        let (Some(text), Some(scheme)) = (&row.copied, &row.scheme) else { continue };
        if row.lab == "images" {
            let expected: images::Scheme = serde_json::from_value(scheme.clone()).unwrap();
            let found = read_images(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!((found.len(), &found[0].scheme, found[0].seed), (1, &expected, None), "{text}");
        } else {
            let expected: Scheme = serde_json::from_value(scheme.clone()).unwrap();
            if text.starts_with('{') {
                // As files have it; whether it makes sense is another matter.
                let described = serde_json::from_str(text).map(catalogue::current);
                assert_eq!(described.unwrap().unwrap(), expected, "{text}");
                continue;
            }
            let found = read(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(found, [Configuration { scheme: expected, ..Configuration::default() }], "{text}");
        }
    }
}

/// What addresses can be spoiled with.
const PIECES: [&str; 24] = [
    "", "=", "&", ",", "~", ":", ".", "%", "{", "[", "]", "}", "\"", "\\", "#", "#2", "?", "null", "1e999", "%zz",
    "😀", "~foo:1", "\u{0}", "9",
];

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 10_000, failure_persistence: None, rng_seed: RngSeed::Fixed(7), ..ProptestConfig::default()
    })]

    #[test]
    fn spoiled_addresses_are_read_without_harm(
        row: Index,
        spoils in prop::collection::vec((any::<Index>(), 0..8usize, select(&PIECES[..])), 1..5),
        lab in select(&["", "v=1&", "lab=images&", "{", "https://a.b/?schemes="][..]),
    ) {
        let mut text = text(&ROWS[row.index(ROWS.len())]);
        for (place, length, piece) in spoils {
            let letters: Vec<char> = text.chars().collect();
            let from = place.index(letters.len() + 1);
            let behind = letters.iter().skip(from + length);
            text = letters[..from].iter().copied().chain(piece.chars()).chain(behind.copied()).collect();
        }
        text.insert_str(0, lab);
        for error in [read(&text).err(), read_images(&text).err()].into_iter().flatten() {
            prop_assert!(!error.to_string().is_empty());
        }
        if let Ok(found) = read(&text) {
            prop_assert!((1..=6).contains(&found.len()));
        }
    }
}

#[test]
fn an_address_has_panels_and_schemes_alone_have_nothing_else() {
    let address = "https://example.org/play/#v=1&schemes=none,ht-1.10~weight:2&seed=7&particles=512";
    let all = read(address).unwrap();
    assert_eq!(all.len(), 2);
    assert_eq!((all[1].seed, all[1].particles, all[1].distribution.as_deref()), (Some(7), Some(512), Some("tree-2")));
    assert_eq!(all[1].scheme.weight, 2.0);
    assert_eq!(read(&format!("{address}#2")).unwrap(), all[1..]);
    let error = read(&format!("{address}#3")).unwrap_err().to_string();
    assert_eq!(error, "There is no panel 3: it has 2.");
    let alone = read("ht-1.10~weight:2~levels.steps:8").unwrap();
    assert_eq!((alone[0].scheme.weight, alone[0].scheme.levels.steps, alone[0].seed), (2.0, 8, None));
    let refused = |text: &str| read(text).unwrap_err().to_string();
    assert_eq!(
        refused("#v=1&schemes=none~foo:1&seed=x&bar=1"),
        "The address asks for schemes that cannot be had: a scheme has no field “foo”. The address asks for seed that cannot be had: \
         the seed has to be a whole number from 0 to 9007199254740991. The address also has what is not known here: bar."
    );
    assert_eq!(refused("v=2&schemes=none"), "The address was written by another version of the page (2).");
    assert_eq!(refused("lab=images"), "The address is of the lab images, and not of plane.");
}

#[test]
fn the_command_runs_what_an_address_shows() {
    let address = "https://example.org/play/?engine=cpu#v=1&distribution=two-moons&schemes=none,autoguidance~weight:2&seed=7\
        &particles=512&levels=~steps:8&view=0,0,1";
    let second = format!("{address}#2");
    let sampled = good(&["sample", "--scheme", &second]);
    assert_eq!(sampled.lines().count(), 513);
    // The exact models that the page puts in place of networks, said at length.
    let by_hand =
        "none~guide:{\"model\":\"exact\",\"condition\":\"A\",\"sigmaScale\":1.1}~weight:2~main:exact:A~levels.steps:8";
    let same = ["sample", "--data", "two-moons", "--scheme", by_hand, "--seed", "7", "--particles", "512"];
    assert_eq!(good(&same), sampled);
    let other = good(&["sample", "--scheme", &second, "--seed", "8", "--particles", "9"]);
    assert_eq!(other.lines().count(), 10);
    let described = ["--scheme", r#"{"guide":{"model":"exact:AB"},"main":"exact:A","weight":2}"#, "--particles", "3"];
    assert_eq!(good(&[&["sample"], &described[..]].concat()).lines().count(), 4);
    let words = bad(&["sample", "--scheme", address]);
    assert!(words.contains("has 2 panels") && words.contains("#1 to #2 behind it"), "{words}");
    let words = bad(&["sample", "--scheme", "#v=1&schemes=none~weight:x"]);
    assert!(words.contains("“weight” of a scheme cannot be \"x\"") && words.contains("docs/state.md"), "{words}");
    let words = bad(&["compare", "none", &second, "--particles", "512", "--seeds", "1"]);
    assert!(words.contains("Give --data two-moons."), "{words}");
    let rows = good(&["compare", &second, "--data", "two-moons", "--particles", "512", "--seeds", "1"]);
    assert!(rows.contains("\n…") && rows.contains("&view=0,0,1#2 "), "{rows}");
    let folder = folder("addresses");
    let out = folder.join("grid.jsonl");
    let base = "ht-1.10~levels.steps:8";
    good(&["sweep", base, "--over", "w=1,2", "--particles", "512", "--seeds", "1", "--out", out.to_str().unwrap()]);
    assert_eq!(fs::read_to_string(out).unwrap().lines().count(), 2);
}

#[test]
fn the_command_draws_what_an_address_shows() {
    let folder = folder("addresses-images");
    let at = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    let [first, second] = ["one.npy", "two.npy"].map(at);
    let address = "https://example.org/#v=1&lab=images&prompt=rocket&pictures=4&seed=3&schemes=none,cfg4~weight:2&levels=~steps:2#2";
    good(&["image", "--scheme", address, "--out", &first]);
    let by_hand = ["--prompt", "rocket", "--images", "4", "--seed", "3", "--scheme", "cfg4~weight:2~levels.steps:2"];
    good(&[&["image"], &by_hand[..], &["--out", &second]].concat());
    assert_eq!(fs::read(first).unwrap(), fs::read(second).unwrap());
    let words = bad(&["image", "--scheme", "#v=1&schemes=none"]);
    assert!(words.contains("of the lab plane, and not of images"), "{words}");
}
