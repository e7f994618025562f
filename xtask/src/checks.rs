//! `cargo xtask test`: every check, each in a function, and what they share.

use std::{cell::OnceCell, fs, process::Command, time::Instant};

use crate::{
    apt,
    browser::{self, Browser},
    budget,
    counts::{self, Counts},
    debian,
    failure::Result,
    node,
    paths::Paths,
    progress,
    report::Row,
    shell::{self, cargo},
    site,
    toolchain::{self, TARGET, Toolchain},
    tools,
};

/// Lines of a failed command's output that are shown.
const SHOWN: usize = 200;

/// A check by the name that `--only` takes.
pub struct Check {
    pub name: &'static str,
    pub about: &'static str,
    run: fn(&Context) -> Result<Counts>,
}

/// In the order in which they run: the quick ones first, and what is built before what uses it.
pub const CHECKS: [Check; 14] = [
    Check { name: "format", about: "cargo fmt --check", run: format },
    Check { name: "biome", about: "format and lints of TypeScript and CSS", run: biome },
    Check { name: "unit", about: "the page's pure functions, by Node", run: unit },
    Check { name: "clippy", about: "lints of the native code, warnings denied", run: clippy },
    Check { name: "clippy-wasm", about: "lints of the wasm library, warnings denied", run: clippy_wasm },
    Check { name: "native", about: "cargo test", run: native },
    Check { name: "doc", about: "the examples in the crate's documentation", run: doc },
    Check { name: "rustdoc", about: "cargo doc, warnings denied", run: rustdoc },
    Check { name: "build", about: "pkg/ and the page's production build", run: build },
    Check { name: "size", about: "the wasm against its budget", run: size },
    Check { name: "types", about: "TypeScript, strict", run: types },
    Check {
        name: "headless",
        about: "tests/web*.rs in headless Chromium, by wasm-pack, for each build of the wasm",
        run: headless,
    },
    Check {
        name: "package",
        about: "the npm package, installed: in Node, by bundlers in headless Chromium, its types and sizes",
        run: package,
    },
    Check { name: "browser", about: "the built page in headless Chromium, by Playwright", run: browser },
];

/// Runs the checks of these names, or all; goes on after a failure.
pub fn run(paths: &Paths, only: &[String]) -> Vec<Row> {
    let context = Context { paths, toolchain: OnceCell::new(), site: OnceCell::new(), browser: OnceCell::new() };
    let mut rows = Vec::new();
    for check in &CHECKS {
        if !only.is_empty() && !only.iter().any(|name| name == check.name) {
            continue;
        }
        eprintln!("\n{}: {}", check.name, check.about);
        let start = Instant::now();
        let counts = (check.run)(&context).unwrap_or_else(|failure| {
            eprintln!("{failure}\n");
            Counts::FAILED
        });
        rows.push(Row { name: check.name, time: start.elapsed(), counts });
    }
    rows
}

/// What checks share, each prepared at the first need; a failure is told again to each that needs it.
struct Context<'a> {
    paths: &'a Paths,
    toolchain: OnceCell<Result<Toolchain>>,
    site: OnceCell<Result<()>>,
    browser: OnceCell<Result<Browser>>,
}

impl Context<'_> {
    fn toolchain(&self) -> Result<&Toolchain> {
        self.toolchain.get_or_init(|| toolchain::prepare(self.paths)).as_ref().map_err(Clone::clone)
    }

    fn site(&self) -> Result<()> {
        self.site.get_or_init(|| site::prepare(self.paths, self.toolchain()?)).clone()
    }

    fn browser(&self) -> Result<&Browser> {
        self.browser.get_or_init(|| browser::prepare(self.paths)).as_ref().map_err(Clone::clone)
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
    node::prepare(context.paths)?;
    context.whole("biome", node::npm(context.paths).args(["run", "lint"]))
}

fn unit(context: &Context) -> Result<Counts> {
    node::prepare(context.paths)?;
    context.counted("unit", node::npm(context.paths).args(["run", "test:unit"]), counts::of_node)
}

