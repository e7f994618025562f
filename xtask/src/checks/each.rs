//! The checks, each a function.

use super::context::Context;
use crate::{
    apt, browser, budget,
    cards::{self, Card},
    counts::{self, Counts},
    debian,
    failure::{Failure, Result},
    node, progress, python,
    shell::{self, cargo},
    site, tools,
};
use std::process::Command;

/// How a line of tests/native/gpu.rs begins that names the graphics processor.
const SAYS_CARD: &str = "GPU tests run on ";

/// Where in tests/native those are that read more of the repository than Rust.
const REPOSITORY: &str = "repository::";
/// What takes Chromium's graphics processor twenty seconds and more each, and Mesa's few: without `--all` the latter alone has them. In
/// Chromium itself the former goes through every kind of step with pictures (`headless`).
const SLOW_ON_THE_FIRST_CARD: [&str; 3] =
    ["gpu::every_step_is_that_of_f64", "gpu::close_outlines_are_exact", "images_gpu::steps_"];

pub(super) fn format(context: &Context) -> Result<Counts> {
    system_component("fmt", "rustfmt-web", context)?;
    context.whole("format", cargo().args(["fmt", "--all", "--check"]))
}

pub(super) fn biome(context: &Context) -> Result<Counts> {
    context.whole("biome", node::npm(context.paths).args(["run", "lint"]))
}

pub(super) fn unit(context: &Context) -> Result<Counts> {
    context.counted("unit", kinds(node::npm(context.paths).args(["run", "test:unit"]), context), counts::of_node)
}

/// Tells npm's tests that one of each kind will do, unless all are wanted.
fn kinds<'a>(command: &'a mut Command, context: &Context) -> &'a mut Command {
    if !context.all {
        command.env("TESTS", "kinds");
    }
    command
}

pub(super) fn clippy(context: &Context) -> Result<Counts> {
    system_component("clippy", "rust-web-clippy", context)?;
    let mut command = cargo();
    command.args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]);
    context.whole("clippy", &mut command)
}

/// Between them, each line is compiled that depends on features; what is of no use in one of the other builds, these say
/// themselves (`build`). Unit tests are compiled once.
const LINTED: [(&str, &[&str], &[&str]); 6] = [
    ("relaxed", &["--features", "relaxed-simd"], &["--lib", "--test", "web"]),
    ("gpu", &["--features", "gpu"], &["--lib", "--test", "web_gpu"]),
    ("images-gpu", &["--features", "images,gpu"], &["--lib", "--tests"]),
    ("own-rule", &["--features", "own-rule"], &["--lib"]),
    ("training", &["--features", "training"], &["--lib", "--test", "web_training"]),
    ("training-gpu", &["--features", "training,gpu"], &["--lib"]),
];

/// With `--all` each build, with all tests, since wasm-pack compiles all that there are.
pub(super) fn clippy_wasm(context: &Context) -> Result<Counts> {
    let toolchain = context.toolchain()?;
    if toolchain.is_debians {
        debian::install_clippy(context.paths)?;
    }
    let of = |variant: &site::Variant| {
        (variant.folder, variant.features, if variant.tests.is_some() { &["--lib", "--tests"][..] } else { &["--lib"] })
    };
    let linted = if context.all { site::VARIANTS.iter().map(of).collect() } else { LINTED.to_vec() };
    let mut counts = Counts::default();
    for (name, features, targets) in linted {
        let mut command = toolchain.command("cargo");
        site::options(command.arg("clippy"), features).args(targets).args(["--", "-D", "warnings"]);
        counts += context.whole(&format!("clippy-wasm{name}"), &mut command)?;
    }
    Ok(counts)
}

/// All native code, compiled once: what other checks need of it they ask for in the same words, since another choice of
/// targets has dependencies with other features.
fn native_tests() -> Command {
    let mut command = cargo();
    // What has tests: not the Python package's compiled part, which Python alone can load.
    command.args(["test", "--workspace", "--no-fail-fast", "--tests"]);
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

/// That there is something to check is the need itself.
pub(super) fn build(context: &Context) -> Result<Counts> {
    let warnings = site::warnings(context.paths)?;
    if warnings.is_empty() {
        return Ok(Counts::PASSED);
    }
    Err(Failure::new(format!("the wasm was compiled with warnings:\n\n{}", warnings.join("\n")))
        .advise("see target/xtask/logs/wasm*.log."))
}

pub(super) fn size(context: &Context) -> Result<Counts> {
    for variant in &site::VARIANTS {
        progress::note(&budget::check(&variant.wasm(context.paths), variant.budget)?);
    }
    progress::note(&budget::check(&site::widget(context.paths), budget::WIDGET)?);
    Ok(Counts::PASSED)
}

pub(super) fn types(context: &Context) -> Result<Counts> {
    context.whole("types", node::npm(context.paths).args(["run", "check"]))
}

/// Tests of the wasm with these features.
struct Headless {
    name: &'static str,
    features: &'static [&'static str],
    tests: &'static [&'static str],
}

/// Fewer builds than are shipped: those with pictures or WebGPU are one, with the features of all. Pictures without relaxed SIMD are
/// drawn, and held to those of the command, by the package's tests in Node 20, which lacks it.
const HEADLESS: [Headless; 3] = [
    Headless { name: "", features: &[], tests: &["web"] },
    Headless { name: "relaxed", features: &["--features", "relaxed-simd"], tests: &["web"] },
    Headless {
        name: "images-gpu",
        features: &["--features", "images,relaxed-simd,gpu"],
        tests: &["web_images", "web_gpu", "web_images_gpu"],
    },
];

/// Link-time optimisation compiles everything anew for each file of tests.
const WITHOUT_LTO: [&str; 4] = ["--config", "profile.wasm.lto=\"off\"", "--config", "profile.wasm.codegen-units=16"];

