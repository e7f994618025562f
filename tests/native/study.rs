//! Comparing, sweeping, drawing and reporting, run as a person runs them.

use crate::command::{bad, command, file, folder, good, run};
use crate::sampler::{class_a_starts, endpoints, scheme, shipped};
use crate::{MODELS, mixture};
use guidance_playground::guidance::Scheme;
use guidance_playground::plane::catalogue::{catalogue, named};
use guidance_playground::plane::distribution::Classes;
use guidance_playground::plane::engine::RunConfig;
use guidance_playground::plane::engine::cpu::Sampler;
use guidance_playground::plane::metrics::{Evaluator, endpoint_distance, over_seeds, paired};
use guidance_playground::sampling::{NoiseLevels, Solver};
use guidance_playground::study::{METRICS, claims};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;

/// The rows of a text of lines of JSON.
fn rows(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn number(row: &Value, place: &str) -> f64 {
    row.pointer(place).and_then(Value::as_f64).unwrap_or_else(|| panic!("no {place} in {row}"))
}

#[test]
fn the_catalogue_is_listed() {
    let text = good(&["schemes"]);
    let table = catalogue();
    for id in table.schemes.iter().map(|s| s.id).chain(table.presets.iter().map(|p| p.id)) {
        assert!(text.contains(&format!("\n  {id} ")), "{id}");
    }
    for word in ["k = 1.1 (0.1 to 10)", "--over schedule", "powerLaw", "arXiv 2406.02507"] {
        assert!(text.contains(word), "{word}");
    }
    let json: Value = serde_json::from_str(&good(&["schemes", "--json"])).unwrap();
    assert_eq!(json, serde_json::to_value(&table).unwrap());
    // One whole: in words and as files have it.
    let folder = folder("one-scheme");
    for (id, words) in [
        ("sigma-scaling", ["Sigma scaling", "k = 1.1 (0.1 to 10)"]),
        ("ht-cosine-6", ["Proposal, cosine, g = 6", "\"weight\": 6"]),
    ] {
        let text = good(&["schemes", id]);
        let alone = good(&["schemes", id, "--json"]);
        assert!(words.iter().all(|word| text.contains(word)) && text.ends_with(&alone), "{text}");
        let scheme: Scheme = serde_json::from_str(&alone).unwrap();
        assert_eq!(Some(scheme), named(id));
        let path = file(&folder, "scheme.json", alone);
        let few = ["--particles", "3"];
        let run = |name: &str| good(&[&["sample", "--scheme", name][..], &few].concat());
        assert_eq!(run(&path), run(id));
    }
    assert!(bad(&["schemes", "nothing"]).contains("There is no scheme named \"nothing\""));
}

#[test]
fn schemes_are_sampled_by_name_and_by_file() {
    let folder = folder("scheme");
    let csv = |points: &[[f32; 2]]| -> String {
        std::iter::once("x,y\n".to_owned()).chain(points.iter().map(|[x, y]| format!("{x},{y}\n"))).collect()
    };
    let preset = named("ht-cosine-6").unwrap();
    let ends = endpoints(&shipped(&preset), preset, Solver::Heun, &class_a_starts(4, 30));
    assert_eq!(good(&["sample", "--scheme", "ht-cosine-6", "--particles", "30", "--seed", "4"]), csv(&ends));
    // Particles that depend on each other, more of them than are moved at a time.
    let text = r#"{"main":"exact:A","guide":{"model":"exact","condition":"AB"},"weight":2,"solver":"reverseSde",
        "combination":{"feynmanKac":{"threshold":1.0}},"levels":{"steps":3,"max":1.0}}"#;
    let path = file(&folder, "corrected.json", text);
    let scheme: Scheme = serde_json::from_str(text).unwrap();
    let start = guidance_playground::plane::starts(mixture(Classes::A), 1.0, 2, 0..17_000);
    let ends = Sampler::new(&RunConfig { scheme, seed: 2 }, &MODELS).unwrap().sample(&start, 2);
    assert_eq!(good(&["sample", "--scheme", &path, "--particles", "17000", "--seed", "2"]), csv(&ends));
    for option in [["--weight", "2"], ["--main", "exact:A"], ["--steps", "4"]] {
        assert!(bad(&["sample", "--scheme", "none", option[0], option[1]]).contains("cannot be used with"));
    }
    assert!(bad(&["sample", "--particles", "4"]).contains("--main"));
}