fn clippy(context: &Context) -> Result<Counts> {
    system_component("clippy", "rust-web-clippy", context)?;
    let mut command = cargo();
    command.args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]);
    context.whole("clippy", &mut command)
}

fn clippy_wasm(context: &Context) -> Result<Counts> {
    let toolchain = context.toolchain()?;
    if toolchain.is_debians {
        debian::install_clippy(context.paths)?;
    }
    let mut counts = Counts::default();
    for variant in &site::VARIANTS {
        let mut command = toolchain.command("cargo");
        variant.apply(command.args(["clippy", "--lib", "--target", TARGET])).args(["--", "-D", "warnings"]);
        counts += context.whole("clippy-wasm", &mut command)?;
    }
    Ok(counts)
}

fn native(context: &Context) -> Result<Counts> {
    let mut command = cargo();
    command.args(["test", "--workspace", "--no-fail-fast", "--lib", "--bins", "--tests", "--examples"]);
    if std::env::var_os("REQUIRE_GPU").is_some() {
        // Debian's Chromium brings the software GPU that native tests can use too.
        context.browser()?;
    }
    if let Some(driver) = browser::software_gpu() {
        command.env("VK_ICD_FILENAMES", driver);
    }
    context.counted("native", &mut command, counts::of_libtest)
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

fn build(context: &Context) -> Result<Counts> {
    context.site().map(|()| Counts::PASSED)
}

fn size(context: &Context) -> Result<Counts> {
    context.site()?;
    for variant in &site::VARIANTS {
        progress::note(&budget::check(&variant.wasm(context.paths), variant.budget)?);
    }
    Ok(Counts::PASSED)
}

fn types(context: &Context) -> Result<Counts> {
    // The page's types come from pkg/ too.
    context.site()?;
    context.whole("types", node::npm(context.paths).args(["run", "check"]))
}

fn headless(context: &Context) -> Result<Counts> {
    let toolchain = context.toolchain()?;
    tools::prepare(context.paths, toolchain)?;
    let mut counts = Counts::default();
    for variant in &site::VARIANTS {
        let mut command = toolchain.command("wasm-pack");
        command
            .args(["test", "--headless", "--chrome", "--mode", "no-install", "--chromedriver"])
            .arg(&context.browser()?.driver)
            .args([".", "--test", variant.tests])
            // A browser shows no debug information of ours, and writing it doubles the build.
            .env("CARGO_PROFILE_DEV_DEBUG", "false")
            // Seconds: a GPU emulated in software takes its time.
            .env("WASM_BINDGEN_TEST_TIMEOUT", "300");
        counts += context.counted("headless", variant.apply(&mut command), counts::of_libtest)?;
    }
    Ok(counts)
}

fn browser(context: &Context) -> Result<Counts> {
    context.site()?;
    let mut command = node::npm(context.paths);
    command.args(["run", "test:browser"]).env("CHROMIUM", &context.browser()?.chromium);
    context.counted("browser", &mut command, counts::of_playwright)
}

fn package(context: &Context) -> Result<Counts> {
    context.site()?;
    // What the library's numbers are held to.
    let (built, _) = context.output("package-command", cargo().args(["build", "--bin", "guidance-playground"]))?;
    if !built {
        return Ok(Counts::FAILED);
    }
    let mut command = node::npm(context.paths);
    command
        .args(["run", "test:package"])
        .env("COMMAND", context.paths.command("debug"))
        .env("CHROMIUM", &context.browser()?.chromium);
    context.counted("package", &mut command, counts::of_node)
}

/// rustup brings its components by itself; Debian's Rust has a package for each.
fn system_component(subcommand: &str, package: &str, context: &Context) -> Result<()> {
    if shell::ask(cargo().args([subcommand, "--version"])).is_some() || !apt::is_here() {
        return Ok(());
    }
    progress::step(package, || apt::install(&[package], &shell::log(&context.paths.logs, package)?))
}
