//! The checks, each a function.

use super::context::Context;
use crate::{
    apt, browser, budget,
    cards::{self, Card},
    counts::{self, Counts},
    debian,
    failure::Result,
    node, progress,
    shell::{self, cargo},
    site, tools,
};
use std::process::Command;

/// How a line of tests/native/gpu.rs begins that names the graphics processor.
const SAYS_CARD: &str = "GPU tests run on ";

/// Where in tests/native those are that read more of the repository than Rust.
const REPOSITORY: &str = "repository::";
/// What takes Chromium's graphics processor twenty seconds each, and Mesa's few: without `--all` the latter alone has them.
const SLOW_ON_THE_FIRST_CARD: [&str; 2] = ["gpu::every_step_is_that_of_f64", "gpu::close_outlines_are_exact"];

pub(super) fn format(context: &Context) -> Result<Counts> {
    system_component("fmt", "rustfmt-web", context)?;
    context.whole("format", cargo().args(["fmt", "--all", "--check"]))
}

pub(super) fn biome(context: &Context) -> Result<Counts> {
    context.whole("biome", node::npm(context.paths).args(["run", "lint"]))
}

pub(super) fn unit(context: &Context) -> Result<Counts> {
    context.counted("unit", node::npm(context.paths).args(["run", "test:unit"]), counts::of_node)
}

pub(super) fn clippy(context: &Context) -> Result<Counts> {
    system_component("clippy", "rust-web-clippy", context)?;
    let mut command = cargo();
    command.args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]);
    context.whole("clippy", &mut command)
}

/// Of the variants those that add something: between them, each line is compiled. Tests too, since wasm-pack compiles all that there
/// are.
pub(super) fn clippy_wasm(context: &Context) -> Result<Counts> {
    let toolchain = context.toolchain()?;
    if toolchain.is_debians {
        debian::install_clippy(context.paths)?;
    }
    let mut counts = Counts::default();
    for variant in &site::VARIANTS[2..] {
        let mut command = toolchain.command("cargo");
        variant.apply(command.args(["clippy", "--lib", "--tests"])).args(["--", "-D", "warnings"]);
        counts += context.whole(&format!("clippy-wasm{}", variant.folder), &mut command)?;
    }
    Ok(counts)
}

/// All native code, compiled once: what other checks need of it they ask for in the same words, since another choice of
/// targets has dependencies with other features.
fn native_tests() -> Command {
    let mut command = cargo();
    command.args(["test", "--workspace", "--no-fail-fast", "--lib", "--bins", "--tests"]);
    command
}

pub(super) fn native(context: &Context) -> Result<Counts> {
    let (compiled, _) = context.output("native-build", native_tests().arg("--no-run"))?;
    if !compiled {
        return Ok(Counts::FAILED);
    }
    let cards = cards::to_test_on(context.paths)?;
    let mut filter = vec!["--skip", REPOSITORY];
    if cards.len() > 1 && !context.all {
        filter.extend(SLOW_ON_THE_FIRST_CARD.iter().flat_map(|test| ["--skip", test]));
    }
    let mut counts = native_on("native", cards.first(), &filter, context)?;
    for card in cards.iter().skip(1) {
        counts += native_on(&format!("native-{}", card.name), Some(card), &["gpu::"], context)?;
    }
    Ok(counts)
}

/// Of the native tests those that read more of the repository than Rust.
pub(super) fn repository(context: &Context) -> Result<Counts> {
    native_on("repository", None, &[REPOSITORY], context)
}

/// The native tests that `filter` chooses by their names, and which graphics processor those that need one said that they ran on.
fn native_on(name: &str, card: Option<&Card>, filter: &[&str], context: &Context) -> Result<Counts> {
    let mut command = native_tests();
    command.arg("--").args(filter);
    if context.all {
        command.arg("--include-ignored");
    }
    if let Some(card) = card {
        card.apply(&mut command);
    }
    let (succeeded, output) = context.output(name, &mut command)?;
    output.lines().filter_map(|line| Some(&line[line.find(SAYS_CARD)?..])).for_each(progress::note);
    Ok(counts::of_libtest(&output).of_run(succeeded))
}