#[test]
fn a_bad_scheme_is_named_by_file_and_line() {
    let folder = folder("bad-scheme");
    for (text, words) in [
        ("{\n  \"wieght\": 3\n}", "line 2: unknown field `wieght`, expected one of"),
        ("{\"weight\": 3,\n\n", "line 3: the file ends too early"),
        ("{\"schedule\":\n\"cosinus\"}", "line 2: schedule: unknown variant `cosinus`"),
        ("\u{feff}{\"levels\":\n{\"spacing\":\nnull}}", "line 3: levels.spacing: this is no value that can stand here"),
        (
            "{\"levels\":{\n\"steps\": 32.5}}",
            "line 2: levels.steps: invalid value: floating point `32.5`, expected an integer",
        ),
        (
            "{\"guide\":{\"noise\":{\"studentT\":{\n}}}}",
            "line 2: guide.noise.studentT: missing field `degreesOfFreedom`",
        ),
        ("{\n\"weight\": 1e999}", "line 2: weight: this number is too large"),
        ("{\n\"scheme\": {\n\"weight\": 1e999}}", "line 3: "),
        ("{\"scheme\": {\n\"wieght\": 3}}", "line 2: unknown field `wieght`"),
        ("{\"scheme\": {},\n\"seed\": -1}", "line 2: seed: "),
        ("{\"scheme\": {},\n\"sead\": 1}", "line 2: unknown field `sead`"),
        ("{\"weight\": 1,\n\"weight\": 1}", "line 2: duplicate field `weight`"),
        ("{}\n{}", "line 2: more stands after the end"),
        ("[]", "line 1: "),
        ("{\"weight\": 3}", "The weight of a scheme without a guide must be 1"),
        ("{\"levels\": {\"steps\": 1}}", "The number of steps"),
    ] {
        let path = file(&folder, "scheme.json", text);
        for arguments in
            [&["compare", path.as_str()][..], &["sample", "--scheme", &path], &["sweep", &path, "--over", "w=1"]]
        {
            let found = bad(arguments);
            assert!(found.contains(&path) && found.contains(words), "{found}");
        }
    }
    assert!(bad(&["compare", "nothing"]).contains("There is no scheme named \"nothing\""));
    assert!(bad(&["compare", "nothing.json"]).contains("nothing.json: "));
    assert!(bad(&["compare", "none", "--seeds", "0"]).contains("The number of seeds"));
    assert!(bad(&["compare", "none", "--particles", "1"]).contains("The number of particles"));
}

