//! What the page's menu copies as a command: run as it is, it finds what the page found. tests/browser/copied.spec.ts copies it.

use crate::command::folder;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

#[derive(Deserialize)]
struct Row {
    command: String,
    file: Option<[String; 2]>,
    metrics: Option<BTreeMap<String, f64>>,
}

/// How far a value may be from the page's: engines add in another order, and a particle near a boundary may end on either side of it.
fn near(id: &str, found: f64, page: f64) -> bool {
    // Of 512 particles; sums of log-densities are as large as the farthest of them.
    let (absolute, relative) = if id == "outliers" { (2.0 / 512.0, 0.0) } else { (0.01, 0.005) };
    (found - page).abs() <= absolute + relative * page.abs()
}

#[test]
fn a_copied_command_finds_what_the_page_found() {
    let rows: Vec<Row> = serde_json::from_str(include_str!("../data/copied.json")).unwrap();
    assert!(
        rows.len() > 10 && rows.iter().any(|row| row.file.is_some()) && rows.iter().any(|row| row.metrics.is_none())
    );
    let program = Path::new(env!("CARGO_BIN_EXE_guidance-playground"));
    let path = format!("{}:{}", program.parent().unwrap().display(), std::env::var("PATH").unwrap_or_default());
    for Row { command, file, metrics } in rows {
        let folder = folder("copied");
        if let Some([from, to]) = file {
            std::fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join(from), folder.join(to)).unwrap();
        }
        // The metrics are compared as numbers.
        let line = if metrics.is_some() { format!("{} --json", command.trim_end()) } else { command.clone() };
        let run = Command::new("sh").args(["-ec", &line]).env("PATH", &path).current_dir(&folder).output().unwrap();
        assert!(run.status.success(), "{command}: {}", String::from_utf8_lossy(&run.stderr));
        let Some(metrics) = metrics else {
            assert!(folder.join("pictures.png").exists(), "{command}");
            continue;
        };
        let found: Value = serde_json::from_slice(&run.stdout).unwrap();
        assert!(metrics.len() > 5);
        for (id, page) in metrics {
            let value = found[&id]["value"].as_f64().unwrap_or_else(|| panic!("{id} of {found}"));
            assert!(near(&id, value, page), "{command}: {id} is {value}, and was {page}");
        }
    }
}
