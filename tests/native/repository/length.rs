//! A file is about one thing, and one that grows long is about several. Tables would be listed here, each with its reason.

use super::{files_below, in_repository};
use std::fs;

const MOST: usize = 450;
const FOLDERS: [&str; 7] = ["src/", "www/", "tests/", "benches/", "python/", "xtask/src/", "weights/"];
const ENDINGS: [&str; 7] = [".rs", ".ts", ".wgsl", ".mjs", ".js", ".css", ".py"];

#[test]
fn no_file_is_long() {
    let mut long = Vec::new();
    for path in FOLDERS.into_iter().flat_map(files_below) {
        if ENDINGS.iter().any(|ending| path.ends_with(ending)) {
            let lines = fs::read_to_string(in_repository(&path)).unwrap().lines().count();
            if lines > MOST {
                long.push(format!("{path}: {lines} lines"));
            }
        }
    }
    assert!(long.is_empty(), "more than {MOST} lines, to be taken apart by what their parts are for: {long:#?}");
}
