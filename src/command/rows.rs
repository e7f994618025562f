//! Lines of JSON, one for each thing that was computed, so that what stops can go on.

use crate::Error;
use crate::command::{Failure, text};
use crate::guidance::VERSION;
use crate::plane::catalogue::renewed;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Write};

/// A file that grows by a row each time that something is done, and to which nobody else adds rows meanwhile.
pub struct Log {
    path: String,
    /// What its rows are of, in a word.
    what: &'static str,
    file: File,
    rows: Vec<Value>,
    /// Places in `rows`, by configuration.
    places: BTreeMap<String, usize>,
}

/// How rows begin, refused ones first: fields are in the order of the alphabet.
const BEGINNINGS: [&str; 2] = ["{\"advice\":", "{\"configuration\":"];

impl Log {
    /// Read what is there, and cut off a line that was being written when the machine stopped.
    ///
    /// # Errors
    /// If the file cannot be read or written, has something else in it, or another process adds rows to it.
    pub fn open(path: &str, what: &'static str) -> Result<Self, Failure> {
        let failed = |e: io::Error| Error::File { path: path.to_owned(), problem: e.to_string() };
        let mut file = alone(path).map_err(failed)?.ok_or_else(|| {
            let advice = "Wait until that is done, or give another file.";
            Failure::new(format!("{path}: another {what} adds rows to this file."), advice)
        })?;
        let text = text::read(Some(path))?;
        let whole = text.rfind('\n').map_or(0, |end| end + 1);
        let rows = read(path, &text[..whole], what)?;
        let rest = &text[whole..];
        if !BEGINNINGS.iter().any(|beginning| rest.starts_with(beginning) || beginning.starts_with(rest)) {
            return Err(not_a_row(path, text[..whole].lines().count(), what, "it does not begin like one"));
        }
        if !rest.is_empty() {
            eprintln!("{path}: the last line was cut short and is computed again.");
            let length = file.metadata().map_err(failed)?.len();
            file.set_len(length - rest.len() as u64).map_err(failed)?;
        }
        file.flush().map_err(failed)?;
        let places = rows.iter().enumerate().map(|(i, row)| (row["configuration"].to_string(), i)).collect();
        Ok(Self { path: path.to_owned(), what, file, rows, places })
    }

    /// The row of a configuration.
    pub fn row(&self, configuration: &Value) -> Option<&Value> {
        self.places.get(&configuration.to_string()).map(|&place| &self.rows[place])
    }

    /// # Errors
    /// If a row is of none of these, given by their configurations and what they vary: then the file is another one's.
    pub fn expect_rows_of(&self, points: &[(Value, Value)]) -> Result<(), Failure> {
        let known: BTreeMap<String, &Value> = points.iter().map(|(of, over)| (of.to_string(), over)).collect();
        for (line, row) in (1..).zip(&self.rows) {
            let (of, over) = (&row["configuration"], &row["over"]);
            if known.get(&of.to_string()).is_some_and(|known| *known == over) {
                continue;
            }
            let [all, here] = [of, &points[0].0].map(|of| of.as_object().expect("a configuration is an object"));
            let differs =
                |key: &&String| *key != "scheme" && points.iter().all(|(of, _)| of.get(*key) != all.get(*key));
            let reason = match here.keys().chain(all.keys()).find(differs) {
                Some(key) => {
                    let [theirs, ours] = [all, here].map(|of| of.get(key).map_or("none".to_owned(), Value::to_string));
                    format!("{key} {theirs}, here {ours}")
                }
                None => "its scheme is none of these, or is varied otherwise".to_owned(),
            };
            let advice = "Give another file, or the command that this one was begun with.";
            let problem = format!("this is a row of another {} ({reason})", self.what);
            return Err(text::fault(&self.path, line, problem, advice));
        }
        Ok(())
    }

    /// Write a row, whole.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn add(&mut self, row: &Value) -> Result<(), Failure> {
        let failed = |e: io::Error| Error::File { path: self.path.clone(), problem: e.to_string() };
        self.file.write_all(format!("{row}\n").as_bytes()).map_err(failed)?;
        self.places.insert(row["configuration"].to_string(), self.rows.len());
        self.rows.push(row.clone());
        Ok(())
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        // Processes that this one has made may have the file, too.
        _ = self.file.unlock();
    }
}

/// A file to add to, which is made where it is not there; none if another process adds to it. Whatever way that ends, the system lets go.
fn alone(path: &str) -> io::Result<Option<File>> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    // A lock would keep readers out there.
    #[cfg(windows)]
    std::os::windows::fs::OpenOptionsExt::share_mode(&mut options, windows::FILE_SHARE_READ);
    let file = match options.open(path) {
        #[cfg(windows)]
        Err(e) if e.raw_os_error() == Some(windows::ERROR_SHARING_VIOLATION) => return Ok(None),
        outcome => outcome?,
    };
    // Some network file systems have no locks; then nobody is kept out.
    let taken =
        cfg!(not(windows)) && file.metadata()?.is_file() && matches!(file.try_lock(), Err(TryLockError::WouldBlock));
    Ok((!taken).then_some(file))
}

/// Of its headers.
#[cfg(windows)]
mod windows {
    pub const FILE_SHARE_READ: u32 = 1;
    pub const ERROR_SHARING_VIOLATION: i32 = 32;
}

/// The fault of the line after so many others.
fn not_a_row(path: &str, before: usize, what: &str, problem: impl std::fmt::Display) -> Failure {
    let problem = format!("this is no row of a {what} ({problem})");
    text::fault(path, 1 + before as u64, problem, "Give another file, or remove the line.")
}

/// The rows of a text of whole lines.
///
/// # Errors
/// If a line is no row.
pub fn read(path: &str, text: &str, what: &str) -> Result<Vec<Value>, Failure> {
    let parse = |(index, line): (usize, &str)| {
        let mut row: Value = serde_json::from_str(line).map_err(|e| not_a_row(path, index, what, e))?;
        if let Some(of) = row.get_mut("configuration").filter(|of| of["version"] == 1) {
            of["version"] = VERSION.into();
            of["scheme"] = renewed(of["scheme"].take());
        }
        let complete =
            row["configuration"].is_object() && (row.get("results").is_some() || row.get("refused").is_some());
        if complete { Ok(row) } else { Err(not_a_row(path, index, what, "it has no configuration or no results")) }
    };
    text.lines().enumerate().map(parse).collect()
}
