//! Prepares, serves and checks the playground: `cargo xtask --help`.

mod apt;
mod debian;
mod failure;
mod lock;
mod paths;
mod progress;
mod shell;
mod toolchain;
mod tools;
mod version;

use std::process::ExitCode;

use failure::{Failure, Result};
use paths::Paths;

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("\nerror: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<ExitCode> {
    let paths = Paths::find()?;
    let command = std::env::args().nth(1).unwrap_or_default();
    match command.as_str() {
        "env" => {
            let _lock = lock::take(&paths)?;
            let toolchain = toolchain::prepare(&paths)?;
            tools::prepare(&paths, &toolchain)?;
            print!("{}", toolchain.exports());
            Ok(ExitCode::SUCCESS)
        }
        other => Err(Failure::new(format!("unknown command {other:?}"))),
    }
}
