//! Prepares, serves and checks the playground: `cargo xtask --help`.
//!
//! `compiler` (with `debian`) finds a compiler for wasm, `tools`, `node` and `python` install programs, `site` builds what is
//! served, `serve` serves it, `checks` tests it (in a `browser` and on `cards`; `memory` knows
//! what has passed), `bench` measures it beside its peers. Every long step is skipped when its stamp says that it is done.

mod apt;
mod bench;
mod browser;
mod budget;
mod cards;
mod checks;
mod compiler;
mod counts;
mod debian;
mod failure;
mod lock;
mod memory;
mod node;
mod options;
mod paths;
mod progress;
mod python;
mod report;
mod serve;
mod shell;
mod site;
mod stamp;
mod toolchain;
mod tools;
mod version;

use std::{process::ExitCode, time::Instant};

use failure::{Failure, Result};
use options::Action;
use paths::Paths;

fn main() -> ExitCode {
    let result = options::parse(std::env::args_os().skip(1))
        .map_err(|error| Failure::new(error.to_string()).advise("see `cargo xtask --help`."))
        .and_then(run);
    result.unwrap_or_else(|failure| {
        eprintln!("\nerror: {failure}");
        ExitCode::FAILURE
    })
}

fn run(action: Action) -> Result<ExitCode> {
    let paths = Paths::find()?;
    match action {
        Action::Help => print!("{}", options::help()),
        Action::Env => {
            let _lock = lock::take(&paths)?;
            let toolchain = compiler::prepare(&paths)?;
            tools::prepare_all(&paths, &toolchain)?;
            print!("{}", toolchain.exports());
        }
        Action::Build => build(&paths)?,
        Action::Serve { port, open } => {
            serve::check(port)?;
            build(&paths)?;
            serve::run(&paths, port, open)?;
        }
        Action::Bench(settings) => {
            let _lock = lock::take(&paths)?;
            bench::run(&paths, &settings)?;
        }
        Action::Test { only, all, again } => return test(&paths, &only, all, again),
    }
    Ok(ExitCode::SUCCESS)
}

fn build(paths: &Paths) -> Result<()> {
    let _lock = lock::take(paths)?;
    let start = Instant::now();
    node::check()?;
    let toolchain = compiler::prepare(paths)?;
    site::prepare(paths, &toolchain)?;
    eprintln!("  ready after {}", progress::seconds(start.elapsed()));
    Ok(())
}

fn test(paths: &Paths, only: &[String], all: bool, again: bool) -> Result<ExitCode> {
    let _lock = lock::take(paths)?;
    let rows = checks::run(paths, only, all, again);
    println!("\n{}", report::text(&rows));
    let total = report::total(&rows);
    let good = total.failed == 0 && total.passed > 0;
    Ok(if good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
