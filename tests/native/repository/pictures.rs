//! The table of pictures: every row makes sense, and it is of the networks, the world and the report that there are; prompts as the
//! page is to read them.

use super::generated::renew;
use super::in_repository;
use crate::images::WORLD;
use guidance_playground::guidance::{Combination, Degradation, Guide, ModelName, Noise};
use guidance_playground::images::catalogue::{
    ANYTHING, Catalogue, MAIN, REFUSED, catalogue, named, networks, proposal,
};
use guidance_playground::images::engine::{Models, RunConfig, Sampler};
use guidance_playground::images::study::experiments;
use guidance_playground::images::{Asked, Scheme};
use guidance_playground::plan::Plan;
use guidance_playground::plane::catalogue as plane;
use guidance_playground::sampling::Solver;
use safetensors::SafeTensors;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

static TABLE: LazyLock<Catalogue> = LazyLock::new(|| catalogue(&WORLD));

/// Kinds and presets.
fn rows() -> Vec<(String, Scheme)> {
    let kinds = TABLE.schemes.iter().map(|row| (row.id.to_owned(), row.scheme.clone()));
    kinds.chain(TABLE.presets.iter().map(|row| (row.id.clone(), row.scheme.clone()))).collect()
}

fn ships(name: &ModelName) -> bool {
    name.model == "exact" || networks().iter().any(|network| network.model == name.model)
}

#[test]
fn every_row_makes_sense_and_ships() {
    let all = rows();
    for (id, scheme) in &all {
        scheme.validate().unwrap_or_else(|e| panic!("{id}: {e}"));
        Plan::new(&scheme.guidance).unwrap();
        assert_eq!(named(id).as_ref(), Some(scheme), "{id}");
        assert!(scheme.models().iter().all(ships), "{id}");
        for condition in scheme.models().into_iter().filter_map(|name| name.condition) {
            WORLD.prompt(&condition).unwrap();
        }
        let text = serde_json::to_string(scheme).unwrap();
        assert_eq!(&serde_json::from_str::<Scheme>(&text).unwrap(), scheme, "{id}");
        // What stands in an address is parted by these.
        assert!(!id.contains([' ', ',', '~', ':']), "{id}");
    }
    assert_eq!(all.iter().map(|row| &row.0).collect::<BTreeSet<_>>().len(), all.len());
    assert_eq!(all.iter().filter(|(_, scheme)| *scheme == all[0].1).count(), 1);
    assert!(named("nonsense").is_none());
}

#[test]
fn controls_lead_to_numbers_that_are_accepted() {
    let variants = [
        &TABLE.schedules,
        &TABLE.readings,
        &TABLE.combinations,
        &TABLE.spaces,
        &TABLE.solvers,
        &TABLE.spacings,
        &TABLE.options,
    ];
    let of_parts = variants.into_iter().flatten().map(|row| (row.id.as_str(), row.value.clone(), &row.parameters));
    let of_kinds = TABLE.schemes.iter().map(|row| (row.id, json!(row.scheme), &row.parameters));
    let mut levels = json!(Scheme::default());
    levels["interval"] = json!({ "low": 0.5, "high": 5.0 });
    let of_levels = [("levels", levels.clone(), &TABLE.levels), ("interval", levels, &TABLE.interval)];
    for (id, value, controls) in of_parts.chain(of_kinds).chain(of_levels) {
        for control in controls {
            let number = value.pointer(&control.path).and_then(Value::as_f64);
            let p = control.parameter;
            assert_eq!(number, Some(p.default), "{id} {}", control.path);
            assert!(p.least <= p.from && p.from < p.to && p.to <= p.greatest, "{id} {}", control.path);
            assert!(p.from <= p.default && p.default <= p.to, "{id} {}", control.path);
        }
    }
}

#[test]
fn guides_that_are_offered_can_be_the_guide() {
    for kind in &TABLE.schemes {
        for guide in &kind.guides {
            let name = ModelName::from(guide.as_str());
            assert!(ships(&name), "{guide}");
            assert!(name.condition.as_deref().is_none_or(|condition| condition == ANYTHING));
            let mut scheme = kind.scheme.clone();
            scheme.guidance.guide = scheme.guidance.guide.map(|own| own.named(name));
            scheme.validate().unwrap();
        }
        let own = kind.scheme.guidance.guide.as_ref().map(|guide| guide.name().to_string());
        let repeated = own.as_deref() == Some(MAIN) && kind.guides.is_empty();
        assert!(repeated || own.is_none_or(|own| kind.guides.contains(&own)), "{}", kind.id);
    }
}

