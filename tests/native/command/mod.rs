//! The native command, run as a person runs it.

mod bench;
mod compare;
mod image;
mod own_rule;
mod plot;
mod report;
mod tables;
mod training;

use crate::sampler::{class_a_starts, endpoints, scheme};
use crate::{MODELS, mixture};
use guidance_playground::plane::distribution::{Classes, Distribution};
use guidance_playground::plane::metrics::Evaluator;
use guidance_playground::plane::network::Network;
use guidance_playground::plane::starts;
use guidance_playground::plane::{Models, catalogue};
use guidance_playground::sampling::Solver;
use nalgebra::Vector2;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;

const NETWORK: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/network-16.safetensors");

pub fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_guidance-playground"));
    command.args(arguments);
    command
}

pub fn run(arguments: &[&str]) -> Output {
    command(arguments).stdin(Stdio::null()).output().unwrap()
}

/// Standard output of a run that succeeds.
pub fn good(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Standard error of a run that fails, which says nothing on standard output.
pub fn bad(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert!(!output.status.success(), "{arguments:?} succeeded");
    assert!(output.status.code().is_some(), "{arguments:?} was killed");
    assert!(output.stdout.is_empty(), "{arguments:?} wrote {}", String::from_utf8_lossy(&output.stdout));
    let words = String::from_utf8(output.stderr).unwrap();
    assert!(!words.contains("panicked"), "{words}");
    words
}

/// Standard output of a run that succeeds on some standard input.
fn good_on(arguments: &[&str], input: &[u8]) -> String {
    let mut child = command(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{arguments:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// An empty folder of the test's own.
pub fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).unwrap();
    path
}

pub fn file(folder: &Path, name: &str, contents: impl AsRef<[u8]>) -> String {
    let path = folder.join(name);
    fs::write(&path, contents).unwrap();
    path.to_str().unwrap().to_owned()
}

/// A table of numbers, read without the crate: its header and its rows.
fn table(text: &str) -> (&str, Vec<Vec<f32>>) {
    let (header, rows) = text.split_once('\n').unwrap();
    (header, rows.lines().map(|row| row.split(',').map(|v| v.parse().unwrap()).collect()).collect())
}

fn points(rows: &[Vec<f32>]) -> Vec<[f32; 2]> {
    rows.iter().map(|row| [row[0], row[1]]).collect()
}

fn csv(points: &[[f32; 2]]) -> String {
    std::iter::once("x,y\n".to_owned()).chain(points.iter().map(|[x, y]| format!("{x},{y}\n"))).collect()
}

#[test]
fn evaluate_gives_the_models_values_to_the_last_digit() {
    let folder = folder("evaluate");
    let at = [[0.25, 0.5], [-1e-3, 3e2], [1.0 / 3.0, 7e-9]];
    let path = file(&folder, "points.csv", csv(&at));
    let network = Network::from_safetensors(&fs::read(NETWORK).unwrap()).unwrap();
    for (model, sigma, scale) in
        [("exact:AB", 0.3, 1.0), ("exact:B", 0.0, 2.0), (NETWORK, 0.3, 1.0), (NETWORK, 0.1, 1.25)]
    {
        let (s, k) = (sigma.to_string(), scale.to_string());
        let out = good(&["evaluate", "--model", model, "--sigma", &s, "--sigma-scale", &k, "--points", &path]);
        let (header, rows) = table(&out);
        assert_eq!(header, "x,y,log_density,score_x,score_y");
        let expected = at.map(|p| {
            // The command reads the text in double precision.
            let x = Vector2::from(p.map(|v| v.to_string().parse().unwrap()));
            let (log_density, score) = match model {
                NETWORK => {
                    let v = network.evaluate(x, scale * sigma);
                    (v.log_density, v.score)
                }
                _ => MODELS.get(&model.into()).unwrap().evaluate(x, scale * sigma),
            };
            vec![p[0], p[1], log_density as f32, score.x as f32, score.y as f32]
        });
        assert_eq!(rows, expected, "{model}");
    }
    let heavy = ["evaluate", "--model", "exact:A", "--sigma", "0.2", "--degrees-of-freedom", "3", "--points", &path];
    let expected = at.map(|p| {
        let x = Vector2::from(p.map(|v| v.to_string().parse().unwrap()));
        let (log_density, score) = MODELS.mixture(Classes::A).evaluate_student_t(x, 0.2, 3.0).unwrap();
        vec![p[0], p[1], log_density as f32, score.x as f32, score.y as f32]
    });
    assert_eq!(table(&good(&heavy)).1, expected);
}

#[test]
fn samples_are_the_engines() {
    let ends = endpoints(&MODELS, scheme("exact:A", None, 1.0), Solver::Heun, &class_a_starts(5, 40));
    let arguments = ["sample", "--main", "exact:A", "--particles", "40", "--seed", "5"];
    let out = good(&arguments);
    assert_eq!(out, csv(&ends));
    assert_eq!(good(&arguments), out);
    assert_eq!(good(&[&arguments[..], &["--threads", "1"]].concat()), out);
    assert!(out.starts_with(&good(&["sample", "--main", "exact:A", "--particles", "7", "--seed", "5"])));
    assert_ne!(good(&["sample", "--main", "exact:A", "--particles", "40", "--seed", "6"]), out);
}

#[test]
fn guided_samples_start_where_they_are_told() {
    let folder = folder("guided");
    let starts = class_a_starts(9, 30);
    let path = file(&folder, "starts.csv", csv(&starts));
    let mut models = Models::new();
    models.add(NETWORK, Network::from_safetensors(&fs::read(NETWORK).unwrap()).unwrap());
    for (main, guide, k, weight, solver) in [
        ("exact:A", "exact:AB", 1.0, 2.5, Solver::Euler),
        ("exact:A", "exact:A", 1.1, 3.0, Solver::Heun),
        (NETWORK, "exact:B", 1.0, -0.5, Solver::Heun),
    ] {
        let ends = endpoints(&models, scheme(main, Some((guide, k)), weight), solver, &starts);
        let (k, w, solver) = (k.to_string(), weight.to_string(), format!("{solver:?}").to_lowercase());
        let options = ["--guide", guide, "--guide-sigma-scale", &k, "--weight", &w, "--solver", &solver];
        let out = good(&[&["sample", "--main", main, "--start", &path][..], &options].concat());
        assert_eq!(out, csv(&ends), "{main} {guide}");
    }
}

#[test]
fn trajectories_lead_from_starts_to_ends() {
    let folder = folder("trajectory");
    let arguments = ["sample", "--main", "exact:A", "--particles", "5", "--seed", "3", "--steps", "6"];
    let ends = good(&arguments);
    let out = good(&[&arguments[..], &["--trajectory"]].concat());
    let (header, rows) = table(&out);
    assert_eq!(header, "step,particle,x,y");
    let labels: Vec<[f32; 2]> = points(&rows);
    let expected: Vec<[f32; 2]> = (0..=6u8).flat_map(|step| (0..5u8).map(move |i| [step.into(), i.into()])).collect();
    assert_eq!(labels, expected);
    let at: Vec<[f32; 2]> = rows.iter().map(|row| [row[2], row[3]]).collect();
    assert_eq!(at[..5], class_a_starts(3, 5));
    assert_eq!(at[30..], points(&table(&ends).1));

    let path = folder.join("paths.csv");
    let written = good(&[&arguments[..], &["--trajectory", "--out", path.to_str().unwrap()]].concat());
    assert_eq!((written.as_str(), fs::read_to_string(&path).unwrap()), ("", out));
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 1, "something is left beside the file");
}

#[test]
fn a_reader_that_leaves_is_no_error() {
    let arguments = ["sample", "--main", "exact:A", "--particles", "3000", "--steps", "3", "--trajectory"];
    let mut child = command(&arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn metrics_are_the_judges() {
    let folder = folder("metrics");
    // A little noise: some outliers.
    let points = starts(mixture(Classes::A), 0.02, 1, 0..500);
    let text = csv(&points);
    let path = file(&folder, "points.csv", &text);
    let expected = Evaluator::new(Arc::clone(mixture(Classes::A))).metrics(&points).unwrap();
    let json = good(&["metrics", &path, "--json"]);
    assert_eq!(json.trim_end(), serde_json::to_string_pretty(&expected).unwrap());
    assert_eq!(good_on(&["metrics", "--json"], text.as_bytes()), json);
    let shown = good(&["metrics", &path]);
    for estimate in expected.estimates.into_list() {
        let pair = |value: f64, error: f64| format!(" {value:.4} ± {error:.4}");
        assert!(shown.contains(&pair(estimate.value, estimate.standard_error)), "{estimate:?}: {shown}");
        assert!(shown.contains(&pair(estimate.floor.mean, estimate.floor.spread)), "{estimate:?}: {shown}");
    }
}

/// The error of one sample is not known, and not shown.
#[test]
fn one_sample_has_no_standard_error() {
    let shown = good_on(&["metrics"], b"x,y\n.1,.2\n");
    assert!(shown.starts_with("1 samples of class A") && !shown.contains("NaN"), "{shown}");
    let far = good_on(&["metrics"], b"x,y\n1e7,0\n");
    // SciPy's 6368755, at the same directions.
    assert!(far.lines().any(|line| line.starts_with("sliced W1") && line.contains(" 6368754.8")), "{far}");
    let json: serde_json::Value = serde_json::from_str(&good_on(&["metrics", "--json"], b"x,y\n.1,.2\n")).unwrap();
    assert!(json["outliers"]["value"].is_number() && json["outliers"]["standardError"].is_null(), "{json}");
}

/// A dash is standard output, and no file of that name.
#[test]
fn a_dash_is_standard_output() {
    let folder = folder("dash");
    let output = |arguments: &[&str]| {
        let output = command(arguments).current_dir(&folder).stdin(Stdio::null()).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(output(&["sample", "--main", "exact:A", "--particles", "2", "--out", "-"]).starts_with("x,y\n"));
    let sweep = ["sweep", "none", "--exact", "--over", "steps=4", "--particles", "16", "--seeds", "1"];
    let rows = output(&[&sweep[..], &["--out", "-"]].concat());
    assert!(rows.starts_with("{\"configuration\":"), "{rows}");
    let table = output(&[&sweep[..], &["--out", "rows.jsonl", "--csv", "-"]].concat());
    assert!(table.starts_with("name,steps,particles,") && table.lines().count() == 2, "{table}");
    assert!(output(&["plot", "rows.jsonl", "--out", "-"]).starts_with("<svg"));
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
    let both = bad(&[&sweep[..], &["--csv", "-"]].concat());
    assert!(both.contains("cannot both be written to standard output"), "{both}");
}

#[test]
fn data_is_what_is_asked_for() {
    let folder = folder("data");
    let moons = Models::over(Distribution::TwoMoons);
    let data = moons.mixture(Classes::A);
    let from = starts(data, 5.0, 3, 0..40);
    let expected = endpoints(&moons, scheme("exact:A", Some(("exact:AB", 1.0)), 4.0), Solver::Heun, &from);
    let on = ["--data", "two-moons"];
    let guided =
        ["sample", "--main", "exact:A", "--guide", "exact:AB", "--weight", "4", "--particles", "40", "--seed", "3"];
    let out = good(&[&guided[..], &on].concat());
    assert_eq!(out, csv(&expected));
    assert_ne!(out, good(&guided));
    assert_eq!(good(&[&guided[..], &["--data", "tree-2"]].concat()), good(&guided));

    let path = file(&folder, "moons.csv", &out);
    let judged = good(&[&["metrics", &path, "--json"][..], &on].concat());
    let metrics = Evaluator::new(Arc::clone(data)).metrics(&expected).unwrap();
    assert_eq!(judged.trim_end(), serde_json::to_string_pretty(&metrics).unwrap());

    let values = good(&[&["evaluate", "--model", "exact:B", "--sigma", "0.3", "--points", &path][..], &on].concat());
    // The command reads the text in double precision.
    let first: Vec<f64> = out.lines().nth(1).unwrap().split(',').map(|v| v.parse().unwrap()).collect();
    let x = Vector2::new(first[0], first[1]);
    assert_eq!(table(&values).1[0][2], moons.mixture(Classes::B).log_density(x, 0.3) as f32);

    // Files say what they are of, where it is not the paper's tree.
    let quick = ["compare", "sigma-scaling", "--exact", "--particles", "60", "--seeds", "1"];
    let row = |more: &[&str]| -> serde_json::Value {
        serde_json::from_str(&good(&[&quick[..], &["--json"], more].concat())).unwrap()
    };
    let (of_moons, of_tree) = (row(&on), row(&[]));
    assert_eq!(of_moons["configuration"]["data"], "two-moons");
    assert!(of_tree["configuration"].get("data").is_none());
    assert_ne!(of_moons["results"]["outliers"]["floor"], serde_json::Value::Null);
    assert_ne!(of_moons["results"]["slicedWasserstein"], of_tree["results"]["slicedWasserstein"]);
    assert!(good(&[&quick[..], &on].concat()).contains("class A of two-moons"));

    for words in [
        bad(&["sample", "--main", "main-64-4096:A", "--data", "two-moons"]),
        bad(&["evaluate", "--model", "main-64-4096:A", "--sigma", "1", "--points", &path, "--data", "two-moons"]),
        bad(&["compare", r#"{"weight":1}"#, "--data", "two-moons"]),
    ] {
        assert!(words.contains("knows nothing of two-moons") && words.contains("Choose an exact model"), "{words}");
    }
    let wrong = bad(&["sample", "--main", "exact:A", "--data", "tree-02"]);
    assert!(wrong.contains("The distribution must be") && wrong.contains("it is \"tree-02\""), "{wrong}");
    let help = good(&["sample", "--help"]);
    assert!(help.contains("--data <DISTRIBUTION>"));
}

#[test]
fn models_that_cannot_be_had_are_named() {
    let folder = folder("models");
    let missing = folder.join("missing.safetensors");
    let missing = missing.to_str().unwrap();
    for name in ["exact:C", "guide-32-0064:B", "exact:", "main-64-9999", "main-A64-9999", "main-64-9999:A", "guide"] {
        let words = match name {
            "exact:C" => "The condition of exact must be one of A, B, AB; it is C.".to_owned(),
            "guide-32-0064:B" => "The condition of guide-32-0064 must be one of A, AB; it is B.".to_owned(),
            _ => format!("There is no model named \"{name}\"."),
        };
        assert!(bad(&["sample", "--main", name]).contains(&words));
        assert!(bad(&["sample", "--main", "exact:A", "--guide", name, "--weight", "2"]).contains(&words));
        assert!(bad(&["evaluate", "--model", name, "--sigma", "1", "--points", NETWORK]).contains(&words));
    }
    assert!(bad(&["sample", "--main", missing]).contains(missing));
}

#[test]
fn shipped_networks_are_built_in() {
    let all = guidance_playground::plane::catalogue::network_names();
    for name in ["main-64-4096", "guide-32-0512:A", "guide-AB32-0512"] {
        let called = catalogue::complete(name.into()).unwrap().to_string();
        assert!(all.contains(&called), "{called}");
        // From a folder that holds no file of that name.
        let output = command(&["sample", "--main", name, "--particles", "3", "--steps", "3"])
            .current_dir(folder("elsewhere"))
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(table(&String::from_utf8(output.stdout).unwrap()).1.len(), 3);
    }
}

#[test]
fn bad_weights_are_refused_in_a_sentence() {
    let folder = folder("weights");
    let whole = fs::read(NETWORK).unwrap();
    let mut endless = whole.clone();
    endless[..8].copy_from_slice(&10_000_000_000u64.to_le_bytes());
    let mut nan = whole.clone();
    let end = nan.len();
    nan[end - 4..].copy_from_slice(&f32::NAN.to_le_bytes());
    let renamed = |from: &str, to: &str| {
        let at = whole.windows(from.len()).position(|w| w == from.as_bytes()).unwrap();
        let mut bytes = whole.clone();
        bytes[at..at + to.len()].copy_from_slice(to.as_bytes());
        bytes
    };
    for (name, bytes, words) in [
        ("cut", whole[..whole.len() - 1].to_vec(), ["The header", "complete safetensors file"]),
        ("empty", vec![], ["The header", "0 bytes"]),
        ("endless", endless, ["The header", "complete safetensors file"]),
        ("text", b"x,y\n1,2\n".to_vec(), ["The header", "8 bytes"]),
        ("nan", nan, ["expected finite numbers", "NaN at entry"]),
        ("renamed", renamed("layers.4", "layers.3"), ["layers.4.weight", "expected a tensor, found none"]),
        ("shape", renamed("[16,4]", "[4,16]"), ["layers.0.weight", "expected shape [hidden, 4], found shape [4, 16]"]),
    ] {
        let path = file(&folder, &format!("{name}.safetensors"), bytes);
        for arguments in [
            &["sample", "--main", &path][..],
            &["sample", "--main", "exact:A", "--guide", &path, "--weight", "2"],
            &["evaluate", "--model", &path, "--sigma", "1", "--points", "-"],
        ] {
            let found = bad(arguments);
            assert!(words.iter().all(|w| found.contains(w)) && found.contains(&*path), "{name}: {found}");
        }
    }
}

#[test]
fn numbers_out_of_range_are_refused() {
    let folder = folder("ranges");
    let path = file(&folder, "points.csv", "x,y\n0,0\n");
    let sample = ["sample", "--main", "exact:A", "--particles", "2"];
    let guided = [&sample[..], &["--guide", "exact:AB"]].concat();
    let evaluate = ["evaluate", "--points", &path, "--model"];
    for (base, options, words) in [
        (&sample[..], &["--steps", "1"][..], "The number of steps must be between 2 and 1024; it is 1."),
        (&sample, &["--solver", "rk4"], "heun or euler"),
        (&sample[..3], &["--particles", "0"], "The number of particles"),
        (&sample, &["--particles", "-3"], "-3"),
        (&sample, &["--weight", "2"], "--guide"),
        (&sample, &["--start", &path], "--start"),
        (&guided, &["--weight", "nan"], "The guidance weight"),
        (&guided, &["--weight", "1e9"], "The guidance weight"),
        (&guided, &["--guide-sigma-scale", "0"], "The guide's factor on sigma"),
        (&evaluate, &["exact:A", "--sigma=-1"], "The noise level must be a finite number of 0 or more; it is -1."),
        (&evaluate, &["exact:A", "--sigma", "1e200", "--sigma-scale", "1e200"], "The noise level times its factor"),
        (&evaluate, &["exact:A", "--sigma", "inf"], "The noise level"),
        (&evaluate, &["exact:A", "--sigma", "1", "--sigma-scale", "0"], "The noise level"),
        (&evaluate, &[NETWORK, "--sigma", "0"], "The noise level"),
        (&evaluate, &["exact:A", "--sigma", "0", "--degrees-of-freedom", "4"], "The noise level"),
        (&evaluate, &["exact:A", "--sigma", "1", "--degrees-of-freedom", "0"], "The degrees of freedom"),
        (&evaluate, &[NETWORK, "--sigma", "1", "--degrees-of-freedom", "4"], "is for exact models"),
        (&["train", "--out", "unused"], &["--hidden", "2"], "The hidden width"),
        (&["train", "--out", "unused"], &["--batch", "0"], "The batch"),
        (&["train", "--out", "unused"], &["--classes", "C"], "The class must be A, B or AB"),
        (&["train", "--out", "unused"], &["--iterations", "0"], "iterations"),
        (&["train", "--out", "unused"], &["--degrees-of-freedom", "2"], "degrees of freedom"),
        (&[], &["paint"], "paint"),
    ] {
        let arguments = [base, options].concat();
        let output = command(&arguments).current_dir(&folder).stdin(Stdio::null()).output().unwrap();
        let found = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && output.stdout.is_empty(), "{arguments:?}");
        assert!(found.contains(words) && !found.contains("panicked"), "{arguments:?}: {found}");
    }
}

#[test]
fn help_teaches() {
    let whole = good(&["--help"]);
    for word in [
        "evaluate",
        "sample",
        "train",
        "metrics",
        "compare",
        "sweep",
        "plot",
        "report",
        "schemes",
        "exact:AB",
        "main-64-4096",
        "w = 1 is no guidance",
    ] {
        assert!(whole.contains(word), "{word}");
    }
    for subcommand in ["sample", "compare", "sweep"] {
        let words = good(&[subcommand, "--help"]);
        let (schemes, presets) = (catalogue::schemes(), catalogue::presets());
        for id in schemes.iter().map(|s| s.id).chain(presets.iter().map(|p| p.id)) {
            assert!(words.contains(&format!("  {id} ")), "{subcommand}: {id}");
        }
    }
    let sample = good(&["sample", "--help"]);
    for word in ["--guide-sigma-scale", "guide-64-4096:AB", "DDIM", "step,particle,x,y", "s0 + w (s1 - s0)"] {
        assert!(sample.contains(word), "{word}");
    }
}
