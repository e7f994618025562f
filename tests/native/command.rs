//! The native command, run as a person runs it.

use crate::sampler::{class_a_starts, endpoints, scheme};
use crate::{MODELS, mixture};
use guidance_playground::lanes::Instructions;
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
                _ => MODELS.get(model).unwrap().evaluate(x, scale * sigma),
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
fn points_are_read_from_tables_of_all_kinds() {
    let plain = good_on(&["evaluate", "--model", "exact:A", "--sigma", "1", "--points", "-"], b"x,y\n1,2\n-.5,4e-2\n");
    for table in [
        "x,y\r\n1,2\r\n-.5,4e-2\r\n",
        "x,y\n1,2\n\n-.5,4e-2",
        "y,x\n2,1\n4e-2,-.5\n",
        "name,x,y\nfirst,1,2\n\"the, second\",-.5,0.04\n",
        " x , y \n 1 , 2 \n -.5,\t4e-2\n",
        "\u{feff}x,y\n1,2\n-.5,4e-2\n",
    ] {
        let out = good_on(&["evaluate", "--model", "exact:A", "--sigma", "1", "--points", "-"], table.as_bytes());
        assert_eq!(out, plain, "{table:?}");
    }
}

/// "x,y\n0,1\n" as a spreadsheet saves "Unicode text".
const UTF16: [u8; 18] = *b"\xff\xfex\0,\0y\0\n\x000\0,\x001\0\n\0";