/// What a run of these models says.
fn refusal(change: impl FnOnce(&mut Scheme)) -> String {
    let mut scheme = named("cfg").unwrap();
    scheme.guidance.main = "exact".into();
    scheme.guidance.guide = Some(Guide::new("exact:anything", 1.0));
    change(&mut scheme);
    let config = RunConfig { scheme, prompt: "rocket".to_owned(), seed: 0 };
    let models = Models::new(Arc::new(WORLD.clone()));
    Sampler::new(&config, &models).err().map(|error| error.to_string()).unwrap_or_default()
}

#[test]
fn what_is_refused_is_refused_by_the_engine_and_all_else_of_the_plane_is_here() {
    let table = plane::catalogue();
    let has = |id: &str| TABLE.schemes.iter().any(|kind| kind.id == id);
    let refused = |id: &str| REFUSED.iter().any(|row| row.id == id);
    for kind in &table.schemes {
        let here = if kind.id == "classifier-free" { "cfg" } else { kind.id };
        assert_ne!(has(here), refused(kind.id), "{}", kind.id);
    }
    for rule in &table.combinations {
        assert_ne!(TABLE.combinations.iter().any(|row| row.id == rule.id), refused(&rule.id), "{}", rule.id);
    }
    for row in &REFUSED {
        let kind = table.schemes.iter().find(|kind| kind.id == row.id).map(|kind| kind.name);
        let rule = table.combinations.iter().find(|rule| rule.id == row.id).map(|rule| rule.name);
        assert_eq!(kind.or(rule), Some(row.name), "{}", row.id);
        assert!(row.reason.ends_with('.'));
    }
    assert_eq!(refusal(|_| {}), "");
    let guide = |change: fn(&mut Guide)| refusal(|scheme| scheme.guidance.guide.iter_mut().for_each(change));
    let tails = guide(|guide| guide.noise = Noise::StudentT { degrees_of_freedom: 4.0 });
    assert!(tails.contains("under Gaussian noise"), "{tails}");
    let fewer = guide(|guide| {
        guide.model = MAIN.to_owned();
        guide.degradation = Degradation::Dropout { rate: 0.1, seed: 1 };
    });
    assert!(fewer.contains("of the plane only"), "{fewer}");
    let weighted = refusal(|scheme| {
        (scheme.guidance.combination, scheme.guidance.solver) =
            (Combination::FeynmanKac { threshold: 0.5 }, Solver::ReverseSde);
    });
    assert!(weighted.contains("do not depend on each other"), "{weighted}");
}

#[test]
fn networks_are_what_their_files_say() {
    let folder = in_repository("weights/images");
    let mut files: Vec<String> = std::fs::read_dir(&folder)
        .unwrap()
        .filter_map(|file| file.unwrap().file_name().to_str()?.strip_suffix(".safetensors").map(str::to_owned))
        .collect();
    for network in networks() {
        let bytes = std::fs::read(folder.join(format!("{}.safetensors", network.name))).unwrap();
        assert_eq!(bytes.len(), network.bytes, "{}", network.name);
        let metadata = SafeTensors::read_metadata(&bytes).unwrap().1.metadata().clone().unwrap();
        assert_eq!(metadata["steps"], network.iterations.to_string(), "{}", network.name);
        assert_eq!(metadata["seed"], network.seed.to_string(), "{}", network.name);
        files.retain(|file| file != network.name);
    }
    assert!(files.is_empty(), "{files:?} are in no row");
}

#[test]
fn the_report_and_the_page_have_the_same_schemes() {
    let report = experiments();
    assert_eq!(report.len(), proposal().len());
    for experiment in report {
        assert!(rows().iter().any(|(_, scheme)| *scheme == experiment.scheme), "{}", experiment.id);
    }
}

