//! What holds for the repository beside its Rust: files that are made from the code, documents, which folder imports which, and how
//! long files are.
//!
//! The other tests do not reach what is outside `src` and `tests`, so that they need not run again when that changes.

mod documents;
mod generated;
mod imports;
mod length;
mod pictures;
mod poster;
mod poster_images;

use std::path::{Path, PathBuf};

/// Where a file of the repository is.
fn in_repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The paths of all files below a folder, which ends with a slash.
fn files_below(folder: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(in_repository(folder)).unwrap() {
        let entry = entry.unwrap();
        let path = format!("{folder}{}", entry.file_name().to_string_lossy());
        if entry.file_type().unwrap().is_dir() {
            found.extend(files_below(&(path + "/")));
        } else {
            found.push(path);
        }
    }
    found
}