#[test]
fn a_bad_row_is_named_by_its_line() {
    let folder = folder("rows");
    for (text, words) in [
        (&b"x,y\n1,2\n3,four\n"[..], "line 3: \"four\" in column y is not a finite number."),
        (b"x,y\n1,2\n\n\n3,four\n", "line 5: \"four\""),
        (b"x,y\r\n1,2\r\n,4\r\n", "line 3: \"\" in column x"),
        (b"# 1\nx,y\n1,2\n# \"\n#,\n\n3,four\n", "line 7: \"four\""),
        (b"x,y\n1,NaN\n", "line 2: \"NaN\""),
        (b"x,y\n1,2\n1,2\n-inf,2\n", "line 4: \"-inf\""),
        (b"x,y\n1,2\n3\n", "line 3: 1 fields"),
        (b"x,y\n1,2\n3,4,5\n", "line 3: 3 fields"),
        (b"x,y\n1,2\n\n3,\xff\n", "line 4: this is not UTF-8."),
        (b"a,b\n1,2\n", "line 1: the header must name the columns x and y; it is \"a,b\"."),
        (b"# a\n\nb\n1\n", "line 3: the header must name"),
        (b"1,2\n3,4\n", "line 1: "),
        (b"", "line 1: "),
        (b"x,y\n", "line 2: there are no points."),
        (b"step,x,y\n0,1,2\n1,3,4\n", "line 3: the table holds whole paths (steps 0 and 1)."),
        (&UTF16, "this is UTF-16.\nSave the file as UTF-8."),
        (&UTF16[2..], "this is UTF-16."),
    ] {
        let path = file(&folder, "points.csv", text);
        for arguments in [
            &["evaluate", "--model", "exact:A", "--sigma", "1", "--points", &path][..],
            &["sample", "--main", "exact:A", "--start", &path],
            &["metrics", &path],
        ] {
            let found = bad(arguments);
            let named = found.contains(&format!("{path}, line")) || found.contains(&format!("{path}: "));
            assert!(named && found.contains(words), "{:?}: {found}", String::from_utf8_lossy(text));
        }
    }
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

const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data");

/// Particles as the page exports them: a row of metrics a panel.
#[test]
fn exported_particles_are_read() {
    let path = format!("{DATA}/exported-particles.csv");
    let text = fs::read_to_string(&path).unwrap();
    let rows: Vec<&str> = text.lines().filter(|line| line.starts_with("1,")).collect();
    let at = |row: &&str| [4, 5].map(|column| row.split(',').nth(column).unwrap().parse().unwrap());
    let points: Vec<[f32; 2]> = rows.iter().map(at).collect();
    assert_eq!(points.len(), 7);
    let mut evaluator = Evaluator::new(Arc::clone(mixture(Classes::A)));
    let expected = serde_json::to_value(evaluator.metrics(&points).unwrap()).unwrap();
    let of = |arguments: &[&str]| -> serde_json::Value { serde_json::from_str(&good(arguments)).unwrap() };
    let mut found = of(&["metrics", &path, "--json"]);
    assert_eq!(found[0].as_object_mut().unwrap().remove("panel"), Some("1".into()));
    assert_eq!(found, serde_json::json!([expected]));
    assert!(good(&["metrics", &path]).lines().nth(1).unwrap().starts_with("1 "));

    // A second panel, at another step, its rows among those of the first.
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for (i, row) in rows.iter().take(3).enumerate() {
        lines.insert(6 + 2 * i, row.replacen("1,", "2,", 1).replacen(",4,", ",3,", 1));
    }
    let folder = folder("exported");
    let both = file(&folder, "both.csv", lines.join("\r\n"));
    let found = of(&["metrics", &both, "--json"]);
    let counts: Vec<_> = [0, 1].iter().map(|&i| (found[i]["panel"].clone(), found[i]["particles"].clone())).collect();
    assert_eq!(counts, [("1".into(), 7.into()), ("2".into(), 3.into())]);
    assert_eq!(found[0]["outliers"], expected["outliers"]);
    let words = bad(&["sample", "--main", "exact:A", "--start", &both]);
    assert!(words.contains("line 7: a second panel begins here."), "{words}");
    let whole = file(&folder, "whole.csv", format!("{text}1,7,5,0,1,2\r\n"));
    assert!(bad(&["metrics", &whole]).contains("line 13: the table holds whole paths (steps 4 and 5)."));

    // Lost particles, as the page writes them, are counted, and metrics are of the others.
    let lost = format!("{text}1,7,4,0,NaN,-Infinity\r\n1,8,4,0,2e9,0\r\n2,0,4,0,Infinity,1\r\n");
    let lost = file(&folder, "lost.csv", lost);
    let found = of(&["metrics", &lost, "--json"]);
    assert_eq!((&found[0]["particles"], &found[0]["lost"]), (&9.into(), &2.into()));
    assert_eq!(found[0]["outliers"]["value"], expected["outliers"]["value"]);
    assert_eq!((&found[1]["panel"], &found[1]["code"]), (&"2".into(), &"diverged".into()));
    let words = good(&["metrics", &lost]);
    assert!(words.contains("9 (2 lost)") && words.contains("Panel 2 has no metrics. Particle 0 left"), "{words}");
    assert!(
        bad(&["sample", "--main", "exact:A", "--start", &lost]).contains("\"NaN\" in column x is not a finite number")
    );
    let json = file(&folder, "everything.json", "{\"ends\":[]}");
    assert!(bad(&["metrics", &json]).contains("this is JSON, not CSV.\n“Particles, CSV”"));
}

/// The configuration of a panel, as the page exports it, makes the page's samples; options come before it.
#[test]
fn exported_configurations_are_read() {
    let path = format!("{DATA}/exported-config.json");
    let whole: serde_json::Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    let folder = folder("configuration");
    let alone = file(&folder, "alone.json", format!("\u{feff}{}", whole["scheme"]));
    let run = ["sample", "--scheme", &alone, "--seed", "1"];
    let expected = good(&[&run[..], &["--particles", "512"]].concat());
    assert_eq!(good(&["sample", "--scheme", &path]), expected);
    let (few, five) = (["sample", "--scheme", &path, "--particles", "5"], [&run[..], &["--particles", "5"]].concat());
    assert_eq!(good(&few), good(&five));
    let moons = r#"{"scheme":{"main":"exact:A"},"seed":3.0,"particles":40,"distribution":"two-moons"}"#;
    let moons = file(&folder, "moons.json", moons);
    let expected = ["sample", "--main", "exact:A", "--seed", "3", "--particles", "40"];
    assert_eq!(good(&["sample", "--scheme", &moons]), good(&[&expected[..], &["--data", "two-moons"]].concat()));
    assert_eq!(good(&["sample", "--scheme", &moons, "--data", "tree-2"]), good(&expected));
    let words = bad(&["compare", &moons, "--particles", "20"]);
    assert!(words.contains("is of two-moons, not of tree-2.\nGive --data two-moons."), "{words}");
    good(&["compare", &moons, "--particles", "20", "--seeds", "1", "--data", "two-moons"]);

    // Of all that the page exports at once, a panel is named.
    let both = serde_json::json!({"program": "guidance-playground", "panels": [
        {"title": "No guidance", "config": {"scheme": {"main": "exact:A"}, "seed": 3, "particles": 4}},
        {"title": "Mine", "config": whole, "metrics": null},
    ], "ends": []});
    let both = file(&folder, "both.json", both.to_string());
    let first = ["sample", "--main", "exact:A", "--seed", "3", "--particles", "4"];
    assert_eq!(good(&["sample", "--scheme", &format!("{both}#1")]), good(&first));
    assert_eq!(good(&["sample", "--scheme", &format!("{both}#2"), "--particles", "5"]), good(&five));
    let words = bad(&["sample", "--scheme", &both]);
    assert!(
        words.contains(&format!("has 2 panels, each with a scheme.\nGive one of {both}#1 to {both}#2.")),
        "{words}"
    );
    assert!(bad(&["compare", &format!("{both}#3")]).contains("has no panel 3: it has 2."));
}

/// Particles that are nowhere are said to be so, and no metric is made up for them.
#[test]
fn lost_particles_are_told() {
    let folder = folder("lost");
    let text = r#"{"guide":{"model":"guide-B32-0512"},"weight":50,"combination":{"powerLaw":{"power":5}}}"#;
    let wild = file(&folder, "wild.json", text);
    let told = "left the range of numbers: 30 of 30 are lost.";
    for arguments in [
        &["sample", "--scheme", &wild, "--particles", "30"][..],
        &["compare", &wild, "--particles", "30", "--seeds", "1"],
    ] {
        let words = bad(arguments);
        assert!(words.contains("Particle 0 ") && words.contains(told), "{words}");
        assert!(words.ends_with("Lower the weight or add steps.\n"), "{words}");
    }
    let quick = ["--particles", "30", "--seeds", "1"];
    let rows = [
        good(&[&["compare", &wild, "--json"][..], &quick].concat()),
        good(&[&["sweep", &wild, "--over", "w=50"][..], &quick].concat()),
    ];
    for row in rows {
        let row: serde_json::Value = serde_json::from_str(&row).unwrap();
        assert!(row.get("results").is_none() && row["code"] == "diverged", "{row}");
        assert!(row["refused"].as_str().unwrap().ends_with(told), "{row}");
    }
    let beside = good(&[&["compare", "none", &wild][..], &quick].concat());
    assert!(beside.contains("wild.json has no metrics. Particle 0 left the range of numbers"), "{beside}");

    // A start that no particle comes back from is at fault itself, whatever the weight; others are not.
    let starts = file(&folder, "starts.csv", "x,y\n0.1,0.2\n\n1e20,0.2\n");
    for more in [&["--main", "exact:A"][..], &["--main", "exact:A", "--guide", "exact:AB", "--weight", "2"]] {
        let words = bad(&[&["sample", "--start", &starts][..], more].concat());
        assert!(words.contains(&format!("{starts}, line 4: the particle that starts at (1")), "{words}");
        assert!(words.contains("without guidance too.\nStarts are samples") && !words.contains("weight"), "{words}");
    }
    let near = file(&folder, "near.csv", "x,y\n0.1,0.2\n");
    assert!(bad(&["sample", "--scheme", &wild, "--start", &near]).contains("Lower the weight or add steps."));
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
        bad(&["sample", "--main", "main-A64-4096", "--data", "two-moons"]),
        bad(&["evaluate", "--model", "main-A64-4096", "--sigma", "1", "--points", &path, "--data", "two-moons"]),
        bad(&["compare", "autoguidance", "--data", "two-moons"]),
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
    for name in ["exact:C", "exact:", "main-A64-9999", "guide"] {
        let words = format!("There is no model named \"{name}\".");
        assert!(bad(&["sample", "--main", name]).contains(&words));
        assert!(bad(&["sample", "--main", "exact:A", "--guide", name, "--weight", "2"]).contains(&words));
        assert!(bad(&["evaluate", "--model", name, "--sigma", "1", "--points", NETWORK]).contains(&words));
    }
    assert!(bad(&["sample", "--main", missing]).contains(missing));
}

#[test]
fn shipped_networks_are_built_in() {
    let all = guidance_playground::plane::catalogue::network_names();
    for name in ["main-A64-4096", "guide-A32-0512", "guide-AB32-0512"] {
        assert!(all.iter().any(|n| n == name));
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
        "main-A64-4096",
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
    for word in ["--guide-sigma-scale", "guide-AB64-4096", "DDIM", "step,particle,x,y", "s0 + w (s1 - s0)"] {
        assert!(sample.contains(word), "{word}");
    }
}

/// Options of a run that takes a moment: a width and a batch that fill no vector.
fn training<'a>(out: &'a str, iterations: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let options =
        ["train", "--classes", "AB", "--hidden", "9", "--batch", "130", "--seed", "4", "--snapshot-every", "4"];
    [&options[..], &["--out", out, "--iterations", iterations], more].concat()
}

/// Every file of a folder.
fn contents(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap()))
        .collect();
    files.sort();
    files
}

