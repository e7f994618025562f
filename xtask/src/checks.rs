//! `cargo xtask test`: every check, each in a function, and what they share.

use std::{
    fs, iter,
    path::{Path, PathBuf},
    process::Command,
    sync::{Mutex, OnceLock, PoisonError},
    thread,
    time::Instant,
};

use crate::{
    apt,
    browser::{self, Browser},
    budget,
    cards::{self, Card},
    compiler,
    counts::{self, Counts},
    debian,
    failure::Result,
    memory::{self, Memory},
    node,
    paths::Paths,
    progress,
    report::Row,
    shell::{self, cargo},
    site,
    stamp::Fingerprint,
    toolchain::Toolchain,
    tools,
};

/// Lines of a failed command's output that are shown.
const SHOWN: usize = 200;
/// How a line of tests/native/gpu.rs begins that names the graphics processor.
const SAYS_CARD: &str = "GPU tests run on ";

/// Where in tests/native those are that read more of the repository than Rust.
const REPOSITORY: &str = "repository::";

/// A check by the name that `--only` takes.
pub struct Check {
    pub name: &'static str,
    pub about: &'static str,
    lane: Lane,
    /// What it needs beside the Rust compiler, installed or built before it runs.
    needs: &'static [Need],
    /// Files and folders that it does not depend on; none where it is run each time, since it is quick or has stamps of its own.
    pub omits: Option<&'static [&'static str]>,
    run: fn(&Context) -> Result<Counts>,
}

/// What runs beside what: cargo builds native code and wasm at one time, and a download waits for no compiler.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lane {
    Native,
    /// Wasm, and what is made with it.
    Web,
    /// Whichever of the two has done its own first.
    Either,
    /// After both, with the machine to itself: browsers are asked how busy they are.
    Alone,
}

#[derive(Clone, Copy)]
enum Need {
    /// The graphics processors of native tests.
    Cards,
    /// The compiler for wasm.
    Wasm,
    /// Node.js and the npm packages.
    Node,
    /// pkg/ and dist/.
    Site,
    /// Chromium and its driver.
    Browser,
    /// Firefox and WebKitGTK.
    OtherBrowsers,
}

/// What no Rust depends on but the tests of the repository itself.
const NO_RUST: [&str; 21] = [
    "www",
    "docs",
    "index.html",
    "embed.html",
    "post.html",
    "tests/browser",
    "tests/browsers",
    "tests/package",
    "tests/lighthouse.mjs",
    "package.json",
    "package-lock.json",
    "playwright.config.ts",
    "tsconfig.json",
    "tsconfig.package.json",
    "vite.config.ts",
    "vite.package.config.ts",
    "biome.json",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "README.md",
];
/// Rust, of which TypeScript and browsers see what is built of it.
const RUST: [&str; 7] =
    ["src", "benches", "tests/native", "tests/gpu", "tests/reference", "tests/web.rs", "tests/web_gpu.rs"];

