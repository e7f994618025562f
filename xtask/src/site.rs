//! What is served and published: the optimised wasm in pkg/ and, made with it, the page's production build in dist/,
//! the npm package, which is pkg/ too, and the Python package's figure for notebooks.
//!
//! The wasm is built several times: a browser compiles a module whole or not at all, so instructions that some lack cannot
//! stand beside those that all have, and nobody is to load what he does not use.

use std::{
    fs, panic,
    path::{Path, PathBuf},
    process::Command,
    thread,
};

use crate::{
    budget::{self, Budget},
    failure::{At, Result},
    node,
    paths::Paths,
    progress, shell,
    stamp::{Fingerprint, Stamp},
    toolchain::{TARGET, Toolchain},
    tools,
};

/// What the wasm is made of (the native command in src/command is not in it, and costs one quick look by cargo).
const WASM_INPUTS: [&str; 5] = ["Cargo.toml", "Cargo.lock", ".cargo/config.toml", "build.rs", "src"];
/// What the page is made of, beside pkg.
const PAGE_INPUTS: [&str; 15] = [
    "docs/report.md",
    "docs/report-since.svg",
    "docs/images-report.md",
    "docs/images-report",
    "docs/images-report-since.svg",
    "index.html",
    "embed.html",
    "post.html",
    "www",
    "weights",
    "sprites/sprites.safetensors.gz",
    "package.json",
    "package-lock.json",
    "tsconfig.json",
    "vite.config.ts",
];
/// What the npm package is made of, beside pkg.
const PACKAGE_INPUTS: [&str; 11] = [
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "www",
    "weights",
    "sprites/sprites.safetensors.gz",
    "package.json",
    "package-lock.json",
    "tsconfig.json",
    "tsconfig.package.json",
    "vite.package.config.ts",
];
/// What the figure for notebooks is made of, beside pkg.
const NOTEBOOK_INPUTS: [&str; 7] = [
    "www",
    "weights",
    "package.json",
    "package-lock.json",
    "tsconfig.json",
    "vite.config.ts",
    "vite.notebook.config.ts",
];
/// What the build of the wasm makes in pkg.
const WASM_OUTPUTS: [&str; 13] = [
    "pkg/guidance_playground_bg.wasm",
    "pkg/guidance_playground_bg.wasm.d.ts",
    "pkg/guidance_playground.js",
    "pkg/guidance_playground.d.ts",
    "pkg/relaxed",
    "pkg/gpu",
    "pkg/images",
    "pkg/images-relaxed",
    "pkg/images-gpu",
    "pkg/own-rule",
    "pkg/training",
    "pkg/training-relaxed",
    "pkg/training-gpu",
];
/// What is added to it, or written anew, for the package.
const PACKAGE_OUTPUTS: [&str; 6] = [
    "pkg/lib",
    "pkg/package.json",
    "pkg/README.md",
    "pkg/LICENSE-APACHE",
    "pkg/LICENSE-MIT",
    "pkg/custom-elements.json",
];
/// The figure for notebooks: one module.
const WIDGET: &str = "python/guidance_playground/static/widget.js";

/// The module of the figure for notebooks.
pub fn widget(paths: &Paths) -> PathBuf {
    paths.root.join(WIDGET)
}

/// A build of the wasm for browsers with certain instructions.
pub struct Variant {
    /// Where in pkg/ it and its JavaScript are.
    pub folder: &'static str,
    /// The package's feature for it, after cargo's option; dependencies are the same in all variants.
    pub features: &'static [&'static str],
    /// wasm-opt's word for the same.
    wasm_opt: &'static [&'static str],
    /// The headless tests that it has to pass, if it has some of its own.
    pub tests: Option<&'static str>,
    /// The most that it may weigh.
    pub budget: Budget,
}

