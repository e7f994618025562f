//! What checks share.

use super::Check;
use crate::{
    browser::{self, Browser},
    cards, compiler,
    counts::Counts,
    failure::Result,
    memory::{self, Memory},
    node,
    paths::Paths,
    progress,
    report::Row,
    shell, site,
    stamp::Fingerprint,
    toolchain::Toolchain,
};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
    time::Instant,
};

/// Lines of a failed command's output that are shown.
const SHOWN: usize = 200;
#[derive(Clone, Copy)]
pub(super) enum Need {
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

/// What checks share, each prepared at the first need; a failure is told again to each that needs it.
pub(super) struct Context<'a> {
    pub(super) paths: &'a Paths,
    /// Whether the whole matrix is run.
    pub(super) all: bool,
    /// Whether checks are run that passed before.
    pub(super) again: bool,
    pub(super) toolchain: OnceLock<Result<Toolchain>>,
    pub(super) site: OnceLock<Result<()>>,
    pub(super) browser: OnceLock<Result<Browser>>,
}

impl Context<'_> {
    pub(super) fn run(&self, check: &Check) -> Row {
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

    pub(super) fn toolchain(&self) -> Result<&Toolchain> {
        self.toolchain.get_or_init(|| compiler::prepare(self.paths)).as_ref().map_err(Clone::clone)
    }

    fn site(&self) -> Result<()> {
        self.site.get_or_init(|| site::prepare(self.paths, self.toolchain()?)).clone()
    }

    pub(super) fn browser(&self) -> Result<&Browser> {
        self.browser.get_or_init(|| browser::prepare(self.paths)).as_ref().map_err(Clone::clone)
    }

    /// The form of Chromium for pages that need no WebGPU: the whole of it with `--all`, or where there is no other.
    pub(super) fn quicker(&self) -> Result<&Path> {
        let Browser { chromium, shell, .. } = self.browser()?;
        Ok(shell.as_ref().filter(|_| !self.all).unwrap_or(chromium))
    }

    /// A command that passes or fails as a whole.
    pub(super) fn whole(&self, name: &str, command: &mut Command) -> Result<Counts> {
        let (succeeded, _) = self.output(name, command)?;
        Ok(if succeeded { Counts::PASSED } else { Counts::FAILED })
    }

    /// A runner whose output tells how many passed and failed.
    pub(super) fn counted(&self, name: &str, command: &mut Command, count: fn(&str) -> Counts) -> Result<Counts> {
        let (succeeded, output) = self.output(name, command)?;
        Ok(count(&output).of_run(succeeded))
    }

    /// Runs a command, in the project's root unless it says where, and shows what it printed if it failed.
    pub(super) fn output(&self, name: &str, command: &mut Command) -> Result<(bool, String)> {
        if command.get_current_dir().is_none() {
            command.current_dir(&self.paths.root);
        }
        command.env("CARGO_TERM_COLOR", "never").env("NO_COLOR", "1");
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