/// Prompts in many words: every word, plurals, articles, any order, unknown words, contradictions, other scripts.
fn prompts() -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let words = &TABLE.vocabulary;
    let names = |list: &[guidance_playground::images::catalogue::Rider]| {
        list.iter().map(|rider| rider.name.clone()).collect::<Vec<_>>()
    };
    let (riders, mounts) = (names(&words.riders), names(&words.mounts));
    let backgrounds: Vec<&str> = words.backgrounds.iter().map(|background| background.name.as_str()).collect();
    for (i, concept) in words.concepts.iter().enumerate() {
        let (style, background) = (&words.styles[i % 5], backgrounds[i % backgrounds.len()]);
        let mut fewer = concept.clone();
        fewer.remove(i % concept.len());
        all.push(format!("a {concept}"));
        all.push(format!("{style} {concept}s, on the {background} background"));
        all.push(format!("On {background}: {}es drawn in {style} style", concept.to_uppercase()));
        all.push(format!("the {fewer} of a {concept}"));
    }
    for rider in &riders {
        for mount in &mounts {
            all.push(format!("a photograph of an {rider} riding a {mount}"));
        }
        for style in &words.styles {
            all.push(format!("{style} {rider}s riding"));
            all.push(format!("{rider} rides a rocket, {style}"));
        }
    }
    for background in &backgrounds {
        all.push(format!("anything on a {background} background"));
        all.push(format!("{background}s and white"));
        all.push(format!("dog cat {background}"));
    }
    for style in &words.styles {
        all.push(style.to_string());
        all.push(format!("noto {style} cherry"));
    }
    let others = [
        "",
        "   ",
        "a",
        "riding",
        "riding riding",
        "riding a horse",
        "horse riding",
        "astronaut",
        "astronauts riding",
        "jockey riding a horse",
        "a horse riding an astronaut",
        "an astronaut rode a dog",
        "cat cat",
        "cat cats",
        "cat dog",
        "cat riding cat",
        "cat cat riding whale",
        "cherry",
        "cherries",
        "berries",
        "strawberries",
        "bus",
        "buses",
        "busses",
        "grape",
        "grapes",
        "mouses",
        "tulipes",
        "pandas riding rockets",
        "rokcet",
        "rocket's",
        "rocket-guitar",
        "rocket/guitar",
        "rocket rocket guitar",
        "xyzzy",
        "a a a an the",
        "2 cats",
        "cat2",
        "½ cat",
        "catⅣ",
        "x²",
        "Ракета",
        "火箭",
        "ロケット",
        "로켓",
        "صاروخ",
        "טיל",
        "रॉकेट",
        "จรวด",
        "cafe\u{301} rocket",
        "CAFÉ",
        "İSTANBUL rocket",
        "ΣΊΣΥΦΟΣ",
        "straße",
        "rocket🚀",
        "👩‍🚀 riding 🐎",
        "🚀",
        "\u{202e}rocket\u{202c}",
        "rocket\u{200b}guitar",
        "ｒｏｃｋｅｔ",
        "𝓇ocket",
        "rocket\nnoto\tsky",
        "<b>rocket</b>",
        "\"rocket\"",
        "rocket; DROP TABLE",
        "%00rocket",
        "noto twemoji",
        "noto noto",
        "white night",
        "night nights",
        "sky rose",
        "rose",
        "roses",
        "on rose",
        "star on night",
        "a star in the night sky",
        "tree house",
        "a heart of stars",
        "icon of a car",
        "emoji train",
        "one apple",
        "style",
        "styles",
        "fxemoji astronaut riding a horse",
        "emojione astronaut",
        "noto astronaut riding a rocket on sand",
        "skull riding a whale on rose",
        "frog on a turtle",
        "frog riding",
        "ride a turtle",
        "alien rides",
        "elephant rides elephant",
        "monkey rides a monkey",
        "qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq",
        "s",
        "es",
        "ies",
        "y",
        "as",
        "catss",
        "cates",
        "caties",
    ];
    all.extend(others.map(str::to_owned));
    all
}

/// The same texts are read by www/images/prompt/prompt.ts, which is to say the same.
#[test]
fn prompts_are_read_as_the_page_is_to_read_them() {
    let words = &TABLE.vocabulary;
    let name = |list: &[String], place: Option<usize>| place.map(|i| list[i].clone());
    let riders: Vec<String> = words.riders.iter().map(|rider| rider.name.clone()).collect();
    let mounts: Vec<String> = words.mounts.iter().map(|rider| rider.name.clone()).collect();
    let backgrounds: Vec<String> = words.backgrounds.iter().map(|background| background.name.clone()).collect();
    let case = |text: &String| match WORLD.read(text) {
        Err(error) => json!({ "text": text, "refusal": error.to_string() }),
        Ok(read) => {
            let (concept, rider, mount) = match read.prompt.subject {
                Asked::Anything => (None, None, None),
                Asked::Concept(concept) => (Some(concept), None, None),
                Asked::Riding { rider, mount } => (None, rider, mount),
            };
            let unknown: Vec<Value> =
                read.unknown.iter().map(|(word, near)| json!({ "word": word, "near": near })).collect();
            json!({
                "text": text,
                "words": WORLD.words(read.prompt),
                "asked": {
                    "style": name(&words.styles, read.prompt.style),
                    "concept": name(&words.concepts, concept),
                    "rider": name(&riders, rider),
                    "mount": name(&mounts, mount),
                    "background": name(&backgrounds, read.prompt.background),
                },
                "unknown": unknown,
            })
        }
    };
    let cases: Vec<String> = prompts().iter().map(|text| case(text).to_string()).collect();
    assert!(cases.len() > 300);
    let text = format!("[\n{}\n]\n", cases.join(",\n"));
    let path = "tests/data/image-prompts.json";
    if std::fs::read_to_string(in_repository(path)).unwrap_or_default() != text {
        renew(path, &text);
    }
}
