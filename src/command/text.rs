//! Text from files and from standard input.

use crate::Error;
use crate::command::Failure;
use std::io::Read;

/// What messages call a path, or standard input for none and for `-`.
pub fn name(path: Option<&str>) -> &str {
    path.filter(|&path| path != "-").unwrap_or("standard input")
}

/// The text of a file, or of standard input for none and for `-`, without a byte order mark.
pub fn read(path: Option<&str>) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    let outcome = match path {
        None | Some("-") => std::io::stdin().read_to_end(&mut bytes).map(drop),
        Some(path) => std::fs::read(path).map(|all| bytes = all),
    };
    outcome.map_err(|e| Error::File { path: name(path).to_owned(), problem: e.to_string() })?;
    decode(name(path), bytes)
}

/// The fault of a line of a file; lines are counted from 1.
pub fn fault(name: &str, line: u64, problem: impl std::fmt::Display, advice: impl Into<String>) -> Failure {
    Failure::new(format!("{name}, line {line}: {problem}."), advice)
}

const ADVICE: &str = "Save the file as UTF-8.";

fn decode(name: &str, bytes: Vec<u8>) -> Result<String, Failure> {
    // A byte order mark; or without one a letter of two bytes, of which one is zero.
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") || bytes.iter().take(2).any(|&b| b == 0) {
        return Err(Failure::new(format!("{name}: this is UTF-16."), ADVICE));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text)),
        Err(e) => {
            let before = &e.as_bytes()[..e.utf8_error().valid_up_to()];
            let line = 1 + before.iter().filter(|&&b| b == b'\n').count() as u64;
            Err(fault(name, line, "this is not UTF-8", ADVICE))
        }
    }
}
