//! What is served: the optimised wasm package in pkg/, and the page's production build in dist/.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{
    failure::{At, Result},
    node,
    paths::Paths,
    progress, shell,
    stamp::{Fingerprint, Stamp},
    toolchain::Toolchain,
    tools,
};

/// What the wasm is made of (the native command in src/bin is not in it, and costs one quick look by cargo).
const WASM_INPUTS: [&str; 5] = ["Cargo.toml", "Cargo.lock", ".cargo/config.toml", "build.rs", "src"];
/// What the page is made of, beside pkg.
const PAGE_INPUTS: [&str; 9] = [
    "index.html",
    "www",
    "public",
    "weights",
    "package.json",
    "package-lock.json",
    "tsconfig.json",
    "vite.config.ts",
    "pkg",
];
/// The features that rustc uses by default, and SIMD (see .cargo/config.toml): wasm-opt has to be told each.
const WASM_OPT: [&str; 9] = [
    "-O3",
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
    "--enable-simd",
    "--strip-producers",
];

/// Makes whatever of pkg/ and dist/ is not up to date.
pub fn prepare(paths: &Paths, toolchain: &Toolchain) -> Result<()> {
    tools::prepare(paths, toolchain)?;
    node::prepare(paths)?;
    build_wasm(paths, toolchain)?;
    build_page(paths)
}

/// The wasm file in pkg/.
pub fn wasm(paths: &Paths) -> PathBuf {
    paths.root.join("pkg/guidance_playground_bg.wasm")
}

fn build_wasm(paths: &Paths, toolchain: &Toolchain) -> Result<()> {
    let inputs = Fingerprint::default().text(&toolchain.id).text(&WASM_OPT.join(" ")).paths(&paths.root, &WASM_INPUTS);
    let stamp = Stamp::new(paths, "wasm", inputs);
    let made = || Fingerprint::default().paths(&paths.root, &["pkg"]);
    let name = "wasm, optimised";
    if wasm(paths).is_file() && stamp.is_current(made()) {
        progress::ready(name);
        return Ok(());
    }
    progress::step(name, || {
        stamp.remove();
        let new = paths.state.join("pkg-new");
        _ = fs::remove_dir_all(&new);
        compile(paths, toolchain, &new)?;
        optimise(paths, &new)?;
        let pkg = paths.root.join("pkg");
        if pkg.exists() {
            fs::remove_dir_all(&pkg).at(&pkg)?;
        }
        fs::rename(&new, &pkg).at(&pkg)?;
        stamp.write(made())
    })
}

fn compile(paths: &Paths, toolchain: &Toolchain, out: &Path) -> Result<()> {
    let mut command = toolchain.command("wasm-pack");
    command
        .current_dir(&paths.root)
        .args(["build", "--target", "web", "--profile", "wasm", "--mode", "no-install", "--no-opt", "--out-dir"])
        .arg(out)
        .args([".", "--", "--no-default-features"])
        .env("CARGO_TERM_COLOR", "never");
    shell::run(&mut command, &shell::log(&paths.logs, "wasm")?)
}

fn optimise(paths: &Paths, pkg: &Path) -> Result<()> {
    let wasm = pkg.join("guidance_playground_bg.wasm");
    let small = pkg.join("optimised.wasm");
    let mut command = node::npx(paths, "wasm-opt");
    command.args(WASM_OPT).arg(&wasm).arg("-o").arg(&small);
    shell::run(&mut command, &shell::log(&paths.logs, "wasm-opt")?)?;
    fs::rename(&small, &wasm).at(&wasm)
}

fn build_page(paths: &Paths) -> Result<()> {
    let stamp = Stamp::new(paths, "page", Fingerprint::default().paths(&paths.root, &PAGE_INPUTS));
    let made = || Fingerprint::default().paths(&paths.root, &["dist"]);
    let name = "page, production build";
    if paths.root.join("dist/index.html").is_file() && stamp.is_current(made()) {
        progress::ready(name);
        return Ok(());
    }
    progress::step(name, || {
        stamp.remove();
        shell::run(node::npm(paths).args(["run", "build"]), &shell::log(&paths.logs, "page")?)?;
        stamp.write(made())
    })
}
