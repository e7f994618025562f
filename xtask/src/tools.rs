//! wasm-bindgen of exactly the version in Cargo.lock and, for people and for all checks, wasm-pack.
//!
//! What is on PATH is used where its version fits; otherwise it is compiled into target/, as quickly as can be:
//! these programs run for seconds, so optimising them for minutes would not pay.

use std::fs;

use crate::{
    failure::{At, Failure, Result},
    paths::Paths,
    progress,
    shell::{self, cargo},
    toolchain::Toolchain,
    version::{Version, locked},
};

const WASM_PACK: &str = "0.15.1";
/// The oldest one on PATH that will do: it knows `--profile`.
const WASM_PACK_ENOUGH: Version = Version(0, 13, 1);

/// Installs wasm-bindgen, which builds the wasm and runs its tests.
pub fn prepare(paths: &Paths, toolchain: &Toolchain) -> Result<()> {
    let bindgen = bindgen_version(paths)?;
    // The second program runs the headless tests; beside the first it compiles in a second or two.
    let programs = ["wasm-bindgen", "wasm-bindgen-test-runner"];
    let has_bindgen = programs.iter().all(|program| {
        version_of(toolchain, program).is_some_and(|text| text.split_whitespace().any(|word| word == bindgen))
    });
    // rustls is for talking to a browser's driver over TLS: ours is on this machine.
    let bindgen_options = ["--no-default-features", "--bin", programs[0], "--bin", programs[1]];
    install(paths, "wasm-bindgen-cli", &bindgen, &bindgen_options, has_bindgen)
}

/// Installs wasm-pack too, by which people test the wasm on their own.
pub fn prepare_all(paths: &Paths, toolchain: &Toolchain) -> Result<()> {
    prepare(paths, toolchain)?;
    let has_pack = version_of(toolchain, "wasm-pack")
        .and_then(|text| Version::in_text(&text))
        .is_some_and(|version| version >= WASM_PACK_ENOUGH);
    install(paths, "wasm-pack", WASM_PACK, &[], has_pack)
}

fn install(paths: &Paths, package: &str, version: &str, options: &[&str], done: bool) -> Result<()> {
    let name = format!("{package} {version}");
    if done {
        progress::ready(&name);
        return Ok(());
    }
    let build = paths.state.join("tools-build");
    let mut command = cargo();
    command
        .args(["install", package, "--version", &format!("={version}"), "--debug", "--force", "--root"])
        .arg(paths.tools())
        .args(options)
        .env("CARGO_TARGET_DIR", &build)
        .env("CARGO_INCREMENTAL", "0")
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .env("CARGO_PROFILE_DEV_STRIP", "true");
    progress::step(&name, || {
        shell::run(&mut command, &shell::log(&paths.logs, package)?)?;
        // Of no use afterwards.
        _ = fs::remove_dir_all(&build);
        Ok(())
    })
}

fn bindgen_version(paths: &Paths) -> Result<String> {
    let lockfile = paths.root.join("Cargo.lock");
    let text = fs::read_to_string(&lockfile).at(&lockfile)?;
    locked(&text, "wasm-bindgen").map(str::to_owned).ok_or_else(|| Failure::new("Cargo.lock names no wasm-bindgen"))
}

fn version_of(toolchain: &Toolchain, program: &str) -> Option<String> {
    shell::ask(toolchain.command(program).arg("--version"))
}
