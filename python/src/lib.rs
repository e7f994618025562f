//! The compiled part of the Python package: texts of JSON and NumPy arrays in, the same out. What is pleasant about the package is
//! written in Python.
//!
//! Invariant: whatever takes longer than a moment runs without Python's lock, in pieces of at most about a tenth of a second, between
//! which Ctrl-C is heard ([`work`]).

mod arrays;
mod command;
mod data;
mod error;
mod picture;
mod plan;
mod sampling;
mod score;
mod study;
mod training;
mod work;

use pyo3::pymodule;

#[pymodule]
mod _core {
    #[pymodule_export]
    use crate::command::command_line;
    #[pymodule_export]
    use crate::data::{Distribution, Network};
    #[pymodule_export]
    use crate::picture::regions;
    #[pymodule_export]
    use crate::plan::Plan;
    #[pymodule_export]
    use crate::sampling::{catalogue, configuration, fitted, presets_told, sample};
    #[pymodule_export]
    use crate::score::score;
    #[pymodule_export]
    use crate::study::{RowFile, Trials, compare_tasks, row_metrics, sweep_tasks};
    #[pymodule_export]
    use crate::training::Trainer;
}
