//! `cargo xtask test`: the table of checks, and what runs them.

mod context;
mod each;

use crate::{counts::Counts, failure::Result, paths::Paths, report::Row};
use context::{Context, Need};
use std::{
    iter,
    sync::{Mutex, OnceLock, PoisonError},
    thread,
};

/// A check by the name that `--only` takes.
pub struct Check {
    pub name: &'static str,
    pub about: &'static str,
    lane: Lane,
    /// What it needs beside the Rust compiler, installed or built before it runs.
    needs: &'static [Need],
    /// Files and folders that it does not depend on; none where it is run each time, since it is quick or has stamps of its own.
    pub omits: Option<&'static [&'static [&'static str]]>,
    /// What it installs is so large that it is run with `--all` only, or by its name.
    large: bool,
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

/// The page and the npm package, of which nothing else is made but the figure for notebooks.
const PAGE: [&str; 18] = [
    "www",
    "index.html",
    "embed.html",
    "post.html",
    "tests/browser",
    "tests/browsers",
    "tests/package",
    "tests/lighthouse.mjs",
    "tests/unit.mjs",
    "package.json",
    "package-lock.json",
    "playwright.config.ts",
    "tsconfig.json",
    "tsconfig.package.json",
    "vite.config.ts",
    "vite.notebook.config.ts",
    "vite.package.config.ts",
    "biome.json",
];
/// Python, and documents that tests of the repository and of Python read.
const PYTHON: [&str; 9] = [
    "python/guidance_playground",
    "python/pyproject.toml",
    "python/requirements.txt",
    "python/tests",
    "docs",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "README.md",
];
/// Rust, of which TypeScript and browsers see what is built of it.
const RUST: [&str; 9] = [
    "src",
    "python",
    "benches",
    "tests/reference",
    "tests/web.rs",
    "tests/web_gpu.rs",
    "tests/web_images.rs",
    "tests/web_images_gpu.rs",
    "tests/web_training.rs",
];
const RUST_TESTS: [&str; 2] = ["tests/native", "tests/gpu"];
/// What the figure in notebooks does not depend on.
const NO_NOTEBOOK: [&str; 6] = ["tests", "benches", "index.html", "embed.html", "post.html", "vite.package.config.ts"];

/// In the order in which those of a lane run: the quick ones first, and what is built before what uses it.
pub const CHECKS: [Check; 19] = [
    Check {
        name: "format",
        about: "cargo fmt --check",
        lane: Lane::Native,
        needs: &[],
        omits: Some(&[&PAGE, &PYTHON]),
        large: false,
        run: each::format,
    },
    Check {
        name: "clippy",
        about: "lints of the native code, warnings denied",
        lane: Lane::Native,
        needs: &[],
        omits: Some(&[&PAGE, &PYTHON]),
        large: false,
        run: each::clippy,
    },
    Check {
        name: "native",
        about: "cargo test, without what follows",
        lane: Lane::Native,
        needs: &[Need::Cards],
        omits: Some(&[&PAGE, &PYTHON]),
        large: false,
        run: each::native,
    },
    Check {
        name: "repository",
        about: "cargo test: what is written from the code, the documents, and which folder imports which",
        lane: Lane::Native,
        needs: &[],
        omits: Some(&[]),
        large: false,
        run: each::repository,
    },
    Check {
        name: "doc",
        about: "the examples in the crate's documentation",
        lane: Lane::Native,
        needs: &[],
        omits: Some(&[&PAGE, &PYTHON]),
        large: false,
        run: each::doc,
    },
    Check {
        name: "rustdoc",
        about: "cargo doc, warnings denied",
        lane: Lane::Native,
        needs: &[],
        omits: Some(&[&PAGE, &PYTHON]),
        large: false,
        run: each::rustdoc,
    },
    Check {
        name: "python",
        about: "the Python package, installed: its tests, format, lints, types and stubs",
        lane: Lane::Native,
        needs: &[],
        omits: Some(&[&PAGE, &RUST_TESTS]),
        large: false,
        run: each::python,
    },
    Check {
        name: "diffusers",
        about: "the Python package on pipelines of diffusers, tiny and of random weights; PyTorch is half a gigabyte",
        lane: Lane::Native,
        needs: &[],
        omits: Some(&[&PAGE, &RUST_TESTS]),
        large: true,
        run: each::diffusers,
    },
    Check {
        name: "biome",
        about: "format and lints of TypeScript and CSS",
        lane: Lane::Web,
        needs: &[Need::Node],
        omits: Some(&[]),
        large: false,
        run: each::biome,
    },
    Check {
        name: "unit",
        about: "the page's pure functions, by Node",
        lane: Lane::Web,
        needs: &[Need::Node],
        omits: Some(&[&RUST, &RUST_TESTS]),
        large: false,
        run: each::unit,
    },
    Check {
        name: "build",
        about: "pkg/, compiled without a warning, and the page's production build",
        lane: Lane::Web,
        needs: &[Need::Site],
        omits: None,
        large: false,
        run: each::build,
    },
    Check {
        name: "size",
        about: "the wasm and the figure for notebooks against their budgets",
        lane: Lane::Web,
        needs: &[Need::Site],
        omits: None,
        large: false,
        run: each::size,
    },
    Check {
        name: "types",
        about: "TypeScript, strict",
        lane: Lane::Web,
        // The page's types come from pkg/ too.
        needs: &[Need::Site],
        omits: Some(&[&RUST, &RUST_TESTS]),
        large: false,
        run: each::types,
    },
    Check {
        name: "headless",
        about: "tests/web*.rs in headless Chromium, for each build of the wasm",
        lane: Lane::Web,
        needs: &[Need::Wasm, Need::Browser],
        omits: Some(&[&PAGE, &PYTHON]),
        large: false,
        run: each::headless,
    },
    Check {
        name: "clippy-wasm",
        about: "lints of the wasm library, warnings denied",
        lane: Lane::Either,
        needs: &[Need::Wasm],
        omits: Some(&[&PAGE, &PYTHON]),
        large: false,
        run: each::clippy_wasm,
    },
    Check {
        name: "package",
        about: "the npm package, installed: in Node, by bundlers in headless Chromium, its types and sizes",
        lane: Lane::Either,
        needs: &[Need::Site, Need::Browser],
        // Its numbers are held to those of the command, which is made of Rust.
        omits: Some(&[&["tests/browser", "tests/browsers", "tests/reference"], &RUST_TESTS]),
        large: false,
        run: each::package,
    },
    Check {
        name: "browser",
        about: "the built page in headless Chromium, by Playwright",
        lane: Lane::Alone,
        needs: &[Need::Site, Need::Browser],
        omits: Some(&[&RUST, &RUST_TESTS]),
        large: false,
        run: each::browser,
    },
    Check {
        name: "browsers",
        about: "the built page in Firefox and WebKitGTK, beside Chromium",
        lane: Lane::Alone,
        needs: &[Need::Site, Need::Browser, Need::OtherBrowsers],
        omits: Some(&[&RUST, &RUST_TESTS]),
        large: false,
        run: each::browsers,
    },
    Check {
        name: "notebook",
        about: "the Python package's figure in JupyterLab, in headless Chromium, and in what nbconvert makes",
        lane: Lane::Alone,
        needs: &[Need::Site, Need::Browser],
        omits: Some(&[&NO_NOTEBOOK]),
        large: true,
        run: each::notebook,
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
    let named = |check: &&Check| match only {
        [] => all || !check.large,
        names => names.iter().any(|name| name == check.name),
    };
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