#[test]
fn comparisons_are_the_librarys_numbers() {
    let folder = folder("compare");
    let guided = scheme("exact:A", Some(("exact:AB", 1.0)), 2.0);
    let path = file(&folder, "guided.json", serde_json::to_string(&guided).unwrap());
    let arguments =
        ["compare", &path, "none", "ag-toy", "--exact", "--particles", "150", "--seeds", "2", "--seed", "8"];
    let found = rows(&good(&[&arguments[..], &["--json"]].concat()));
    assert_eq!(found.len(), 3);
    let mut evaluator = Evaluator::new(Arc::clone(mixture(Classes::A)));
    let run = |scheme: &Scheme, seed| endpoints(&MODELS, scheme.clone(), Solver::Heun, &class_a_starts(seed, 150));
    let alone = scheme("exact:A", None, 1.0);
    let runs: Vec<_> = [8, 9].iter().map(|&seed| evaluator.metrics(&run(&guided, seed)).unwrap()).collect();
    let over = over_seeds(&runs);
    let row = &found[0]["results"];
    for (id, spread) in [
        ("outliers", over.outliers),
        ("logDensityGap", over.log_density_gap),
        ("medianLogDensity", over.median_log_density),
        ("branchTotalVariation", over.branch_total_variation),
        ("effectiveBranches", over.effective_branches),
        ("slicedWasserstein", over.sliced_wasserstein),
    ] {
        for (part, expected) in [("value", spread.mean), ("deviation", spread.deviation)] {
            let value = number(row, &format!("/{id}/{part}"));
            assert!((value - expected).abs() <= 1e-12 * expected.abs(), "{id} {part}: {value} {expected}");
        }
    }
    let outliers = runs[0].estimates.outliers;
    assert_eq!(number(row, "/outliers/floor/mean"), outliers.floor.mean);
    // Two runs' errors together, and the pairing with the main model alone.
    let errors = runs.iter().map(|r| r.estimates.sliced_wasserstein.standard_error.powi(2)).sum::<f64>().sqrt() / 2.0;
    assert!((number(row, "/slicedWasserstein/standardError") - errors).abs() < 1e-12);
    let differences: Vec<f64> = [8, 9]
        .iter()
        .map(|&seed| {
            let [a, b] = [&guided, &alone].map(|scheme| evaluator.scores(&run(scheme, seed)).unwrap());
            paired(&a, &b).unwrap().effective_branches.value
        })
        .collect();
    let difference = number(row, "/effectiveBranches/difference/value");
    assert!((difference - 0.5 * (differences[0] + differences[1])).abs() < 1e-12);
    let levels = NoiseLevels { steps: 128, ..NoiseLevels::default() };
    let distances = [8, 9].map(|seed| {
        let truth = Scheme { levels, ..alone.clone() };
        endpoint_distance(&run(&guided, seed), &run(&truth, seed)).unwrap().mean
    });
    let distance = number(row, "/endpointDistance/value");
    assert!((distance / (0.5 * (distances[0] + distances[1])) - 1.0).abs() < 1e-6, "{distance} {distances:?}");
    assert_eq!(number(row, "/cost/evaluationsPerParticle"), 126.0);
    assert_eq!(found[0]["configuration"]["scheme"], serde_json::to_value(&guided).unwrap());
    assert_eq!(found[1]["configuration"]["scheme"]["main"], json!({"model": "exact", "condition": "A"}));
    assert!(found[2]["refused"].as_str().unwrap().contains("merely worse"));

    let text = good(&arguments);
    for word in
        ["outliers", "sliced W1", "evaluations", "a perfect sampler", "from the same starts", "ag-toy was not run"]
    {
        assert!(text.contains(word), "{text}");
    }
    let shown = format!("{:.4} ± ", number(row, "/outliers/value"));
    assert!(text.contains(&shown), "{shown}: {text}");
}

const GRID: [&str; 12] = [
    "sweep",
    "sigma-scaling",
    "--exact",
    "--over",
    "k=1.1:1.2:0.1",
    "--over",
    "w=2,60",
    "--particles",
    "64",
    "--seeds",
    "2",
    "--out",
];

/// Rows without what differs from time to time.
fn timeless(path: &Path) -> Vec<Value> {
    let mut found = rows(&fs::read_to_string(path).unwrap());
    for row in &mut found {
        if let Some(cost) = row.pointer_mut("/results/cost").and_then(Value::as_object_mut) {
            assert!(cost.remove("milliseconds").is_some());
        }
    }
    found
}