/// By cargo and wasm-bindgen's runner, as wasm-pack does it; what is shipped itself, the tests of browsers and of the package run.
/// With `--all` each build, optimised as it is shipped, and by wasm-pack itself, since building that takes longer than all of these
/// tests.
pub(super) fn headless(context: &Context) -> Result<Counts> {
    let toolchain = context.toolchain()?;
    let driver = &context.browser()?.driver;
    if context.all {
        tools::prepare_all(context.paths, toolchain)?;
    } else {
        tools::prepare(context.paths, toolchain)?;
    }
    // Seconds: a GPU emulated in software takes its time.
    let patience = |command: &mut Command| {
        command.env("WASM_BINDGEN_TEST_TIMEOUT", "300");
    };
    let mut counts = Counts::default();
    if !context.all {
        for Headless { name, features, tests } in &HEADLESS {
            let mut command = toolchain.command("cargo");
            command
                .arg("test")
                .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", "wasm-bindgen-test-runner")
                .env("CHROMEDRIVER", driver)
                .env("WASM_BINDGEN_TEST_ONLY_WEB", "1");
            patience(site::options(&mut command, features).args(WITHOUT_LTO).arg("--no-fail-fast"));
            tests.iter().for_each(|test| _ = command.args(["--test", test]));
            counts += context.counted(&format!("headless{name}"), &mut command, counts::of_libtest)?;
        }
        return Ok(counts);
    }
    for (variant, tests) in site::VARIANTS.iter().filter_map(|variant| Some((variant, variant.tests?))) {
        let mut command = toolchain.command("wasm-pack");
        command.args(["test", "--headless", "--chrome", "--mode", "no-install", "--chromedriver"]).arg(driver).arg(".");
        patience(variant.apply(command.args(["--test", tests])).args(["--", "--include-ignored"]));
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
    context.counted("browser", kinds(&mut command, context), counts::of_playwright)
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

/// The Python package: its format, lints and types, its stubs against what is compiled, and its tests.
pub(super) fn python(context: &Context) -> Result<Counts> {
    let inside = python::environment(context.paths, "tests", &["requirements.txt"])?;
    python::install(context.paths, &inside)?;
    let mut counts = Counts::default();
    let here = context.paths.root.join(python::HERE);
    let module = |arguments: &[&str]| {
        let mut command = Command::new(&inside);
        // The installed package, not the sources in the folder.
        command.current_dir(&here).args(["-P", "-m"]).args(arguments).env("PYTHONDONTWRITEBYTECODE", "1");
        command
    };
    let cache = context.paths.state.join("python");
    let caches = ["ruff", "mypy"].map(|tool| cache.join(tool).display().to_string());
    let [ruff, mypy] = caches.each_ref().map(String::as_str);
    for (name, arguments) in [
        ("python-format", &["ruff", "format", "--check", "--quiet", "--cache-dir", ruff, "."][..]),
        ("python-lints", &["ruff", "check", "--quiet", "--cache-dir", ruff, "."]),
        ("python-types", &["mypy", "--strict", "--cache-dir", mypy, "guidance_playground"]),
        ("python-stubs", &["mypy.stubtest", "--mypy-config-file", "pyproject.toml", "guidance_playground._core"]),
    ] {
        counts += context.whole(name, &mut module(arguments))?;
    }
    let mut pytest = module(&["pytest", "-q", "-p", "no:cacheprovider", "tests"]);
    counts += context.counted("python", &mut pytest, counts::of_pytest)?;
    Ok(counts)
}

/// The figure in notebooks, of the package with all that the site's build has put into it.
pub(super) fn notebook(context: &Context) -> Result<Counts> {
    let requirements = "tests/notebook/requirements.txt";
    let inside = python::environment(context.paths, "notebook", &[requirements])?;
    python::install(context.paths, &inside)?;
    progress::note(&python::installed(context.paths, requirements)?);
    let mut pytest = Command::new(&inside);
    pytest
        .current_dir(context.paths.root.join(python::HERE))
        .args(["-P", "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/notebook"])
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("CHROMIUM", &context.browser()?.chromium);
    context.counted("notebook", &mut pytest, counts::of_pytest)
}

/// The Python package on pipelines of diffusers, tiny and of random weights, by PyTorch on the processor.
pub(super) fn diffusers(context: &Context) -> Result<Counts> {
    let paths = context.paths;
    let requirements = ["requirements.txt", python::PYTORCH, "tests/diffusers/requirements.txt"];
    let inside = python::environment(paths, "diffusers", &requirements)?;
    for file in requirements {
        progress::note(&python::installed(paths, file)?);
    }
    let libraries = paths.state.join("python").join("libraries");
    let libraries = python::stand_ins(paths, &inside, libraries, &shell::log(&paths.logs, "stand-ins")?)?;
    python::install(paths, &inside)?;
    let mut pytest = Command::new(&inside);
    pytest.current_dir(paths.root.join(python::HERE)).env("PYTHONDONTWRITEBYTECODE", "1");
    pytest.env("LD_LIBRARY_PATH", libraries).env("HF_HUB_OFFLINE", "1");
    pytest.args(["-P", "-m", "pytest", "-q", "-p", "no:cacheprovider", "-o", "addopts=", "tests/diffusers"]);
    context.counted("diffusers", &mut pytest, counts::of_pytest)
}

/// rustup brings its components by itself; Debian's Rust has a package for each.
fn system_component(subcommand: &str, package: &str, context: &Context) -> Result<()> {
    if shell::ask(cargo().args([subcommand, "--version"])).is_some() || !apt::is_here() {
        return Ok(());
    }
    progress::step(package, || apt::install(&[package], &shell::log(&context.paths.logs, package)?))
}