#[test]
fn a_resumed_training_gives_the_same_bytes() {
    let folder = folder("resume");
    let [whole, parts] = ["whole", "parts"].map(|name| folder.join(name));
    let [whole_name, parts_name] = [&whole, &parts].map(|path| path.to_str().unwrap());
    good(&training(whole_name, "12", &["--threads", "2"]));
    let names: Vec<String> = contents(&whole).into_iter().map(|(name, _)| name).collect();
    let expected = ["0004", "0008", "0012", "checkpoint"].map(|name| format!("{name}.safetensors"));
    assert_eq!(names, [&expected[..], &["loss.csv".to_owned()]].concat());
    let losses = String::from_utf8(fs::read(whole.join("loss.csv")).unwrap()).unwrap();
    let (header, rows) = table(&losses);
    assert_eq!((header, rows.len()), ("iteration,loss", 12));
    assert!(rows.iter().zip(1u8..).all(|(row, i)| row[0] == f32::from(i) && row[1].is_finite()));

    good(&training(parts_name, "8", &["--threads", "1"]));
    good(&training(parts_name, "12", &["--resume"]));
    assert_eq!(contents(&parts), contents(&whole));
    // Nothing is left to do, and nothing changes.
    good(&training(parts_name, "12", &["--resume"]));
    assert_eq!(contents(&parts), contents(&whole));

    let ends = good(&["sample", "--main", whole.join("0012.safetensors").to_str().unwrap(), "--particles", "4"]);
    assert_eq!(table(&ends).1.len(), 4);
}

