//! `image sweep`, and runs of many pictures that Ctrl-C ends.

use super::folder;
use crate::command::{bad, command, file, good, run};
use serde_json::{Value, json};
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};

fn rows(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Of few pictures, by the exact model.
const QUICK: [&str; 5] = ["--exact", "--images", "2", "--over", "steps=4"];

fn sweep<'a>(base: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&["image", "sweep", base][..], &QUICK, more].concat()
}

#[test]
fn a_sweep_of_pictures_has_a_row_for_every_scheme_prompt_and_seed() {
    let over = ["--over", "w=1,2", "--over", "prompt=rocket,noto cat", "--over", "seed=3:4:1"];
    let found = rows(&good(&sweep("cfg", &over)));
    assert_eq!(found.len(), 8);
    let varied: Vec<_> =
        found.iter().map(|row| ["w", "prompt", "seed"].map(|name| row["over"][name].clone())).collect();
    assert_eq!(varied[0], [json!(1), json!("rocket"), json!(3)]);
    assert_eq!(varied[7], [json!(2), json!("noto cat"), json!(4)]);
    let configuration = &found[7]["configuration"];
    assert_eq!((&configuration["prompts"], &configuration["seed"]), (&json!(["noto cat"]), &json!(4)));
    let scheme = &configuration["scheme"];
    assert_eq!((&scheme["weight"], &scheme["main"]["model"]), (&json!(2.0), &json!("exact")));
    assert!(scheme.get("seed").is_none() && scheme.get("prompt").is_none());
    for row in &found {
        let chroma = &row["results"]["chromaExcess"];
        assert!(
            chroma["value"].is_f64() && chroma["standardError"].is_f64() && chroma["floor"]["mean"] == 0.0,
            "{row}"
        );
        assert_eq!((&chroma["truth"], &row["results"]["samples"]), (&json!(0.0), &json!(2)));
        // Of a prompt that names no background nothing is said of whether that is right.
        assert!(row["results"]["backgroundRight"].is_null() && row["results"]["lost"] == 0, "{row}");
    }
    // A weight of 1 is the main model alone, from the same noise.
    let more = |row: &Value| row["results"]["logDensityGap"]["difference"]["value"].as_f64().unwrap();
    assert!(found[..4].iter().all(|row| more(row) == 0.0) && more(&found[4]).abs() > 0.1);

    // What `image compare` says of the same pictures; without an axis of prompts they are judged together.
    let prompts = ["--prompt", "rocket", "--prompt", "noto cat", "--exact", "--images", "2"];
    let together =
        rows(&good(&[&["image", "sweep", "cfg"][..], &prompts, &["--over", "w=1,2", "--seed", "3"]].concat()));
    let compared =
        rows(&good(&[&["image", "compare", "cfg", "--weight", "2", "--seed", "3", "--json"][..], &prompts].concat()));
    let estimates = compared[0]["metrics"]["estimates"].as_object().unwrap();
    for (metric, estimate) in estimates {
        assert_eq!(together[1]["results"][metric]["value"], estimate["value"], "{metric}");
    }
    assert_eq!(together[1]["configuration"]["prompts"], json!(["rocket", "noto cat"]));
}

