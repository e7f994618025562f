//! The native command.

use std::process::ExitCode;

fn main() -> ExitCode {
    guidance_playground::command::main(std::env::args_os()).into()
}
