//! What went wrong, and what the person in front of the screen can do about it.

use std::fmt;

pub type Result<T> = std::result::Result<T, Failure>;

/// A failed step: a plain sentence, and advice where there is any.
#[derive(Clone, Debug)]
pub struct Failure {
    what: String,
    advice: String,
}

impl Failure {
    pub fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), advice: String::new() }
    }

    pub fn advise(mut self, advice: impl Into<String>) -> Self {
        self.advice = advice.into();
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        if !self.advice.is_empty() {
            write!(f, "\n\nWhat to do: {}", self.advice)?;
        }
        Ok(())
    }
}

/// Says which file an I/O error is about.
pub trait At<T> {
    fn at(self, path: &std::path::Path) -> Result<T>;
}

impl<T> At<T> for std::io::Result<T> {
    fn at(self, path: &std::path::Path) -> Result<T> {
        self.map_err(|error| Failure::new(format!("{}: {error}", path.display())))
    }
}
