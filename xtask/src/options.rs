//! The command line.

use std::ffi::OsString;

use lexopt::prelude::*;

use crate::{bench, checks::CHECKS, serve};

#[derive(Debug, PartialEq, Eq)]
pub enum Action {
    Serve { port: u16, open: bool },
    Build,
    Test { only: Vec<String>, all: bool, again: bool },
    Bench(bench::Settings),
    Env,
    Help,
}

/// What the arguments ask for.
pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Action, lexopt::Error> {
    let mut parser = lexopt::Parser::from_args(arguments);
    let mut action = None;
    while let Some(argument) = parser.next()? {
        match (argument, &mut action) {
            (Short('h') | Long("help"), _) => return Ok(Action::Help),
            (Value(word), None) => action = Some(command(&word.string()?)?),
            (Long("port"), Some(Action::Serve { port, .. })) => *port = parser.value()?.parse()?,
            (Long("open"), Some(Action::Serve { open, .. })) => *open = true,
            (Value(word), Some(Action::Bench(_))) if word == "peers" => {}
            (Value(word), Some(Action::Bench(settings))) if word == "images" => {
                settings.what = bench::What::Images;
            }
            (Value(word), Some(Action::Bench(settings))) if word == "training" => {
                settings.what = bench::What::Training;
            }
            (Long("only"), Some(Action::Bench(settings))) => settings.only.push(parser.value()?.string()?),
            (Long("particles"), Some(Action::Bench(settings))) => settings.particles = parser.value()?.parse()?,
            (Long("few"), Some(Action::Bench(settings))) => settings.few = parser.value()?.parse()?,
            (Long("rounds"), Some(Action::Bench(settings))) => settings.rounds = parser.value()?.parse()?,
            (Long("quick"), Some(Action::Bench(settings))) => settings.quick = true,
            (Long("resume"), Some(Action::Bench(settings))) => settings.resume = true,
            (Long("report"), Some(Action::Bench(settings))) => settings.report = true,
            (Long("all"), Some(Action::Test { all, .. })) => *all = true,
            (Long("again"), Some(Action::Test { again, .. })) => *again = true,
            (Long("only"), Some(Action::Test { only, .. })) => only.push(check(parser.value()?.string()?)?),
            (argument, _) => return Err(argument.unexpected()),
        }
    }
    Ok(action.unwrap_or(Action::Help))
}

fn command(word: &str) -> Result<Action, lexopt::Error> {
    Ok(match word {
        "serve" => Action::Serve { port: serve::DEFAULT_PORT, open: false },
        "build" => Action::Build,
        "test" => Action::Test { only: Vec::new(), all: false, again: false },
        "bench" => Action::Bench(bench::Settings::default()),
        "env" => Action::Env,
        "help" => Action::Help,
        other => return Err(format!("there is no command {other:?}").into()),
    })
}

fn check(name: String) -> Result<String, lexopt::Error> {
    if CHECKS.iter().any(|check| check.name == name) {
        return Ok(name);
    }
    let names: Vec<_> = CHECKS.iter().map(|check| check.name).collect();
    Err(format!("there is no check {name:?}; there are {}", names.join(", ")).into())
}