/// The first two are for every browser.
pub const VARIANTS: [Variant; 10] = [
    Variant { folder: "", features: &[], wasm_opt: &[], tests: Some("web"), budget: budget::PROCESSOR },
    Variant {
        folder: "images",
        features: &["--features", "images"],
        wasm_opt: &[],
        tests: Some("web_images"),
        budget: budget::IMAGES,
    },
    Variant {
        folder: "relaxed",
        features: &["--features", "relaxed-simd"],
        wasm_opt: &["--enable-relaxed-simd"],
        tests: Some("web"),
        budget: budget::PROCESSOR,
    },
    Variant {
        folder: "images-relaxed",
        features: &["--features", "images,relaxed-simd"],
        wasm_opt: &["--enable-relaxed-simd"],
        tests: Some("web_images"),
        budget: budget::IMAGES,
    },
    // WebGPU's layer is as large as all the rest: only the worker that owns a device loads it.
    Variant {
        folder: "gpu",
        features: &["--features", "gpu"],
        wasm_opt: &[],
        tests: Some("web_gpu"),
        budget: budget::GPU,
    },
    Variant {
        folder: "images-gpu",
        features: &["--features", "images,gpu"],
        wasm_opt: &[],
        tests: Some("web_images_gpu"),
        budget: budget::IMAGES_GPU,
    },
    // What runs a rule of one's own for any of them: tests of the package and of the page run it.
    Variant {
        folder: "own-rule",
        features: &["--features", "own-rule"],
        wasm_opt: &[],
        tests: None,
        budget: budget::OWN_RULE,
    },
    // Workers that train: tests of the package run them beside the native trainer, and its own ask what no worker can.
    Variant {
        folder: "training",
        features: &["--features", "training"],
        wasm_opt: &[],
        tests: Some("web_training"),
        budget: budget::TRAINING,
    },
    Variant {
        folder: "training-relaxed",
        features: &["--features", "training,relaxed-simd"],
        wasm_opt: &["--enable-relaxed-simd"],
        tests: None,
        budget: budget::TRAINING,
    },
    // The worker that owns a device which trains: the page's tests of WebGPU have it beside the processor.
    Variant {
        folder: "training-gpu",
        features: &["--features", "training,gpu"],
        wasm_opt: &[],
        tests: None,
        budget: budget::TRAINING_GPU,
    },
];
const WASM: &str = "guidance_playground_bg.wasm";
/// Cargo's profile for it.
const PROFILE: &str = "wasm";
/// How cargo's lines begin that tell of code that should not be as it is.
const WARNING: &str = "warning: ";

impl Variant {
    /// The optimised file.
    pub fn wasm(&self, paths: &Paths) -> PathBuf {
        paths.root.join("pkg").join(self.folder).join(WASM)
    }

    /// Adds cargo's options that make this variant; with the same ones, lints and tests share what is compiled for it.
    pub fn apply<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        options(command, self.features)
    }

    fn log(&self) -> String {
        format!("wasm{}", self.folder)
    }
}

/// Adds cargo's options for wasm with these features of the package, after cargo's option for them.
pub fn options<'a>(command: &'a mut Command, features: &[&str]) -> &'a mut Command {
    command.args(["--target", TARGET, "--profile", PROFILE, "--no-default-features"]).args(features)
}

/// What the compiler warned of when it built pkg/.
pub fn warnings(paths: &Paths) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for variant in &VARIANTS {
        let log = shell::log_of(&paths.logs, &variant.log());
        let text = fs::read_to_string(&log).at(&log)?;
        found.extend(text.lines().filter(|line| line.starts_with(WARNING)).map(str::to_owned));
    }
    Ok(found)
}

/// The features that rustc uses by default, and SIMD (see .cargo/config.toml): wasm-opt has to be told each.
/// Further passes find a little that the first have left, and nobody reads the list of features afterwards. The lowest
/// kilobyte is the far end of the stack: nothing is read there, so that constants can be added within loads.
const WASM_OPT: [&str; 16] = [
    "-O3",
    // And for size, which leaves kernels as they are.
    "-Oz",
    "-O3",
    "-Oz",
    "-O3",
    // Functions that are alike stand together then, and compress better.
    "--reorder-functions-by-name",
    "--low-memory-unused",
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
    "--enable-simd",
    "--strip-producers",
    "--strip-target-features",
];

/// Makes whatever of pkg/ and dist/ is not up to date.
pub fn prepare(paths: &Paths, toolchain: &Toolchain) -> Result<()> {
    tools::prepare(paths, toolchain)?;
    node::prepare(paths)?;
    build_wasm(paths, toolchain)?;
    let page = BuiltFromWasm {
        stamp: "page",
        name: "page, production build",
        script: "build",
        inputs: &PAGE_INPUTS,
        outputs: &["dist"],
        last: "dist/index.html",
    };
    let package = BuiltFromWasm {
        stamp: "package",
        name: "npm package",
        script: "build:package",
        inputs: &PACKAGE_INPUTS,
        outputs: &PACKAGE_OUTPUTS,
        last: "pkg/lib/index.js",
    };
    let notebook = BuiltFromWasm {
        stamp: "notebook-figure",
        name: "figure for notebooks",
        script: "build:notebook",
        inputs: &NOTEBOOK_INPUTS,
        outputs: &["python/guidance_playground/static"],
        last: WIDGET,
    };
    page.prepare(paths)?;
    package.prepare(paths)?;
    notebook.prepare(paths)
}

