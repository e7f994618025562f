//! Errors as Python has them: exceptions with a code and advice.

use guidance_playground::Error;
use guidance_playground::command::Failure;
use pyo3::exceptions::PyKeyboardInterrupt;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyType;

/// What went wrong, on its way to Python.
pub struct Problem(Failure);

/// What functions for Python end with.
pub type Result<T> = std::result::Result<T, Problem>;

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        Self(error.into())
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        Self(failure)
    }
}

impl From<Problem> for PyErr {
    fn from(Problem(failure): Problem) -> Self {
        match failure {
            Failure::Error { code, sentence, advice } => Python::attach(|py| match class(py) {
                Ok(class) => Self::from_type(class.clone(), (code, sentence, advice.unwrap_or_default())),
                Err(error) => error,
            }),
            Failure::Interrupted(sentence) => PyKeyboardInterrupt::new_err(sentence),
        }
    }
}

/// `GuidancePlaygroundError`, which is written in Python.
fn class(py: Python<'_>) -> PyResult<&Bound<'_, PyType>> {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    CLASS.import(py, "guidance_playground.errors", "GuidancePlaygroundError")
}