#[test]
fn a_training_that_cannot_go_on_says_why() {
    let folder = folder("no-resume");
    let name = folder.to_str().unwrap();
    assert!(bad(&training(name, "4", &["--resume"])).contains("checkpoint.safetensors"));
    good(&training(name, "4", &[]));
    let other = bad(&training(name, "8", &["--resume", "--threads", "1"])
        .iter()
        .map(|&o| if o == "9" { "12" } else { o })
        .collect::<Vec<_>>());
    assert!(other.contains("another run"), "{other}");
    let path = folder.join("checkpoint.safetensors");
    let whole = fs::read(&path).unwrap();
    fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    assert!(bad(&training(name, "8", &["--resume"])).contains("expected a complete safetensors file"));
    fs::copy(folder.join("0004.safetensors"), &path).unwrap();
    assert!(bad(&training(name, "8", &["--resume"])).contains("training checkpoint"));
}

/// Ctrl-C, wherever it falls, costs nothing.
#[cfg(unix)]
#[test]
fn an_interrupted_training_goes_on_to_the_same_bytes() {
    let folder = folder("interrupt");
    let [whole, parts] = ["whole", "parts"].map(|name| folder.join(name));
    good(&training(whole.to_str().unwrap(), "600", &[]));
    let arguments = training(parts.to_str().unwrap(), "600", &[]);
    let mut child = command(&arguments).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    while !parts.join("0004.safetensors").exists() {
        assert_eq!(child.try_wait().unwrap(), None, "it ended before it could be interrupted");
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    let words = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(130) && words.contains("--resume goes on from there"), "{words}");
    assert!(!parts.join("0600.safetensors").exists());
    good(&training(parts.to_str().unwrap(), "600", &["--resume"]));
    assert_eq!(contents(&parts), contents(&whole));
}

#[test]
fn a_training_is_not_overwritten_nor_turned_back() {
    let folder = folder("kept");
    let out = folder.to_str().unwrap();
    good(&training(out, "4", &[]));
    let before = contents(&folder);
    assert!(bad(&training(out, "4", &[])).contains("holds a run already"));
    assert!(bad(&training(out, "2", &["--resume"])).contains("at iteration 4 already"));
    assert_eq!(contents(&folder), before);
}

#[test]
fn tables_that_are_not_endpoints_are_refused() {
    let folder = folder("not-endpoints");
    let paths = file(&folder, "paths.csv", "step,particle,x,y\n0,0,1,2\n1,0,1,2\n");
    assert!(bad(&["metrics", &paths]).contains("whole paths"));
    let far = file(&folder, "far.csv", "x,y\n1,2\n1e39,0\n");
    assert!(bad(&["metrics", &far]).contains("line 3"));
    let far = file(&folder, "far.csv", "x,y\n1,2\n\n0,-1.1e9\n");
    let words = bad(&["metrics", &far]);
    assert!(words.contains("line 4: the point (0, -1100000000) is too far for metrics, which end at 1e9."), "{words}");
    let point = file(&folder, "point.csv", "x,y\n1,2\n");
    let beyond = bad(&["evaluate", "--model", "exact:A", "--sigma", "1e300", "--points", &point]);
    assert!(beyond.contains("range of numbers"), "{beyond}");
}

