//! `image report`: written, stopped, resumed, and told from others.

use crate::command::{bad, command, folder, good, run};
use guidance_playground::images::study::{claims, experiments};
use std::fs;
use std::path::Path;
use std::process::Stdio;

const NETWORK: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/images-network.safetensors");
const SMALL: [&str; 14] = [
    "image", "report", "--quick", "--half", "proposal", "--steps", "2", "--only", "networks", "--main", NETWORK,
    "--guide", NETWORK, "--out",
];

/// All that is written for a reader, by name.
fn written(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut paths = vec![folder.join("images-report.md")];
    paths.extend(fs::read_dir(folder.join("images-report")).unwrap().map(|entry| entry.unwrap().path()));
    paths.sort();
    paths.iter().map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read(path).unwrap())).collect()
}

#[test]
fn a_small_report_is_written_and_resumed_to_the_same_bytes() {
    let folder = folder("images-report");
    let report = [&SMALL[..], &[folder.to_str().unwrap()]].concat();
    let told = good(&report);
    let whole = written(&folder);
    let text = String::from_utf8(whole.iter().find(|(name, _)| name.ends_with(".md")).unwrap().1.clone()).unwrap();
    let words = ["holds", "does not hold", "undecided"];
    for (i, claim) in claims().iter().enumerate() {
        let line = format!("| {}. {} | ", i + 1, claim.statement);
        let rest = text.split(&line).nth(1).unwrap_or_else(|| panic!("no {line}")).lines().next().unwrap();
        let verdicts: Vec<&str> = rest.trim_end_matches(" |").split(" | ").collect();
        assert!(words.contains(&verdicts[0]) && verdicts[1] == "not tested", "{rest}");
        let section = text.split(&format!("### {}. ", i + 1)).nth(1).unwrap();
        assert!(section.contains(claim.criterion) && section.contains(&format!("With networks: **{}**", verdicts[0])));
        assert!(told.contains(claim.statement));
    }
    for experiment in experiments() {
        assert!(text.contains(&format!("| {} | ", experiment.name)), "{}", experiment.name);
    }
    assert!(text.contains("This is a small run") && text.contains("Mozilla") && !text.contains("NaN"), "{text}");
    // No identifier is left in brackets.
    assert!(!text.contains("[cfg") && !text.contains("[none"), "{text}");
    let grids: Vec<&str> = text.split("src=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert_eq!(grids.len(), 3);
    assert!(grids.iter().all(|grid| folder.join(grid).exists()), "{grids:?}");

    // From the middle of a row on, with another number of threads.
    let rows = folder.join("images-report.jsonl");
    let kept = fs::read(&rows).unwrap();
    fs::write(&rows, &kept[..kept.len() / 2]).unwrap();
    fs::remove_file(folder.join("images-report.md")).unwrap();
    let output = run(&[&report[..], &["--threads", "1"]].concat());
    let words = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success() && words.contains("runs are there already"), "{words}");
    assert_eq!(written(&folder), whole);

    // Another report's rows are left as they are.
    for (more, words) in [
        (["--images", "3"], "(images 2, here 3)"),
        (["--concepts", "1"], "this is a row of another report (prompts "),
        (["--steps", "3"], "its scheme is none of these"),
        (["--guide", "guide"], "this is a row of another report (networks "),
    ] {
        let mut other: Vec<&str> = report.clone();
        match other.iter().position(|&word| word == more[0]) {
            Some(place) => other[place + 1] = more[1],
            None => other.extend(more),
        }
        let before = fs::read(&rows).unwrap();
        let found = bad(&other);
        assert!(found.contains(words), "{found}");
        assert_eq!(fs::read(&rows).unwrap(), before);
    }
}

/// Ctrl-C, wherever it falls, costs no finished run.
#[cfg(unix)]
#[test]
fn an_interrupted_report_says_how_to_go_on() {
    let folder = folder("images-report-interrupt");
    let report = [&SMALL[..], &[folder.to_str().unwrap(), "--noises", "40"]].concat();
    let mut child = command(&report).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let rows = folder.join("images-report.jsonl");
    while !fs::read_to_string(&rows).is_ok_and(|text| text.contains('\n')) {
        assert_eq!(child.try_wait().unwrap(), None, "it ended before it could be interrupted");
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    assert!(std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    let words = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(130) && words.contains("the same command goes on there"), "{words}");
    let text = fs::read_to_string(&rows).unwrap();
    assert!(text.ends_with('\n') && text.lines().all(|line| line.starts_with("{\"configuration\":")));
    assert!(!folder.join("images-report.md").exists());
}

#[test]
fn what_cannot_be_reported_is_refused() {
    for (arguments, reason) in [
        (["--concepts", "0"], "between 1 and 48"),
        (["--images", "1"], "between 2 and"),
        (["--noises", "0"], "between 1 and"),
        (["--steps", "1"], "The number of steps"),
        (["--main", "nowhere.safetensors"], "nowhere.safetensors"),
        (["--out", "nowhere"], "no such folder"),
    ] {
        let words = bad(&[&["image", "report", "--quick"][..], &arguments].concat());
        assert!(words.contains(reason), "{arguments:?}: {words}");
    }
}
