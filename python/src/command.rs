//! The native command.

use guidance_playground::command;
use pyo3::prelude::*;
use std::ffi::OsString;
use std::io::{Write, stdout};

/// Do what a command line asks for, its first word the program's own name; the exit status. Ctrl-C is for the command itself to hear: whoever
/// calls this has given it up.
#[pyfunction]
pub fn command_line(py: Python<'_>, line: Vec<OsString>) -> u8 {
    py.detach(|| {
        let status = command::main(line);
        // Nobody else does when Python ends; and where nobody reads, there is nothing to say.
        let _ = stdout().flush();
        status
    })
}
