//! What holds for the repository beside its Rust: files that are made from the code, documents, and which folder imports which.
//!
//! The other tests do not reach what is outside `src` and `tests`, so that they need not run again when that changes.

mod documents;
mod generated;
mod imports;
mod poster;

use std::path::{Path, PathBuf};

/// Where a file of the repository is.
fn in_repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}