/// In the order in which those of a lane run: the quick ones first, and what is built before what uses it.
pub const CHECKS: [Check; 16] = [
    Check {
        name: "format",
        about: "cargo fmt --check",
        lane: Lane::Native,
        needs: &[],
        omits: Some(&NO_RUST),
        run: format,
    },
    Check {
        name: "clippy",
        about: "lints of the native code, warnings denied",
        lane: Lane::Native,
        needs: &[],
        omits: Some(&NO_RUST),
        run: clippy,
    },
    Check {
        name: "native",
        about: "cargo test, without what follows",
        lane: Lane::Native,
        needs: &[Need::Cards],
        omits: Some(&NO_RUST),
        run: native,
    },
    Check {
        name: "repository",
        about: "cargo test: what is written from the code, the documents, and which folder imports which",
        lane: Lane::Native,
        needs: &[],
        omits: Some(&[]),
        run: repository,
    },
    Check {
        name: "doc",
        about: "the examples in the crate's documentation",
        lane: Lane::Native,
        needs: &[],
        omits: Some(&NO_RUST),
        run: doc,
    },
    Check {
        name: "rustdoc",
        about: "cargo doc, warnings denied",
        lane: Lane::Native,
        needs: &[],
        omits: Some(&NO_RUST),
        run: rustdoc,
    },
    Check {
        name: "biome",
        about: "format and lints of TypeScript and CSS",
        lane: Lane::Web,
        needs: &[Need::Node],
        omits: Some(&[]),
        run: biome,
    },
    Check {
        name: "unit",
        about: "the page's pure functions, by Node",
        lane: Lane::Web,
        needs: &[Need::Node],
        omits: Some(&RUST),
        run: unit,
    },
    Check {
        name: "build",
        about: "pkg/ and the page's production build",
        lane: Lane::Web,
        needs: &[Need::Site],
        omits: None,
        run: |_| Ok(Counts::PASSED),
    },
    Check {
        name: "size",
        about: "the wasm against its budget",
        lane: Lane::Web,
        needs: &[Need::Site],
        omits: None,
        run: size,
    },
    Check {
        name: "types",
        about: "TypeScript, strict",
        lane: Lane::Web,
        // The page's types come from pkg/ too.
        needs: &[Need::Site],
        omits: Some(&RUST),
        run: types,
    },
    Check {
        name: "headless",
        about: "tests/web*.rs in headless Chromium, for each build of the wasm",
        lane: Lane::Web,
        needs: &[Need::Wasm, Need::Browser],
        omits: Some(&NO_RUST),
        run: headless,
    },
    Check {
        name: "clippy-wasm",
        about: "lints of the wasm library, warnings denied",
        lane: Lane::Either,
        needs: &[Need::Wasm],
        omits: Some(&NO_RUST),
        run: clippy_wasm,
    },
    Check {
        name: "package",
        about: "the npm package, installed: in Node, by bundlers in headless Chromium, its types and sizes",
        lane: Lane::Either,
        needs: &[Need::Site, Need::Browser],
        // Its numbers are held to those of the command, which is made of Rust.
        omits: Some(&["tests/browser", "tests/browsers", "tests/native", "tests/gpu", "tests/reference"]),
        run: package,
    },
    Check {
        name: "browser",
        about: "the built page in headless Chromium, by Playwright",
        lane: Lane::Alone,
        needs: &[Need::Site, Need::Browser],
        omits: Some(&RUST),
        run: browser,
    },
    Check {
        name: "browsers",
        about: "the built page in Firefox and WebKitGTK, beside Chromium",
        lane: Lane::Alone,
        needs: &[Need::Site, Need::Browser, Need::OtherBrowsers],
        omits: Some(&RUST),
        run: browsers,
    },
];

/// Runs the checks of these names, or all, in full or as far as each kind of thing is tested; goes on after a failure. Without
/// names, those that passed with the same inputs are run only if asked for `again`.
pub fn run(paths: &Paths, only: &[String], all: bool, again: bool) -> Vec<Row> {
    let context = Context {
        paths,
        all,
        again: again || !only.is_empty(),
        toolchain: OnceLock::new(),
        site: OnceLock::new(),
        browser: OnceLock::new(),
    };
    let named = |check: &&Check| only.is_empty() || only.iter().any(|name| name == check.name);
    let of = |lane: Lane| CHECKS.iter().filter(move |check| check.lane == lane).filter(named);
    let either = Mutex::new(of(Lane::Either));
    let next = || either.lock().unwrap_or_else(PoisonError::into_inner).next();
    let lane =
        |lane: Lane| -> Vec<Row> { of(lane).chain(iter::from_fn(next)).map(|check| context.run(check)).collect() };
    let mut rows: Vec<Row> = thread::scope(|scope| {
        let native = scope.spawn(|| lane(Lane::Native));
        let web = lane(Lane::Web);
        let native = native.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        [native, web].into_iter().flatten().collect()
    });
    rows.sort_by_key(|row| CHECKS.iter().position(|check| check.name == row.name));
    rows.extend(of(Lane::Alone).map(|check| context.run(check)));
    rows
}

/// What checks share, each prepared at the first need; a failure is told again to each that needs it.
struct Context<'a> {
    paths: &'a Paths,
    /// Whether the whole matrix is run.
    all: bool,
    /// Whether checks are run that passed before.
    again: bool,
    toolchain: OnceLock<Result<Toolchain>>,
    site: OnceLock<Result<()>>,
    browser: OnceLock<Result<Browser>>,
}

