//! Files that are made from the core's tables and kept in the repository, so that neither the page nor a reader needs a build
//! for them. A stale one is rewritten, and the test fails once, to have it committed.

use super::in_repository;
use crate::images::WORLD;
use guidance_playground::guidance::catalogue::{Control, Variant};
use guidance_playground::guidance::{Combination, Noise};
use guidance_playground::images;
use guidance_playground::images::study::{claims, experiments, since as of_pictures};
use guidance_playground::plane::catalogue::{Catalogue, catalogue, networks, short};
use guidance_playground::plane::metrics::{self, Better, Metric};
use guidance_playground::study::{self, since::PUBLISHED};
use serde_json::{Map, Value, json};
use std::fmt::Write;

fn is_fresh(path: &str, text: &str) {
    if std::fs::read_to_string(in_repository(path)).unwrap_or_default() != text {
        renew(path, text);
    }
}

/// Rewrites a stale file, and fails.
pub fn renew(path: &str, text: &str) -> ! {
    std::fs::write(in_repository(path), text).unwrap();
    panic!("{path} was stale; it is fresh now: look at it and commit it");
}

/// Writes a table into a folder of the page: the table without what only those need who ask, and that apart from it.
fn are_fresh(folder: &str, table: &impl serde::Serialize) {
    let text = serde_json::to_string_pretty(table).unwrap();
    let (mut list, mut own, mut here) = ("", "", String::new());
    for line in text.lines() {
        // A field is a line.
        let text = line.trim_start();
        let field = text.strip_prefix('"').and_then(|rest| rest.split('"').next());
        let depth = line.len() - text.len();
        list = field.filter(|_| depth == 2).unwrap_or(list);
        own = field.filter(|_| depth == 6).unwrap_or(own);
        let dropped = match depth {
            6 => field.is_some_and(|field| apart(list).contains(&field)),
            10 if own == "parameters" => {
                field.is_some_and(|field| list_of_parts(list) && !["path", "symbol"].contains(&field))
            }
            _ => false,
        };
        if !dropped {
            // What was before the last of a row may be the last now.
            if text.starts_with('}') && here.ends_with(",\n") {
                here.truncate(here.len() - 2);
                here.push('\n');
            }
            here += line;
            here.push('\n');
        }
    }
    let whole = serde_json::to_value(table).unwrap();
    let mut there = Map::new();
    for (list, rows) in whole.as_object().unwrap() {
        let about = |row: &Value| -> Option<(String, Value)> {
            let parameters = list_of_parts(list) && row["parameters"].as_array().is_some_and(|all| !all.is_empty());
            let fields = apart(list).iter().copied().chain(parameters.then_some("parameters"));
            let fields = fields.filter_map(|field| Some((field.to_owned(), row.get(field)?.clone())));
            let mut fields: Map<String, Value> = fields.collect();
            if list == "combinations" {
                // As a rule of one's own, to begin from.
                let combination: Combination = serde_json::from_value(row["value"].clone()).unwrap();
                fields.extend(combination.text().map(|text| ("text".to_owned(), text.into())));
            }
            (!fields.is_empty()).then(|| (row["id"].as_str().unwrap().to_owned(), fields.into()))
        };
        let rows: Map<String, Value> = rows.as_array().into_iter().flatten().filter_map(about).collect();
        if !rows.is_empty() {
            there.insert(list.clone(), rows.into());
        }
    }
    let there = serde_json::to_string_pretty(&there).unwrap() + "\n";
    let stale: Vec<_> = [("catalogue", here), ("explanations", there)]
        .into_iter()
        .map(|(name, text)| (format!("{folder}/{name}.json"), text))
        .filter(|(path, text)| std::fs::read_to_string(in_repository(path)).unwrap_or_default() != *text)
        .collect();
    for (path, text) in &stale {
        std::fs::write(in_repository(path), text).unwrap();
    }
    assert!(stale.is_empty(), "{folder} was stale; it is fresh now: look at it and commit it");
}

