//! What CONTRIBUTING.md sends a reader to is there: files, and in them the names that it gives.

use super::in_repository;
use std::fs;

/// Backticked words of a text.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// Whether a word names something in a program: `settings`, `from_json!`, `PerMetric`.
fn is_name(word: &str) -> bool {
    word.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '!') && word.chars().any(char::is_alphabetic)
}

/// What a step of a document names and is not to be found, in words.
fn missing(step: &str) -> Vec<String> {
    let paths: Vec<_> = quoted(step).filter(|word| word.contains('/') && !word.contains(' ')).collect();
    let mut text = String::new();
    let mut missing = Vec::new();
    for path in &paths {
        let place = in_repository(path);
        if place.is_dir() {
            continue;
        }
        match fs::read_to_string(place) {
            Ok(found) => text += &found,
            Err(_) => missing.push(format!("there is no {path}")),
        }
    }
    if !text.is_empty() {
        let strange = quoted(step).filter(|word| is_name(word) && !text.contains(word.trim_end_matches('!')));
        missing.extend(strange.map(|word| format!("{word} is in none of {paths:?}")));
    }
    missing
}

#[test]
fn what_is_to_be_changed_is_there() {
    let text = fs::read_to_string(in_repository("CONTRIBUTING.md")).unwrap();
    // Examples of commands are no places.
    let prose: String = text.split("```").step_by(2).collect();
    let steps = prose.split("\n\n").flat_map(|part| part.split_inclusive(".\n"));
    let missing: Vec<_> = steps.flat_map(missing).collect();
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn what_is_not_there_is_found() {
    assert_eq!(missing("a row of `schemes` in `src/plane/catalogue/schemes.rs`"), Vec::<String>::new());
    assert_eq!(missing("see `src/nowhere.rs`"), ["there is no src/nowhere.rs"]);
    assert_eq!(missing("the `Unheard` of `src/lib.rs`"), ["Unheard is in none of [\"src/lib.rs\"]"]);
}