pub(super) fn doc(context: &Context) -> Result<Counts> {
    let mut command = cargo();
    command.args(["test", "--workspace", "--no-fail-fast", "--doc"]);
    context.counted("doc", &mut command, counts::of_libtest)
}

pub(super) fn rustdoc(context: &Context) -> Result<Counts> {
    let mut command = cargo();
    command.args(["doc", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings");
    context.whole("rustdoc", &mut command)
}

pub(super) fn size(context: &Context) -> Result<Counts> {
    for variant in &site::VARIANTS {
        progress::note(&budget::check(&variant.wasm(context.paths), variant.budget)?);
    }
    Ok(Counts::PASSED)
}

pub(super) fn types(context: &Context) -> Result<Counts> {
    context.whole("types", node::npm(context.paths).args(["run", "check"]))
}

/// What is shipped is tested, optimised as it is: by cargo and wasm-bindgen's runner, as wasm-pack does it, or by wasm-pack
/// itself where everything is run, since building it takes longer than all of these tests.
pub(super) fn headless(context: &Context) -> Result<Counts> {
    let toolchain = context.toolchain()?;
    let driver = &context.browser()?.driver;
    if context.all {
        tools::prepare_all(context.paths, toolchain)?;
    } else {
        tools::prepare(context.paths, toolchain)?;
    }
    let mut counts = Counts::default();
    for variant in &site::VARIANTS {
        let mut command = if context.all {
            let mut command = toolchain.command("wasm-pack");
            command
                .args(["test", "--headless", "--chrome", "--mode", "no-install", "--chromedriver"])
                .arg(driver)
                .arg(".");
            command
        } else {
            let mut command = toolchain.command("cargo");
            command
                .arg("test")
                .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", "wasm-bindgen-test-runner")
                .env("CHROMEDRIVER", driver)
                .env("WASM_BINDGEN_TEST_ONLY_WEB", "1");
            command
        };
        // Seconds: a GPU emulated in software takes its time.
        variant.apply(command.args(["--test", variant.tests])).env("WASM_BINDGEN_TEST_TIMEOUT", "300");
        if context.all {
            command.args(["--", "--include-ignored"]);
        }
        counts += context.counted(&format!("headless{}", variant.folder), &mut command, counts::of_libtest)?;
    }
    Ok(counts)
}

/// Without `--all` a test of each kind, in the quicker form of Chromium.
pub(super) fn browser(context: &Context) -> Result<Counts> {
    let mut command = node::npm(context.paths);
    command
        .args(["run", "test:browser"])
        .env("CHROMIUM", &context.browser()?.chromium)
        .env("HEADLESS_SHELL", context.quicker()?);
    if !context.all {
        command.env("TESTS", "kinds");
    }
    context.counted("browser", &mut command, counts::of_playwright)
}

pub(super) fn browsers(context: &Context) -> Result<Counts> {
    let mut command = node::npm(context.paths);
    command
        .args(["run", "test:browsers"])
        .env("CHROMIUM", &context.browser()?.chromium)
        .env("FIREFOX", browser::prepare_others(context.paths)?);
    context.counted("browsers", &mut command, counts::of_node)
}

pub(super) fn package(context: &Context) -> Result<Counts> {
    // What the library's numbers are held to.
    let (compiled, _) = context.output("package-command", native_tests().arg("--no-run"))?;
    if !compiled {
        return Ok(Counts::FAILED);
    }
    let mut command = node::npm(context.paths);
    command
        .args(["run", "test:package"])
        .env("COMMAND", context.paths.command("debug"))
        .env("CHROMIUM", context.quicker()?);
    context.counted("package", &mut command, counts::of_node)
}

/// rustup brings its components by itself; Debian's Rust has a package for each.
fn system_component(subcommand: &str, package: &str, context: &Context) -> Result<()> {
    if shell::ask(cargo().args([subcommand, "--version"])).is_some() || !apt::is_here() {
        return Ok(());
    }
    progress::step(package, || apt::install(&[package], &shell::log(&context.paths.logs, package)?))
}