/// What of a table's rows every embed needs not: formulas are shown of kinds of guide and of rules alone, unless somebody asks.
fn apart(table: &str) -> &'static [&'static str] {
    match table {
        "schemes" | "combinations" => &["explanation", "reference"],
        _ => &["explanation", "reference", "formula"],
    }
}

/// Whether rows of a table are variants of a part, whose parameters' ranges are for those who have a control of them.
fn list_of_parts(table: &str) -> bool {
    ["schedules", "combinations", "solvers", "spacings"].contains(&table)
}

#[test]
fn the_pages_table_is_the_catalogue() {
    are_fresh("www/plane", &catalogue());
}

#[test]
fn the_pages_table_of_pictures_is_the_catalogue() {
    are_fresh("www/images", &images::catalogue::catalogue(&WORLD));
}

#[test]
fn the_documents_table_is_the_catalogue() {
    is_fresh("docs/schemes.md", &document(&catalogue()));
}

/// Rows of metrics, and apart from them what their numbers mean, which is only fetched where somebody asks.
#[test]
fn the_pages_metrics_are_the_table() {
    let rows = serde_json::to_string_pretty(&json!(metrics::METRICS)).unwrap();
    is_fresh("www/text/metrics.json", &(rows + "\n"));
    let meanings: Map<String, Value> =
        metrics::METRICS.iter().map(|m| (m.id.to_owned(), json!(m.explanation))).collect();
    is_fresh("www/text/metric-meanings.json", &(serde_json::to_string_pretty(&meanings).unwrap() + "\n"));
}

/// What the numbers of the report's columns are counted in.
#[test]
fn the_articles_columns_are_the_table() {
    let units: Map<String, Value> = study::METRICS.iter().map(|m| (m.head.to_owned(), json!(m.unit))).collect();
    is_fresh("www/article/columns.json", &(serde_json::to_string_pretty(&units).unwrap() + "\n"));
}

#[test]
fn the_documents_metrics_are_the_table() {
    let [begin, end] = ["<!-- metrics -->\n", "<!-- /metrics -->"];
    let text = std::fs::read_to_string(in_repository("docs/api.md")).unwrap();
    let (before, rest) = text.split_once(begin).unwrap();
    let (_, after) = rest.split_once(end).unwrap();
    let rows: String = metrics::METRICS.iter().map(described).collect();
    let table = format!("| metric | what it is | unit | perfect |\n| --- | --- | --- | --- |\n{rows}");
    is_fresh("docs/api.md", &[before, begin, &table, end, after].concat());
}

fn described(metric: &Metric) -> String {
    let perfect = metric.perfect.map_or("the data’s own".to_owned(), |value| value.to_string());
    let better = if metric.better == Better::Lower { ", lower is better" } else { "" };
    format!("| `{}` | {} | {} | {perfect}{better} |\n", metric.id, cell(metric.explanation), metric.unit)
}

/// weights/card.py, which takes a quarter of an hour and the trainings themselves, writes the card from the page's table.
#[test]
fn the_networks_card_has_the_catalogues_rows() {
    let card = std::fs::read_to_string(in_repository("weights/README.md")).unwrap();
    let all = networks();
    for of in all.chunk_by(|a, b| (a.training, a.condition) == (b.training, b.condition)) {
        let last = of.last().unwrap();
        let numbered = last.name.strip_suffix(&format!("{:04}", last.iterations)).filter(|_| of.len() > 1);
        let files = numbered.map_or(last.name.clone(), |files| format!("{files}*"));
        let iterations: Vec<_> = of.iter().map(|network| network.iterations.to_string()).collect();
        let noise = match last.noise {
            Noise::Gaussian => "Gaussian".to_owned(),
            Noise::StudentT { degrees_of_freedom } => format!("Student-t, ν = {degrees_of_freedom}"),
        };
        let row = [
            format!("`{files}`"),
            iterations.join(", "),
            last.data.clone(),
            last.condition.to_string(),
            noise,
            last.width.to_string(),
            last.layers.to_string(),
            last.seed.to_string(),
            last.bytes.to_string(),
        ];
        let row = format!("| {} |", row.join(" | "));
        assert!(card.lines().any(|line| line == row), "{row}");
    }
}