#[test]
fn a_sweep_of_pictures_grows_a_file_and_refuses_anothers() {
    let folder = folder("image-sweep");
    let path = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    let (out, csv) = (path("grid.jsonl"), path("grid.csv"));
    let over = ["--prompt", "rocket", "--over", "lo=0.5,90,1", "--out", &out, "--csv", &csv];
    let arguments = sweep("cfg-interval", &over);
    good(&arguments);
    let first = fs::read_to_string(&out).unwrap();
    // An interval that ends before it begins.
    let found = rows(&first);
    assert!(found[1]["refused"].is_string() && found[2].get("results").is_some(), "{first}");
    let table = fs::read_to_string(&csv).unwrap();
    let lines: Vec<&str> = table.lines().collect();
    assert!(lines.len() == 4 && lines[0].starts_with("name,steps,lo,samples,subjectRight,"), "{table}");
    assert!(lines[0].contains("chromaExcessTruth,chromaExcessFloor,") && lines[1].starts_with("cfg-interval,4,0.5,2,"));

    let again = run(&arguments);
    let words = String::from_utf8(again.stderr).unwrap();
    assert!(again.status.success() && words.contains("3 of 3 points are there already"), "{words}");
    assert_eq!(fs::read_to_string(&out).unwrap(), first);
    let other = bad(&[&arguments[..], &["--seed", "1"]].concat());
    assert!(other.contains("line 1: this is a row of another sweep (seed 0, here 1)"), "{other}");
    // Cut short in a row with metrics, and in one without.
    let refused = first.lines().take(2).map(|line| line.len() + 1).sum::<usize>();
    for whole in [first.len(), refused] {
        fs::write(&out, &first[..whole - 9]).unwrap();
        good(&arguments);
    }
    assert_eq!(rows(&fs::read_to_string(&out).unwrap())[2]["configuration"], found[2]["configuration"]);

    assert!(bad(&sweep("cfg", &["--over", "nu=4"])).contains("one of w, k, shift, "));
    assert!(bad(&sweep("cfg", &["--over", "nu=4"])).contains(", prompt, seed, which"));
    assert!(bad(&sweep("cfg", &["--over", "prompt=a rokcet"])).contains("rocket"));
    assert!(bad(&sweep("cfg", &["--over", "w=1,2", "--csv", "-"])).contains("both"));
    let rescaled = file(
        &folder,
        "own.json",
        r#"{"main":{"model":"main"},"guide":{"model":"main","condition":"anything"},
        "weight":2,"finish":{"rescale":{"share":0.5}},"negatives":[{"prompt":"cat","weight":1}]}"#,
    );
    let own = rows(&good(&sweep(&rescaled, &["--prompt", "rocket", "--over", "phi=0,1", "--over", "wn=0.5"])));
    let scheme = &own[1]["configuration"]["scheme"];
    assert_eq!((&scheme["finish"]["rescale"]["share"], &scheme["negatives"][0]["weight"]), (&json!(1.0), &json!(0.5)));
    let alone = rows(&good(&sweep("none", &["--prompt", "rocket", "--over", "main=exact,main"])));
    assert_eq!(alone[1]["configuration"]["scheme"]["main"]["model"], "exact");
}

/// Ctrl-C, wherever it falls, costs no finished point.
#[cfg(unix)]
#[test]
fn an_interrupted_sweep_of_pictures_is_resumed_by_the_same_command() {
    let folder = folder("image-sweep-interrupt");
    let out = folder.join("grid.jsonl");
    let over = ["--prompt", "rocket", "--over", "w=1:30:0.5", "--out", out.to_str().unwrap()];
    let arguments = sweep("cfg", &over);
    let mut child = command(&arguments).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    while !fs::read_to_string(&out).is_ok_and(|text| text.contains('\n')) {
        assert_eq!(child.try_wait().unwrap(), None, "it ended before it could be interrupted");
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    let words = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(130) && words.contains("resume by running the same command"), "{words}");
    let part = fs::read_to_string(&out).unwrap();
    assert!((1..59).contains(&rows(&part).len()));
    good(&arguments);
    let whole = fs::read_to_string(&out).unwrap();
    assert!(whole.starts_with(&part) && rows(&whole).len() == 59);
}

/// What is done is said before it ends.
#[cfg(unix)]
#[test]
fn an_interrupted_comparison_keeps_what_it_has() {
    let schemes = ["cfg"; 60];
    let options = ["--exact", "--prompt", "rocket", "--images", "2", "--json"];
    let arguments = [&["image", "compare"][..], &schemes, &options].concat();
    let mut child = command(&arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut text = String::new();
    stdout.read_line(&mut text).unwrap();
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    stdout.read_to_string(&mut text).unwrap();
    let output = child.wait_with_output().unwrap();
    let words = String::from_utf8(output.stderr).unwrap();
    let done = rows(&text).len();
    assert!((1..60).contains(&done) && output.status.code() == Some(130), "{words}");
    assert!(words.contains(&format!("Stopped after {done} of 60 schemes")), "{words}");
}
