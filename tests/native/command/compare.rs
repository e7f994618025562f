//! What `compare` and `image compare` set schemes against.

use super::{bad, good};
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