/// Bars would end a cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

fn parameters(controls: &[Control]) -> String {
    let one = |Control { parameter: p, .. }: &Control| {
        format!("{} = {}, {} to {} ({})", p.symbol, p.default, p.least, p.greatest, p.name.trim_start_matches("The "))
    };
    controls.iter().map(one).collect::<Vec<_>>().join("; ")
}

fn variants(text: &mut String, title: &str, field: &str, rows: &[Variant]) {
    writeln!(text, "\n## {title}\n\nField `{field}`.\n").unwrap();
    writeln!(text, "| name | JSON | formula | what it does | parameters | source |\n|---|---|---|---|---|---|")
        .unwrap();
    for row in rows {
        let (json, parameters) = (row.value.to_string(), parameters(&row.parameters));
        let [name, formula, explanation, reference] = [row.name, row.formula, row.explanation, row.reference].map(cell);
        writeln!(text, "| {name} | `{json}` | {formula} | {explanation} | {parameters} | {reference} |").unwrap();
    }
}

/// Rules that were looked at and have no row.
const LEFT_OUT: &str = include_str!("left_out.md");

fn document(table: &Catalogue) -> String {
    let mut text = "# Schemes\n\n\
        Made from the catalogue in the core (`src/plane/catalogue/`); `cargo test generated` renews it.\n\n\
        A scheme is a JSON object; fields that are left out have their defaults. A guide that names no `model` is the main model, \
        `main-64-4096`, in files, the command and Python, and the opening view's, `guide-32-0512`, in addresses, embeds and the \
        library for JavaScript, whose links keep what they meant: name it. All that is copied or exported names it. s1 and D1 are the main model's score and \
        denoised estimate, s0 and D0 the guide's, w the guidance weight (1 is no guidance), σ the noise level, u the fraction \
        of sampling that is done. The command takes a name from below or a file of JSON; the page's address takes up to three, \
        as `?schemes=none,ht-1.10` or as a JSON list of names and objects. Everything below is what the page's menus and `guidance-playground schemes` \
        show.\n\n\
        ## Guides\n\n\
        | id | name | guided score | what it does | parameters | source |\n|---|---|---|---|---|---|\n"
        .to_owned();
    for row in &table.schemes {
        let [name, formula, explanation, reference] = [row.name, row.formula, row.explanation, row.reference].map(cell);
        let parameters = parameters(&row.parameters);
        writeln!(text, "| `{}` | {name} | {formula} | {explanation} | {parameters} | {reference} |", row.id).unwrap();
    }
    text.push_str("\n## Presets\n\n| id | name | scheme | source |\n|---|---|---|---|\n");
    for row in &table.presets {
        let json = short(&row.scheme).to_string();
        writeln!(text, "| `{}` | {} | `{}` | {} |", row.id, row.name, cell(&json), row.reference).unwrap();
    }
    text.push('\n');
    text.push_str(LEFT_OUT);
    text.push_str(
        "\n## Distributions\n\nWhat is sampled is no part of a scheme; it is chosen beside it, by id. Shipped networks know \
        `tree-2` only, exact models all; `tree-` takes any seed from 0 to 4294967295.\n\n\
        | id | name | what it is |\n|---|---|---|\n",
    );
    for row in &table.distributions {
        writeln!(text, "| `{}` | {} | {} |", row.id, row.name, cell(row.explanation)).unwrap();
    }
    variants(&mut text, "Schedules of the weight", "schedule", &table.schedules);
    variants(&mut text, "Readings of a schedule", "reading", &table.readings);
    variants(&mut text, "Combinations", "combination", &table.combinations);
    own_rule(&mut text, &table.combinations);
    variants(&mut text, "Spaces of combination", "space", &table.spaces);
    variants(&mut text, "Solvers", "solver", &table.solvers);
    variants(&mut text, "Spacings of noise levels", "levels.spacing", &table.spacings);
    writeln!(text, "\n## Noise levels and interval\n\n- `levels`: {}", parameters(&table.levels)).unwrap();
    writeln!(text, "- `interval`: {}; guidance outside of it is off", parameters(&table.interval)).unwrap();
    text
}

