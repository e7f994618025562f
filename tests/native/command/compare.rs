//! What `compare` and `image compare` set schemes against.

use super::{bad, good, run};
use guidance_playground::plane::catalogue::catalogue;
use serde_json::Value;

fn rows(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn schemes_are_set_against_whichever_is_named() {
    let quick = ["--exact", "--particles", "200", "--seeds", "2"];
    let compare = |more: &[&str]| good(&[&["compare", "none", "cfg-toy"][..], &quick, more].concat());
    let found = rows(&compare(&["--against", "cfg-toy", "--json"]));
    let of = |row: &Value, metric: &str, part: &str| row["results"][metric].pointer(part).unwrap().as_f64().unwrap();
    for metric in ["outliers", "slicedWasserstein", "effectiveBranches"] {
        let value = |i: usize| of(&found[i], metric, "/value");
        let difference = |i: usize| of(&found[i], metric, "/difference/value");
        assert!((difference(0) - (value(0) - value(1))).abs() < 1e-12, "{metric}");
        assert_eq!(difference(1), 0.0, "{metric}");
    }
    assert!(found.iter().all(|row| row["against"] == "cfg-toy"));
    // The other way round it is what it was before: less the main model alone.
    let usual = rows(&compare(&["--json"]));
    let metric = "slicedWasserstein";
    let [here, there] = [(&found[0], "none"), (&usual[1], "cfg-toy")].map(|(row, name)| {
        assert_eq!(row["name"], name);
        ["/difference/value", "/difference/standardError"].map(|part| of(row, metric, part))
    });
    assert!((here[0] + there[0]).abs() < 1e-12 && (here[1] - there[1]).abs() < 1e-12, "{here:?} {there:?}");
    assert!(usual[1].get("against").is_none());

    // A star where it is certain: classifier-free guidance prunes, whatever the noise; a scheme is no different from itself.
    let table = compare(&["--against", "none"]);
    let differences = table.split("Less none, from the same starts (* beyond 3 standard errors)").nth(1).expect(&table);
    let line = |name: &str| differences.lines().find(|line| line.trim_start().starts_with(name)).unwrap();
    assert!(line("cfg-toy").contains('*') && !line("none").contains('*'), "{table}");
    assert!(bad(&["compare", "none", "--against", "nobody"]).contains("nobody"));
}

#[test]
fn pictures_are_set_against_whichever_is_named() {
    let run = ["image", "compare", "none", "cfg", "--exact", "--prompt", "rocket", "--images", "2"];
    let table = good(&[&run[..], &["--against", "cfg"]].concat());
    let differences = table.split("Less cfg, from the same noise (* beyond 3 standard errors)").nth(1).expect(&table);
    assert!(differences.trim_start().starts_with("none"), "{table}");
    let words = bad(&[&run[..], &["--against", "cfg4"]].concat());
    assert!(words.contains("What others are compared against must be one of none, cfg; it is \"cfg4\"."), "{words}");
}

/// As the page has them, and it is said.
#[test]
fn schemes_by_name_have_exact_models_on_other_data() {
    let few = ["--data", "two-moons", "--particles", "50", "--seed", "3"];
    let named = run(&[&["sample", "--scheme", "autoguidance"], &few[..]].concat());
    let told = String::from_utf8(named.stderr).unwrap();
    assert!(told.contains("exact models stand for them, under 1.1 times the noise"), "{told}");
    let described = ["--main", "exact:A", "--guide", "exact:A", "--guide-sigma-scale", "1.1", "--weight", "3"];
    let same = good(&[&["sample"], &described[..], &few].concat());
    assert_eq!(String::from_utf8(named.stdout).unwrap(), same);
    let compared = run(&[
        "compare",
        "classifier-free~weight:2",
        "--data",
        "two-moons",
        "--particles",
        "50",
        "--seeds",
        "1",
        "--json",
    ]);
    let told = String::from_utf8(compared.stderr).unwrap();
    assert!(
        told.contains("classifier-free~weight:2: its networks know nothing of two-moons; exact models stand for them."),
        "{told}"
    );
    assert!(String::from_utf8(compared.stdout).unwrap().contains(r#""guide":{"condition":"AB","#));
}

#[test]
fn settings_of_papers_are_told_by_what_they_add() {
    let table = catalogue();
    let told = |id: &str| table.told(&table.presets.iter().find(|preset| preset.id == id).unwrap().scheme);
    let rule = table.combinations.iter().find(|row| row.id == "apg").unwrap();
    assert_eq!(told("apg"), (rule.formula, format!("{}: {}", rule.name, rule.explanation)));
    let kind = |id: &str| table.schemes.iter().find(|row| row.id == id).unwrap();
    for (preset, of) in [
        ("ag-toy", "autoguidance"),
        ("cfg-large", "classifier-free"),
        ("ht-1.10", "sigma-scaling"),
        ("ht-student-4", "heavy-tail-student"),
    ] {
        assert_eq!(told(preset), (kind(of).formula, kind(of).explanation.to_owned()), "{preset}");
    }
    let (formula, words) = told("ht-cosine-4");
    assert_eq!(formula, kind("sigma-scaling").formula);
    for part in [&table.schedules, &table.readings] {
        assert!(part.iter().any(|row| words.contains(&format!("{}: {}", row.name, row.explanation))), "{words}");
    }
    assert!(told("li").1.contains("off outside"));
    assert!(told("feedback").1.contains(": ") && told("feedback").0 != kind("classifier-free").formula);
    let printed = good(&["schemes", "apg"]);
    assert!(printed.contains(rule.formula) && printed.contains(rule.explanation), "{printed}");
}