pub fn help() -> String {
    let mut text = format!(
        "\
Prepares, serves and checks the playground.

Usage: cargo xtask <command>

Commands:
  serve [--port P] [--open]
          Builds the playground and serves it at http://127.0.0.1:{}/ (or port P); --open shows it in the
          browser. The first time takes some minutes: the compiler for WebAssembly, wasm-bindgen, the
          npm packages, the optimised wasm and the page. What is done is skipped; after an interruption
          the same command goes on where it stopped.
  build   The same without serving: pkg/ (the npm package), dist/ (for any static host) and the Python
          package's figure for notebooks.
  test [--all] [--again] [--only CHECK]...
          Runs every check, goes on after a failure, and ends with the line 'N passed, N failed'. --all runs
          the whole matrix of each, where otherwise one of each kind is run (CONTRIBUTING.md), and takes an hour.
          It runs checks that install much, too, which otherwise are run by their names only.
          A check that passed before is not run again while nothing that it depends on has changed: its line
          says so. --again runs it nevertheless, and so does naming it.
  bench peers [--only NAME]... [--particles N] [--few N] [--rounds N] [--quick] [--resume] [--report]
          Installs PyTorch, JAX, onnxruntime-web and TF.js into target/, checks that each samples as float64
          does, times them beside ours and writes docs/benchmarks.md (about a quarter of an hour). --few is
          for the software GPU, --quick a short look, --resume goes on after an interruption, --report only
          writes the document anew. NAMEs are in benches/peers/README.md.
  bench images [--only NAME]... [--rounds N]
          Times the network of pictures beside PyTorch, onnxruntime and onnxruntime-web, on WebGPU too, and a run
          of sixteen pictures by one and by two workers, and writes all into docs/benchmarks.md (some minutes).
          With --only it writes nothing there.
  bench training [--rounds N] [--quick]
          Trains in Chromium as Diffusion Explorer does in TF.js and as we do, each to the same loss, and writes how
          long that took into docs/benchmarks.md (some minutes); --quick is one round, and writes nothing.
  env     Prints the environment in which cargo builds WebAssembly and wasm-pack tests it, for a shell:
          eval \"$(cargo xtask env)\"

Checks:
",
        serve::DEFAULT_PORT
    );
    for check in &CHECKS {
        text += &format!("  {:<12} {}\n", check.name, check.about);
    }
    text + "
Needs: Rust (rustup's, or Debian's rustc-web) and Node.js 20.19 or 22.12 or newer.
Everything else is installed into target/ by the commands above, but for the wasm target (rustup target add)
or, where rustup cannot have it, Debian's compiler packages; and Chromium for the tests (Debian, as root).

Variables:
  WASM_TOOLCHAIN=rustup|debian  Forces one. Unset: rustup's target if it is or can be installed, else Debian's.
  CHROMIUM, CHROMEDRIVER        The browser and the driver for the tests, if they are not on PATH; FIREFOX likewise.
  REQUIRE_GPU=1                 GPU tests fail where there is no GPU, instead of being left out; native ones run on
                                two that are emulated in software, Chromium's and Mesa's (Debian, as root).
  WGPU_ADAPTER_NAME             Part of the name of the GPU that native tests run on.

Logs of every step are in target/xtask/logs/. Deleting target/xtask/ makes everything anew.
"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(line: &str) -> Result<Action, String> {
        parse(line.split_whitespace().map(Into::into)).map_err(|error| error.to_string())
    }

    #[test]
    fn commands_take_their_own_options() {
        assert_eq!(of("serve --port 9000 --open"), Ok(Action::Serve { port: 9000, open: true }));
        assert_eq!(
            of("test --only native --only size"),
            Ok(Action::Test { only: vec!["native".into(), "size".into()], all: false, again: false })
        );
        assert_eq!(of("test --all"), Ok(Action::Test { only: vec![], all: true, again: false }));
        assert_eq!(of("test --again"), Ok(Action::Test { only: vec![], all: false, again: true }));
        assert_eq!(of(""), Ok(Action::Help));
        assert_eq!(of("serve --help"), Ok(Action::Help));
    }

    #[test]
    fn benchmarks_can_be_limited() {
        let settings = bench::Settings { only: vec!["jax-1".into()], rounds: 3, ..bench::Settings::default() };
        assert_eq!(of("bench peers --only jax-1 --rounds 3"), Ok(Action::Bench(settings)));
        assert!(of("bench piers").is_err());
        let settings = bench::Settings { what: bench::What::Images, rounds: 5, ..bench::Settings::default() };
        assert_eq!(of("bench images --rounds 5"), Ok(Action::Bench(settings)));
        let settings = bench::Settings { what: bench::What::Training, quick: true, ..bench::Settings::default() };
        assert_eq!(of("bench training --quick"), Ok(Action::Bench(settings)));
    }

    #[test]
    fn mistakes_are_named() {
        assert!(of("sreve").unwrap_err().contains("sreve"));
        assert!(of("test --only nativ").unwrap_err().contains("headless"));
        assert!(of("test --port 1").unwrap_err().contains("--port"));
        assert!(of("serve --port 99999").is_err());
    }

    #[test]
    fn the_help_names_every_check() {
        assert!(CHECKS.iter().all(|check| help().contains(check.about)));
    }
}