impl Context<'_> {
    fn run(&self, check: &Check) -> Row {
        let start = Instant::now();
        let ((counts, as_before), steps) = progress::task(check.name, || {
            self.outcome(check).unwrap_or_else(|failure| {
                eprintln!("\n{}: {failure}\n", check.name);
                (Counts::FAILED, false)
            })
        });
        Row { name: check.name, time: start.elapsed(), counts, steps, as_before }
    }

    /// The check's counts, and whether they are those of an earlier run.
    fn outcome(&self, check: &Check) -> Result<(Counts, bool)> {
        for need in check.needs {
            self.prepare(*need)?;
        }
        let Some(omitted) = check.omits else { return Ok(((check.run)(self)?, false)) };
        let memory = Memory::of(self.paths, &format!("{}{}", check.name, if self.all { "-all" } else { "" }));
        let inputs =
            || check.needs.iter().fold(memory::inputs(self.paths, omitted), |sum, need| self.add(*need, sum)).finish();
        let before = inputs();
        if !self.again
            && let Some(counts) = memory.recall(&before)
        {
            progress::note("as before");
            return Ok((counts, true));
        }
        memory.forget();
        let counts = (check.run)(self)?;
        // What was changed meanwhile has not been tested as a whole.
        if inputs() == before {
            memory.remember(&before, counts)?;
        }
        Ok((counts, false))
    }

    fn prepare(&self, need: Need) -> Result<()> {
        match need {
            Need::Cards => {
                if std::env::var_os("REQUIRE_GPU").is_some() {
                    // Debian's Chromium brings a graphics processor in software.
                    self.browser()?;
                }
                cards::to_test_on(self.paths).map(drop)
            }
            Need::Wasm => self.toolchain().map(drop),
            Need::Node => node::prepare(self.paths),
            Need::Site => self.site(),
            Need::Browser => self.browser().map(drop),
            Need::OtherBrowsers => browser::prepare_others(self.paths).map(drop),
        }
    }

    /// Adds to what a check depends on what has been prepared for it.
    fn add(&self, need: Need, sum: Fingerprint) -> Fingerprint {
        let programs = |sum: Fingerprint, files: &[PathBuf]| files.iter().fold(sum, |sum, file| sum.installed(file));
        match need {
            Need::Cards => programs(sum, &cards::installed()),
            Need::Wasm => sum.text(self.toolchain().map_or("", |toolchain| &toolchain.id)),
            Need::Node => {
                let version = node::check().map_or_else(|_| String::new(), |version| version.to_string());
                sum.text(&version).paths(&self.paths.root, &[node::INSTALLED])
            }
            Need::Site => self.add(Need::Node, sum).paths(&self.paths.root, &["pkg", "dist"]),
            Need::Browser => programs(sum, &browser::installed()),
            Need::OtherBrowsers => programs(sum, &browser::others_installed()),
        }
    }

    fn toolchain(&self) -> Result<&Toolchain> {
        self.toolchain.get_or_init(|| compiler::prepare(self.paths)).as_ref().map_err(Clone::clone)
    }

    fn site(&self) -> Result<()> {
        self.site.get_or_init(|| site::prepare(self.paths, self.toolchain()?)).clone()
    }

    fn browser(&self) -> Result<&Browser> {
        self.browser.get_or_init(|| browser::prepare(self.paths)).as_ref().map_err(Clone::clone)
    }

    /// The form of Chromium for pages that need no WebGPU: the whole of it with `--all`, or where there is no other.
    fn quicker(&self) -> Result<&Path> {
        let Browser { chromium, shell, .. } = self.browser()?;
        Ok(shell.as_ref().filter(|_| !self.all).unwrap_or(chromium))
    }

    /// A command that passes or fails as a whole.
    fn whole(&self, name: &str, command: &mut Command) -> Result<Counts> {
        let (succeeded, _) = self.output(name, command)?;
        Ok(if succeeded { Counts::PASSED } else { Counts::FAILED })
    }

    /// A runner whose output tells how many passed and failed.
    fn counted(&self, name: &str, command: &mut Command, count: fn(&str) -> Counts) -> Result<Counts> {
        let (succeeded, output) = self.output(name, command)?;
        Ok(count(&output).of_run(succeeded))
    }

    /// Runs a command, and shows what it printed if it failed.
    fn output(&self, name: &str, command: &mut Command) -> Result<(bool, String)> {
        command.current_dir(&self.paths.root).env("CARGO_TERM_COLOR", "never").env("NO_COLOR", "1");
        let log = shell::log(&self.paths.logs, &format!("test-{name}"))?;
        let status = progress::step(&shell::show(command), || shell::attempt(command, &log))?;
        let output = String::from_utf8_lossy(&fs::read(&log).unwrap_or_default()).into_owned();
        if !status.success() {
            eprintln!(
                "\n{}\n  failed ({status}); all of its output is in {}\n",
                shell::tail(&output, SHOWN),
                log.display()
            );
        }
        Ok((status.success(), output))
    }
}