/// The language of rules of one's own, and the others said in it.
fn own_rule(text: &mut String, combinations: &[Variant]) {
    let language = std::fs::read_to_string(in_repository("src/guidance/rule/own/language.md")).unwrap();
    write!(text, "\n{language}\nOther combinations said so, to begin from:\n").unwrap();
    let mut others = Vec::new();
    for row in combinations {
        let rule: Combination = serde_json::from_value(row.value.clone()).unwrap();
        match rule.text() {
            Some(rule) => write!(text, "\n{}:\n\n```\n{rule}\n```\n", row.name).unwrap(),
            None => others.push(row.name),
        }
    }
    writeln!(
        text,
        "\nOf {} there is no text. What goes on with the guide's noise, resamples particles, or goes by densities or by what steps \
        tell of them, cannot be said so.",
        others.join(", ")
    )
    .unwrap();
}

/// The report of pictures takes hours: where it is kept, it is of today's claims and schemes.
#[test]
fn the_report_of_pictures_is_of_todays_claims() {
    let path = in_repository("docs/images-report.md");
    if !path.exists() {
        return;
    }
    let text = std::fs::read_to_string(path).unwrap();
    for (i, claim) in claims().iter().enumerate() {
        let section = format!("### {}. {}\n\n*Criterion.* {}\n", i + 1, claim.statement, claim.criterion);
        assert!(text.contains(&section), "{section}");
    }
    for experiment in experiments() {
        assert!(text.contains(&format!("| {} | ", experiment.name)), "{}", experiment.name);
    }
    let grids: Vec<&str> = text.split("src=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    let bytes: u64 = grids.iter().map(|grid| in_repository("docs").join(grid).metadata().unwrap().len()).sum();
    assert!(!grids.is_empty() && bytes < 1_500_000, "{bytes} bytes in {grids:?}");
}

/// The second half of a report has every rule and every sentence; whoever adds one makes it anew.
fn is_of_today(report: &str, since: &str, rules: Vec<String>, sentences: Vec<(&'static str, &'static str)>) {
    for name in rules {
        let rows = [format!("\n| {name} | {PUBLISHED} |"), format!("\n| {name} ("), format!("\nNot run: {name}. ")];
        assert!(rows.iter().any(|row| since.contains(row)), "{name}");
    }
    for (i, (statement, criterion)) in sentences.into_iter().enumerate() {
        let section = format!("### Since {}. {statement}\n\n*Criterion.* {criterion}\n", i + 1);
        assert!(since.contains(&section), "{section}");
    }
    let picture = in_repository(&format!("docs/{report}-since.svg"));
    assert!(picture.metadata().unwrap().len() < 120_000);
}

/// The second half of a report, if it is kept.
fn second_half(report: &str) -> Option<String> {
    let text = std::fs::read_to_string(in_repository(&format!("docs/{report}.md"))).unwrap();
    Some(text.split_once("\n# Since the proposal\n")?.1.to_owned())
}

#[test]
fn the_report_is_of_todays_rules_and_sentences() {
    let rules = study::since::rules().into_iter().map(|rule| rule.name).collect();
    let sentences = study::since::claims().iter().map(|c| (c.statement, c.criterion)).collect();
    is_of_today("report", &second_half("report").expect("it is kept"), rules, sentences);
}

/// Of pictures it takes long: where it is kept, it is of today.
#[test]
fn the_report_of_pictures_is_of_todays_rules_and_sentences() {
    let Some(since) = second_half("images-report") else { return };
    let rules = of_pictures::rules(&WORLD).into_iter().map(|rule| rule.name).collect();
    let sentences = of_pictures::claims(false).iter().map(|c| (c.statement, c.criterion)).collect();
    is_of_today("images-report", &since, rules, sentences);
}