fn build_wasm(paths: &Paths, toolchain: &Toolchain) -> Result<()> {
    let mut inputs =
        Fingerprint::default().text(&toolchain.id).text(&WASM_OPT.join(" ")).paths(&paths.root, &WASM_INPUTS);
    for variant in &VARIANTS {
        inputs = inputs.text(variant.folder).text(&variant.features.join(" ")).text(&variant.wasm_opt.join(" "));
    }
    let stamp = Stamp::new(paths, "wasm", inputs);
    let made = || Fingerprint::default().paths(&paths.root, &WASM_OUTPUTS);
    let name = "wasm, optimised, ten builds";
    if VARIANTS.iter().all(|variant| variant.wasm(paths).is_file()) && stamp.is_current(made()) {
        progress::ready(name);
        return Ok(());
    }
    progress::step(name, || {
        stamp.remove();
        let new = paths.state.join("pkg-new");
        _ = fs::remove_dir_all(&new);
        // Neither of the two keeps two processors busy: one build is optimised while the next is compiled.
        thread::scope(|scope| -> Result<()> {
            let mut optimised = Vec::new();
            for variant in &VARIANTS {
                let out = new.join(variant.folder);
                compile(paths, toolchain, variant, &out)?;
                optimised.push(scope.spawn(move || optimise(paths, variant, &out)));
            }
            optimised.into_iter().try_for_each(|one| one.join().unwrap_or_else(|panic| panic::resume_unwind(panic)))
        })?;
        let pkg = paths.root.join("pkg");
        if pkg.exists() {
            fs::remove_dir_all(&pkg).at(&pkg)?;
        }
        fs::rename(&new, &pkg).at(&pkg)?;
        stamp.write(made())
    })
}

fn compile(paths: &Paths, toolchain: &Toolchain, variant: &Variant, out: &Path) -> Result<()> {
    let log = shell::log(&paths.logs, &variant.log())?;
    let mut cargo = toolchain.command("cargo");
    // The module alone: beside a library for Rust, cargo would leave link-time optimisation out, which saves a tenth. It is not one
    // of the library's types in Cargo.toml either: each test would link it, and cargo would compile all packages once more for the
    // wasm's tests, to machine code that link-time optimisation does not use.
    let module = ["rustc", "--lib", "--crate-type", "cdylib"];
    cargo.current_dir(&paths.root).args(module).env("CARGO_TERM_COLOR", "never");
    shell::run(variant.apply(&mut cargo), &log)?;
    let mut bindgen = toolchain.command("wasm-bindgen");
    bindgen
        .args(["--target", "web", "--out-dir"])
        .arg(out)
        .arg(paths.target.join(TARGET).join(PROFILE).join("guidance_playground.wasm"));
    shell::run(&mut bindgen, &log)
}

fn optimise(paths: &Paths, variant: &Variant, pkg: &Path) -> Result<()> {
    let wasm = pkg.join(WASM);
    let small = pkg.join("optimised.wasm");
    let mut command = node::npx(paths, "wasm-opt");
    command.args(WASM_OPT).args(variant.wasm_opt).arg(&wasm).arg("-o").arg(&small);
    shell::run(&mut command, &shell::log(&paths.logs, &format!("wasm-opt{}", variant.folder))?)?;
    fs::rename(&small, &wasm).at(&wasm)
}

/// What an npm script makes with the wasm.
struct BuiltFromWasm {
    stamp: &'static str,
    name: &'static str,
    script: &'static str,
    /// Beside the wasm.
    inputs: &'static [&'static str],
    outputs: &'static [&'static str],
    /// A file without which it is not there.
    last: &'static str,
}

impl BuiltFromWasm {
    fn prepare(&self, paths: &Paths) -> Result<()> {
        let inputs = Fingerprint::default().paths(&paths.root, self.inputs).paths(&paths.root, &WASM_OUTPUTS);
        let stamp = Stamp::new(paths, self.stamp, inputs);
        let made = || Fingerprint::default().paths(&paths.root, self.outputs);
        if paths.root.join(self.last).is_file() && stamp.is_current(made()) {
            progress::ready(self.name);
            return Ok(());
        }
        progress::step(self.name, || {
            stamp.remove();
            shell::run(node::npm(paths).args(["run", self.script]), &shell::log(&paths.logs, self.stamp)?)?;
            stamp.write(made())
        })
    }
}