#[test]
fn a_sweep_goes_on_where_it_was_cut_off() {
    let folder = folder("sweep");
    let out = folder.join("grid.jsonl");
    let table = folder.join("grid.csv");
    let arguments = [&GRID[..], &[out.to_str().unwrap(), "--csv", table.to_str().unwrap()]].concat();
    good(&arguments);
    let whole = timeless(&out);
    assert_eq!(whole.len(), 4);
    assert_eq!((&whole[2]["over"]["k"], &whole[2]["over"]["w"]), (&Value::from(1.2), &Value::from(2)));
    assert_eq!(number(&whole[2], "/configuration/scheme/guide/sigmaScale"), 1.2);
    assert_eq!(number(&whole[2], "/configuration/particles"), 64.0);
    for row in [&whole[1], &whole[3]] {
        assert!(row["refused"].as_str().unwrap().contains("The guidance weight must be between"), "{row}");
    }

    let mut reader = csv::Reader::from_path(&table).unwrap();
    let header = reader.headers().unwrap().clone();
    let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let column = |name: &str| header.iter().position(|h| h == name).unwrap_or_else(|| panic!("no {name}"));
    assert_eq!((records.len(), &records[2][column("k")], &records[3][column("w")]), (4, "1.2", "60"));
    for metric in METRICS {
        let found: f64 = records[2][column(metric.id)].parse().unwrap();
        assert_eq!(found, number(&whole[2], &format!("/results/{}/value", metric.id)));
        assert_eq!(&records[1][column(metric.id)], "");
    }
    assert!(records[1][column("refused")].contains("guidance weight"));
    let configuration: Value = serde_json::from_str(&records[2][column("configuration")]).unwrap();
    assert_eq!(configuration, whole[2]["configuration"]);

    // Nothing is left to do, and nothing changes, not even times.
    let before = fs::read(&out).unwrap();
    good(&arguments);
    assert_eq!(fs::read(&out).unwrap(), before);
    // Nor where the rows were written under version 1 of the description.
    let old = [
        (r#""main":{"condition":"A","model":"exact"}"#, r#""main":"exact:A""#),
        (r#""guide":{"condition":"A","#, r#""guide":{"#),
        (r#""model":"exact""#, r#""model":"exact:A""#),
        (r#""version":2"#, r#""version":1"#),
    ];
    let old = old.iter().fold(String::from_utf8(before.clone()).unwrap(), |text, (now, then)| {
        assert!(text.contains(now), "{now}");
        text.replace(now, then)
    });
    fs::write(&out, &old).unwrap();
    good(&arguments);
    assert_eq!(fs::read_to_string(&out).unwrap(), old);
    // A line cut short anywhere is done again, and only that.
    let first_lines = |n: usize| before.split_inclusive(|&b| b == b'\n').take(n).map(<[u8]>::len).sum::<usize>();
    for cut in [first_lines(3) - 1, first_lines(2) + 40, first_lines(2) + 1, 5] {
        fs::write(&out, &before[..cut]).unwrap();
        let told = String::from_utf8(run(&arguments).stderr).unwrap();
        assert!(told.contains("cut short"), "{told}");
        assert_eq!(timeless(&out), whole, "{cut}");
        let kept = before[..cut].iter().rposition(|&b| b == b'\n').map_or(0, |end| end + 1);
        assert_eq!(fs::read(&out).unwrap()[..kept], before[..kept]);
    }
    // Another sweep's rows do not come among these, whatever it differs in.
    let (grid, elsewhere) = (["k=1.1:1.2:0.1", "w=2,60"], "(its scheme is none of these, or is varied otherwise)");
    for (base, overs, particles, seeds, words) in [
        ("sigma-scaling", &grid[..], "65", "2", "(particles 64, here 65)"),
        ("sigma-scaling", &grid, "64", "1", "(seeds [0,1], here [0])"),
        ("classifier-free", &grid[1..], "64", "2", elsewhere),
        ("sigma-scaling", &["k=1.1:1.2:0.1", "w=2"], "64", "2", elsewhere),
        ("sigma-scaling", &["/guide/sigmaScale=1.1,1.2", "w=2,60"], "64", "2", elsewhere),
    ] {
        let mut other = vec!["sweep", base, "--exact", "--particles", particles, "--seeds", seeds];
        other.extend(overs.iter().flat_map(|over| ["--over", over]));
        let found = bad(&[&other[..], &["--out", out.to_str().unwrap()]].concat());
        assert!(found.contains(words) && found.contains("this is a row of another sweep"), "{found}");
        assert_eq!(timeless(&out), whole);
    }
    // Nor two sweeps' at once, which would both do what is left.
    #[cfg(unix)]
    {
        let other = fs::File::open(&out).unwrap();
        other.try_lock().unwrap();
        let found = bad(&arguments);
        assert!(found.contains("another sweep adds rows to this file") && found.contains("another file"), "{found}");
        assert_eq!(timeless(&out), whole);
    }
    // A larger grid holds all rows of this one, and adds its own.
    let larger: Vec<&str> = arguments.iter().map(|&a| if a == "w=2,60" { "w=2,60,3" } else { a }).collect();
    good(&larger);
    let found = timeless(&out);
    assert_eq!((&found[..4], found.len()), (&whole[..], 6));

    for (text, words) in [("{\"a\":1}\n", "line 1"), ("x,y\n1,2\n", "line 1"), ("{\"minified\":[1,2]}", "line 1")] {
        fs::write(&out, text).unwrap();
        let found = bad(&arguments);
        assert!(found.contains(words) && found.contains("no row of a sweep"), "{found}");
        assert_eq!(fs::read_to_string(&out).unwrap(), text, "another's file is left as it is");
    }
}

#[test]
fn sweeps_refuse_what_they_do_not_understand() {
    let sweep = |over: &str| bad(&["sweep", "sigma-scaling", "--over", over, "--particles", "64"]);
    assert!(sweep("nu=4").contains("one of w, k, shift"));
    assert!(sweep("k=1:2").contains("from:to:step"));
    assert!(sweep("schedule=cosinus").contains("static, linear, cosine"));
    assert!(sweep("guide=guide-C32-0512").contains("There is no model named"));
    assert!(bad(&["sweep", "none"]).contains("--over"));
    let parts = rows(&good(&[
        "sweep",
        "sigma-scaling",
        "--exact",
        "--particles",
        "16",
        "--seeds",
        "1",
        "--over",
        "schedule=static,beta",
        "--over",
        "combination=lerp,cfgPlusPlus",
    ]));
    assert_eq!(parts.len(), 4);
    assert!(parts[1]["refused"].as_str().unwrap().contains("Euler"));
    assert_eq!(parts[2]["over"]["schedule"], "beta");
    assert_eq!(parts[2]["configuration"]["scheme"]["schedule"], serde_json::json!({"beta": {"a": 2.0, "b": 2.0}}));
}

/// Ctrl-C, wherever it falls, costs no finished point.
#[cfg(unix)]
#[test]
fn an_interrupted_sweep_is_resumed_by_the_same_command() {
    let folder = folder("sweep-interrupt");
    let out = folder.join("grid.jsonl");
    let arguments = [
        "sweep",
        "sigma-scaling",
        "--exact",
        "--over",
        "k=1:1.5:0.005",
        "--particles",
        "200",
        "--seeds",
        "2",
        "--out",
        out.to_str().unwrap(),
    ];
    let mut child = command(&arguments).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    while !fs::read_to_string(&out).is_ok_and(|text| text.contains('\n')) {
        assert_eq!(child.try_wait().unwrap(), None, "it ended before it could be interrupted");
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    assert!(std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    let words = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(130) && words.contains("resume by running the same command"), "{words}");
    let part = fs::read_to_string(&out).unwrap();
    assert!((1..101).contains(&rows(&part).len()));
    good(&arguments);
    let whole = fs::read_to_string(&out).unwrap();
    assert!(whole.starts_with(&part) && rows(&whole).len() == 101);
    let ks: Vec<f64> = rows(&whole).iter().map(|row| number(row, "/over/k")).collect();
    assert!(ks.windows(2).all(|pair| pair[0] < pair[1]) && ks[100] == 1.5);
}

#[test]
fn plots_show_every_point() {
    let folder = folder("plot");
    let lines =
        good(&["sweep", "sigma-scaling", "--exact", "--over", "k=1.1,1.2", "--particles", "64", "--seeds", "1"])
            + &good(&["compare", "none", "--exact", "--particles", "64", "--seeds", "1", "--json"]);
    let path = file(&folder, "rows.jsonl", lines);
    let svg = good(&["plot", &path, "--y", "slicedWasserstein"]);
    for word in ["<svg", "</svg>", "k = 1.1", "k = 1.2", "none", "a perfect sampler", "effective branches", "sliced W1"]
    {
        assert!(svg.contains(word), "{word}");
    }
    assert_eq!(svg.matches("<circle").count(), 3);
    assert!(svg.len() < 60_000 && !svg.contains("NaN") && !svg.contains("inf"));
    let out = folder.join("picture.svg");
    good(&["plot", &path, "--y", "slicedWasserstein", "--out", out.to_str().unwrap()]);
    assert_eq!(fs::read_to_string(out).unwrap(), svg);
    assert!(bad(&["plot", &path, "--x", "beauty"]).contains("one of outliers"));
    for (axis, words) in [("evaluations", "evaluations of models"), ("milliseconds", "milliseconds of a run")] {
        let svg = good(&["plot", &path, "--x", axis]);
        assert!(svg.contains(words) && svg.matches("<circle").count() == 3, "{axis}");
        assert!(!svg.contains("a perfect sampler") && !svg.contains("NaN"), "{axis}");
    }
    let empty = file(&folder, "empty.jsonl", "");
    assert!(bad(&["plot", &empty]).contains("no row with results"));
}

#[test]
fn a_report_has_a_verdict_for_every_claim() {
    let folder = folder("report");
    let out = folder.to_str().unwrap();
    let told = good(&["report", "--quick", "--half", "proposal", "--out", out]);
    let text = fs::read_to_string(folder.join("report.md")).unwrap();
    let words = ["holds", "does not hold", "undecided", "not tested"];
    for (i, claim) in claims().iter().enumerate() {
        let line = format!("| {}. {} | ", i + 1, claim.statement);
        let rest = text.split(&line).nth(1).unwrap_or_else(|| panic!("no {line}")).lines().next().unwrap();
        let verdicts: Vec<&str> = rest.trim_end_matches(" |").split(" | ").collect();
        assert!(verdicts.len() == 2 && verdicts.iter().all(|v| words.contains(v)), "{rest}");
        let section = text.split(&format!("### {}. ", i + 1)).nth(1).unwrap();
        assert!(section.contains(claim.criterion));
        for (set, verdict) in ["With networks", "With exact scores"].into_iter().zip(verdicts) {
            assert!(section.contains(&format!("{set}: **{verdict}**")), "{set} {verdict}");
        }
        assert!(told.contains(claim.statement));
    }
    assert!(!text.contains("NaN"), "a metric is missing");
    for name in text.split("](").skip(1).map(|rest| rest.split(')').next().unwrap()) {
        let svg = fs::read_to_string(folder.join(name)).unwrap();
        assert!(svg.len() < 60_000 && !svg.contains("NaN"), "{name}");
    }
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 5);
    assert!(bad(&["report", "--quick", "--out", "nowhere"]).contains("no such folder"));
}

#[test]
#[ignore = "two reports; runs are compared bit by bit elsewhere"]
fn a_report_is_the_same_again_but_for_times() {
    let folder = folder("report-again");
    let out = folder.to_str().unwrap();
    let [one, other] = ["2", "1"].map(|threads| {
        good(&["report", "--quick", "--half", "proposal", "--out", out, "--threads", threads]);
        let text = fs::read_to_string(folder.join("report.md")).unwrap();
        text.split("## Time").next().unwrap().to_owned()
    });
    assert_eq!(one, other);
}
