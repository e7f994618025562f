//! One error for the whole crate: a stable code, a plain sentence, and what to do about it.

use std::borrow::Cow;

/// What went wrong. `Display` is a plain sentence; [`Error::advice`] says what to do.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A model name that is neither `exact:...` nor a network that was loaded.
    #[error("There is no model named \"{name}\".")]
    UnknownModel {
        /// The name as given.
        name: String,
    },
    /// A value outside its range, or settings that contradict each other.
    #[error("{what} must be {expected}; it is {found}.")]
    Invalid {
        /// The setting.
        what: Cow<'static, str>,
        /// Its range.
        expected: Cow<'static, str>,
        /// The value as given.
        found: String,
    },
    /// A weights file that does not hold a denoiser.
    #[error("{tensor} in {file}: expected {expected}, found {found}.")]
    Weights {
        /// Which file, as far as that is known.
        file: String,
        /// The tensor, or the part of the file.
        tensor: String,
        /// What a good file has there.
        expected: String,
        /// What this one has.
        found: String,
    },
    /// A row of a table of points that cannot be read.
    #[error("Line {line}: {problem}.")]
    Row {
        /// Line of the file, from 1.
        line: u64,
        /// What is wrong with it.
        problem: String,
    },
    /// A file that could not be read or written.
    #[error("{path}: {problem}.")]
    File {
        /// The path as given.
        path: String,
        /// The system's words.
        problem: String,
    },
}

/// The crate's result.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// A setting outside its range.
    pub fn invalid(
        what: impl Into<Cow<'static, str>>,
        expected: impl Into<Cow<'static, str>>,
        found: impl ToString,
    ) -> Self {
        Self::Invalid { what: what.into(), expected: expected.into(), found: found.to_string() }
    }

    /// A fault of a weights file whose name is not known here; see [`Error::in_file`].
    pub(crate) fn weights(tensor: impl Into<String>, expected: impl Into<String>, found: impl Into<String>) -> Self {
        let file = "the weights file".to_owned();
        Self::Weights { file, tensor: tensor.into(), expected: expected.into(), found: found.into() }
    }

    /// The same fault, naming the file; other errors stay as they are.
    pub fn in_file(self, name: impl Into<String>) -> Self {
        match self {
            Self::Weights { tensor, expected, found, .. } => {
                Self::Weights { file: name.into(), tensor, expected, found }
            }
            other => other,
        }
    }

    /// A stable name for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownModel { .. } => "unknown-model",
            Self::Invalid { .. } => "invalid",
            Self::Weights { .. } => "weights",
            Self::Row { .. } => "row",
            Self::File { .. } => "file",
        }
    }

    /// What a person can do about it.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::UnknownModel { .. } => {
                "Use exact:A, exact:B, exact:AB, the name of a shipped network such as main-A64-4096, or a safetensors file."
            }
            Self::Invalid { .. } => "Choose a value in the range and try again.",
            Self::Weights { .. } => {
                "Save the network as safetensors with layers.0.weight, layers.2.weight, ... and gain, all float32 or float64."
            }
            Self::Row { .. } => "Points are CSV with the header x,y and two finite numbers a row.",
            Self::File { .. } => "Check that the path exists and that you may use it.",
        }
    }
}