fn format(context: &Context) -> Result<Counts> {
    system_component("fmt", "rustfmt-web", context)?;
    context.whole("format", cargo().args(["fmt", "--all", "--check"]))
}

fn biome(context: &Context) -> Result<Counts> {
    context.whole("biome", node::npm(context.paths).args(["run", "lint"]))
}

fn unit(context: &Context) -> Result<Counts> {
    context.counted("unit", node::npm(context.paths).args(["run", "test:unit"]), counts::of_node)
}

fn clippy(context: &Context) -> Result<Counts> {
    system_component("clippy", "rust-web-clippy", context)?;
    let mut command = cargo();
    command.args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]);
    context.whole("clippy", &mut command)
}

/// Of the variants those that add something: between them, each line is compiled.
fn clippy_wasm(context: &Context) -> Result<Counts> {
    let toolchain = context.toolchain()?;
    if toolchain.is_debians {
        debian::install_clippy(context.paths)?;
    }
    let mut counts = Counts::default();
    for variant in &site::VARIANTS[1..] {
        let mut command = toolchain.command("cargo");
        variant.apply(command.args(["clippy", "--lib"])).args(["--", "-D", "warnings"]);
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

fn native(context: &Context) -> Result<Counts> {
    let (compiled, _) = context.output("native-build", native_tests().arg("--no-run"))?;
    if !compiled {
        return Ok(Counts::FAILED);
    }
    let cards = cards::to_test_on(context.paths)?;
    let mut counts = native_on("native", cards.first(), &["--skip", REPOSITORY], context)?;
    for card in cards.iter().skip(1) {
        counts += native_on(&format!("native-{}", card.name), Some(card), &["gpu::"], context)?;
    }
    Ok(counts)
}

/// Of the native tests those that read more of the repository than Rust.
fn repository(context: &Context) -> Result<Counts> {
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

fn doc(context: &Context) -> Result<Counts> {
    let mut command = cargo();
    command.args(["test", "--workspace", "--no-fail-fast", "--doc"]);
    context.counted("doc", &mut command, counts::of_libtest)
}

fn rustdoc(context: &Context) -> Result<Counts> {
    let mut command = cargo();
    command.args(["doc", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings");
    context.whole("rustdoc", &mut command)
}

fn size(context: &Context) -> Result<Counts> {
    for variant in &site::VARIANTS {
        progress::note(&budget::check(&variant.wasm(context.paths), variant.budget)?);
    }
    Ok(Counts::PASSED)
}

fn types(context: &Context) -> Result<Counts> {
    context.whole("types", node::npm(context.paths).args(["run", "check"]))
}

/// What is shipped is tested, optimised as it is: by cargo and wasm-bindgen's runner, as wasm-pack does it, or by wasm-pack
/// itself where everything is run, since building it takes longer than all of these tests.
fn headless(context: &Context) -> Result<Counts> {
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
fn browser(context: &Context) -> Result<Counts> {
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

fn browsers(context: &Context) -> Result<Counts> {
    let mut command = node::npm(context.paths);
    command
        .args(["run", "test:browsers"])
        .env("CHROMIUM", &context.browser()?.chromium)
        .env("FIREFOX", browser::prepare_others(context.paths)?);
    context.counted("browsers", &mut command, counts::of_node)
}

fn package(context: &Context) -> Result<Counts> {
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
