//! Ctrl-C: what is under way ends where nothing is lost.

use crate::command::Failure;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether Ctrl-C has come.
#[derive(Clone)]
pub struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Watch for it from now on, in place of ending at once.
    pub fn watch() -> Result<Self, Failure> {
        let stopped = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&stopped);
        ctrlc::set_handler(move || flag.store(true, Ordering::Relaxed)).map_err(|e| e.to_string())?;
        Ok(Self(stopped))
    }

    /// Whether it has come since.
    pub fn came(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
