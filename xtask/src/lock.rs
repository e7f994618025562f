//! One xtask at a time: two that install the same thing would spoil each other's work.

use std::fs::{File, TryLockError};

use crate::{
    failure::{At, Result},
    paths::Paths,
    progress,
};

/// Held until dropped, or until the process ends in whatever way.
pub fn take(paths: &Paths) -> Result<File> {
    let path = paths.state.join("lock");
    let file = File::create(&path).at(&path)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            progress::note("another `cargo xtask` is at work here; waiting for it");
            file.lock().at(&path)?;
        }
        // Some network file systems have no locks; then nobody is kept out.
        Err(TryLockError::Error(_)) => {}
    }
    Ok(file)
}