#[test]
#[cfg(target_os = "linux")]
fn what_is_no_plain_file_is_written_through() {
    let folder = folder("through");
    let target = file(&folder, "target.csv", "old");
    let link = folder.join("link.csv");
    std::os::unix::fs::symlink(&target, &link).unwrap();
    good(&["sample", "--main", "exact:A", "--particles", "2", "--out", link.to_str().unwrap()]);
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert!(fs::read_to_string(&target).unwrap().starts_with("x,y\n"));
    let nowhere = folder.join("nowhere/ends.csv");
    let words = bad(&["sample", "--main", "exact:A", "--out", nowhere.to_str().unwrap()]);
    assert!(words.contains("no such folder"), "{words}");
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 2, "nothing is left beside");
    // A pipe of the process's own, named as a file.
    let text = good(&["sample", "--main", "exact:A", "--particles", "2", "--out", "/proc/self/fd/1"]);
    assert!(text.starts_with("x,y\n"), "{text}");
}

#[test]
fn the_benchmark_counts_its_work() {
    let told = good(&["bench", "--json", "--particles", "96", "--steps", "4", "--rounds", "2", "--threads", "1"]);
    let rows: Vec<serde_json::Value> = told.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let sets: Vec<&str> = Instructions::available().map(Instructions::title).collect();
    assert_eq!(rows.iter().map(|row| row["by"].as_str().unwrap()).collect::<Vec<_>>(), sets);
    for row in rows {
        // Two networks, four products forward and four in reverse, seven evaluations in four steps of Heun's.
        let operations = 96.0 * 7.0 * 8.0 * 2.0 * (64.0 * 64.0 + 32.0 * 32.0);
        assert_eq!(row["operations"].as_f64(), Some(operations));
        for key in ["seconds", "peaks"] {
            let numbers = row[key].as_array().unwrap();
            assert!(numbers.len() == 2 && numbers.iter().all(|n| n.as_f64().is_some_and(|n| n > 0.0)), "{key}");
        }
    }
    let table =
        good(&["bench", "--main", "exact:A", "--guide", "none", "--weight", "1", "--particles", "96", "--rounds", "1"]);
    assert!(sets.iter().all(|set| table.contains(&format!("\n{set} "))), "{table}");
    assert!(table.contains("us a guided score") && !table.contains("share of peak"), "{table}");
    assert!(bad(&["bench", "--rounds", "0"]).contains("number of rounds"));
    assert!(bad(&["bench", "--adapter", "any"]).contains("give --engine gpu too"));
}

#[test]
fn instructions_are_those_asked_for() {
    let bench = ["bench", "--json", "--particles", "96", "--steps", "2", "--rounds", "1"];
    let sample = ["sample", "--main", "main-A64-4096", "--particles", "96", "--steps", "4"];
    let best = points(&table(&good(&sample)).1);
    for set in Instructions::available() {
        let by_option = good(&[&bench[..], &["--instructions", set.name()]].concat());
        let by_variable = command(&bench).env("GUIDANCE_INSTRUCTIONS", set.name()).output().unwrap().stdout;
        for told in [by_option.as_bytes(), &by_variable] {
            assert_eq!(serde_json::from_slice::<serde_json::Value>(told).unwrap()["by"], set.title());
        }
        // Sums of lanes and fused products round otherwise.
        let ends = points(&table(&good(&[&sample[..], &["--instructions", set.name()]].concat())).1);
        let far = ends.iter().zip(&best).filter(|(a, b)| (a[0] - b[0]).hypot(a[1] - b[1]) > 1e-4).count();
        assert!(ends.len() == 96 && far <= 4, "{}: {far} endpoints differ", set.name());
    }
    let words = bad(&[&bench[..], &["--instructions", "mmx"]].concat());
    assert!(
        words.contains("The instruction set must be auto or one that this machine has") && words.contains("mmx"),
        "{words}"
    );
    let output = command(&bench).env("GUIDANCE_INSTRUCTIONS", "mmx").output().unwrap();
    let words = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success() && words.contains("error: GUIDANCE_INSTRUCTIONS must be auto or"), "{words}");
    // The option goes before the variable.
    let output =
        command(&[&sample[..], &["--instructions", "auto"]].concat()).env("GUIDANCE_INSTRUCTIONS", "mmx").output();
    assert!(output.unwrap().status.success());
}
