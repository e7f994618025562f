//! The second halves of both reports: every rule of the tables, its best chosen by other seeds, a verdict for every sentence.

use crate::command::{folder, good};
use guidance_playground::images;
use guidance_playground::study::since::{Choice, LOST, PUBLISHED, choose, claims, rules, settings};
use serde_json::Value;
use std::fs;

const NETWORK: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/images-network.safetensors");
const WORDS: [&str; 4] = ["holds", "does not hold", "undecided", "not tested"];

/// The verdicts in the table, each of which its section repeats.
fn verdicts_are_told<'a>(text: &str, claims: impl Iterator<Item = (&'a str, &'a str)>) {
    for (i, (statement, criterion)) in claims.enumerate() {
        let line = format!("| {}. {statement} | ", i + 1);
        let rest = text.split(&line).nth(1).unwrap_or_else(|| panic!("no {line}")).lines().next().unwrap();
        let verdicts: Vec<&str> = rest.trim_end_matches(" |").split(" | ").collect();
        assert!(verdicts.len() == 2 && verdicts.iter().all(|v| WORDS.contains(v)), "{rest}");
        let section = text.split(&format!("### Since {}. ", i + 1)).nth(1).unwrap();
        assert!(section.contains(criterion));
        for (kind, verdict) in ["With networks", "With exact scores"].into_iter().zip(verdicts) {
            let told = format!("{kind}: **{verdict}**");
            assert!(
                section.contains(&told) || !text.contains(&format!("## Every rule, {}", kind.to_lowercase())),
                "{told}"
            );
        }
    }
}

#[test]
fn every_rule_is_told_and_its_best_is_chosen_by_other_seeds() {
    let folder = folder("report-since");
    let out = folder.to_str().unwrap();
    // What stands above stays.
    fs::write(folder.join("report.md"), "# The proposal's\n\ntext\n").unwrap();
    let report = ["report", "--quick", "--half", "since", "--out", out];
    good(&report);
    let text = fs::read_to_string(folder.join("report.md")).unwrap();
    assert!(text.starts_with("# The proposal's\n\ntext\n\n# Since the proposal\n"), "{text}");
    verdicts_are_told(&text, claims().iter().map(|claim| (claim.statement, claim.criterion)));
    for rule in rules() {
        let told = [format!("\n| {} | {PUBLISHED} |", rule.name), format!("Not run: {}. ", rule.name)];
        assert!(told.iter().any(|told| text.contains(told)), "{}", rule.name);
    }
    assert!(!text.contains("[none") && !text.contains(" best]"), "an identifier is left in brackets");
    let svg = fs::read_to_string(folder.join("report-since.svg")).unwrap();
    assert!(svg.len() < 120_000 && !svg.contains("NaN") && svg.matches("<g ").count() > 50);

    // One rule's choice, again.
    let rows = fs::read_to_string(folder.join("report-since.jsonl")).unwrap();
    let rows: Vec<Value> = rows.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let value = |name: &str, scheme: &Value, seed: u64, metric: &str| {
        let row = rows.iter().find(|row| {
            let of = &row["configuration"];
            row["name"] == name && of["scheme"] == *scheme && of["seeds"][0] == seed && of["exact"] == false
        });
        row.unwrap_or_else(|| panic!("no run of {name} by {seed}"))["results"][metric]["value"].as_f64().unwrap()
    };
    let of = |id: &str| {
        let rule = rules().into_iter().find(|rule| rule.id == id).unwrap();
        let grid: Vec<_> = settings(&rule, |_| true).into_iter().take(2).collect();
        (rule.name, grid)
    };
    let found = |id: &str| {
        let (name, grid) = of(id);
        let choice = |scheme: &Value| Choice {
            error: value(&name, scheme, 101, "outliers"),
            lost: value(&name, scheme, 101, "branchTotalVariation"),
        };
        grid.iter().map(|setting| Some(choice(&serde_json::to_value(&setting.scheme).unwrap()))).collect::<Vec<_>>()
    };
    let most = found("none")[0].unwrap().lost + LOST;
    let (name, grid) = of("sigma-scaling");
    let best = &grid[choose(&found("sigma-scaling"), most).unwrap()];
    let scheme = serde_json::to_value(&best.scheme).unwrap();
    let mean = 0.5 * (value(&name, &scheme, 1, "outliers") + value(&name, &scheme, 2, "outliers"));
    let told = format!("| {name}, at its best | {} | {mean:.4} ± ", best.words);
    assert!(text.contains(&told), "{told}");
    let seeds: Vec<u64> = rows.iter().map(|row| row["configuration"]["seeds"][0].as_u64().unwrap()).collect();
    assert!([1, 2, 101].iter().all(|seed| seeds.contains(seed)) && seeds.iter().all(|seed| [1, 2, 101].contains(seed)));

    // Nothing is left to do, and all is told again.
    good(&report);
    assert_eq!(fs::read_to_string(folder.join("report.md")).unwrap(), text);
}

#[test]
fn every_rule_of_pictures_is_told() {
    let folder = folder("images-report-since");
    let out = folder.to_str().unwrap();
    let report =
        ["image", "report", "--quick", "--half", "since", "--only", "networks", "--main", NETWORK, "--guide", NETWORK];
    good(&[&report[..], &["--out", out]].concat());
    let text = fs::read_to_string(folder.join("images-report.md")).unwrap();
    let all = images::study::since::claims(false);
    verdicts_are_told(&text, all.iter().map(|claim| (claim.statement, claim.criterion)));
    for rule in images::study::since::rules(&crate::images::WORLD) {
        let told = [format!("\n| {} | {PUBLISHED} |", rule.name), format!("Not run: {}. ", rule.name)];
        let lost = format!("\n| {} (", rule.name);
        assert!(told.iter().chain([&lost]).any(|told| text.contains(told)), "{}", rule.name);
    }
    let svg = fs::read_to_string(folder.join("images-report-since.svg")).unwrap();
    assert!(svg.len() < 120_000 && !svg.contains("NaN"));
}
