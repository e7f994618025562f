//! Debian's compiler as a WebAssembly toolchain, for machines without rustup's wasm target.
//!
//! Debian ships the compiler and the sources of std but no std for wasm: it is built once, into a private sysroot that
//! shares the host's std by links. Nothing outside target/ is written but Debian's own packages. The sysroot's `bin`
//! holds compilers that use it, so any tool that finds them first on PATH can build for wasm.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    apt,
    failure::{At, Failure, Result},
    paths::Paths,
    progress, shell,
    toolchain::{TARGET, Toolchain},
    version::{Version, required_rust},
};

const RUSTC: &str = "/usr/bin/rustc";
const CARGO: &str = "/usr/bin/cargo";
const CLIPPY: &str = "/usr/bin/cargo-clippy";
const PACKAGES: [&str; 3] = ["rustc-web", "cargo-web", "rust-web-src"];
/// The crates of std that a page and a test need (`test` compiles in seconds beside the rest).
const STD: &str = "-Zbuild-std=std,panic_abort,test,proc_macro";
/// Part of the sysroot's name: raise it when the way it is made changes.
const RECIPE: u32 = 1;

/// The toolchain, if an earlier run prepared it for the compiler that is installed now.
pub fn prepared(paths: &Paths) -> Option<Toolchain> {
    let compiler = Compiler::installed()?;
    let sysroot = sysroot(paths, &compiler);
    sysroot.is_dir().then_some(())?;
    Some(Toolchain::debian(&sysroot, &linker(&compiler)?))
}

/// Installs what is missing and builds std for wasm.
pub fn prepare(paths: &Paths) -> Result<Toolchain> {
    let log = shell::log(&paths.logs, "debian")?;
    let compiler = match usable(paths) {
        Some(compiler) => compiler,
        None => progress::step("Debian's Rust compiler", || install(paths, &log))?,
    };
    let linker = match linker(&compiler) {
        Some(linker) => linker,
        None => progress::step("Debian's WebAssembly linker", || install_linker(&compiler, &log))?,
    };
    let sysroot = sysroot(paths, &compiler);
    let name = format!("standard library for wasm (Rust {})", compiler.version);
    if sysroot.is_dir() {
        progress::ready(&name);
    } else {
        progress::step(&name, || build_std(paths, &sysroot))?;
    }
    Ok(Toolchain::debian(&sysroot, &linker))
}

struct Compiler {
    version: Version,
    commit: String,
    llvm: u32,
    host: String,
}

impl Compiler {
    fn installed() -> Option<Self> {
        Self::parse(&shell::ask(Command::new(RUSTC).arg("-vV"))?)
    }

    fn parse(text: &str) -> Option<Self> {
        let field = |name: &str| text.lines().find_map(|line| line.strip_prefix(name));
        Some(Self {
            version: Version::in_text(field("release: ")?)?,
            commit: field("commit-hash: ")?.chars().take(9).collect(),
            llvm: Version::in_text(field("LLVM version: ")?)?.0,
            host: field("host: ")?.to_owned(),
        })
    }

    /// The sources of std, as Debian lays them out.
    fn has_sources() -> bool {
        Path::new("/usr/lib/rustlib/src/rust/library/Cargo.lock").is_file()
    }
}

fn usable(paths: &Paths) -> Option<Compiler> {
    let manifest = fs::read_to_string(paths.root.join("Cargo.toml")).ok()?;
    let compiler = Compiler::installed()?;
    let complete = Path::new(CARGO).is_file() && Compiler::has_sources();
    (complete && compiler.version >= required_rust(&manifest)?).then_some(compiler)
}

fn install(paths: &Paths, log: &Path) -> Result<Compiler> {
    apt::install(&PACKAGES, log)?;
    if let Some(compiler) = usable(paths) {
        return Ok(compiler);
    }
    // Old package lists lead to an old compiler.
    apt::update(log).and_then(|()| apt::install(&PACKAGES, log))?;
    usable(paths).ok_or_else(|| {
        Failure::new("Debian's rustc-web is older than the rust-version in Cargo.toml").advise(
            "turn on the distribution's security updates, or install rustup (rustup.rs) and type \
             `rustup target add wasm32-unknown-unknown`.",
        )
    })
}

/// rustc's own linker where some rustup toolchain has it, or Debian's of the same LLVM, or of any.
fn linker(compiler: &Compiler) -> Option<PathBuf> {
    shell::find(&format!("wasm-ld-{}", compiler.llvm))
        .or_else(|| rustup_linker(&compiler.host))
        .or_else(|| shell::find("wasm-ld"))
}

fn rustup_linker(host: &str) -> Option<PathBuf> {
    let home =
        std::env::var_os("RUSTUP_HOME").map(PathBuf::from).or_else(|| Some(std::env::home_dir()?.join(".rustup")))?;
    let mut toolchains: Vec<_> = fs::read_dir(home.join("toolchains")).ok()?.flatten().collect();
    // The same choice every time, stable before nightly.
    toolchains.sort_by_key(|entry| std::cmp::Reverse(entry.file_name()));
    toolchains
        .into_iter()
        .map(|entry| entry.path().join("lib/rustlib").join(host).join("bin/rust-lld"))
        .find(|linker| linker.is_file())
}

fn install_linker(compiler: &Compiler, log: &Path) -> Result<PathBuf> {
    apt::install(&[&format!("lld-{}", compiler.llvm)], log).or_else(|_| apt::install(&["lld"], log))?;
    linker(compiler).ok_or_else(|| Failure::new("Debian's lld has no wasm-ld"))
}

fn sysroot(paths: &Paths, compiler: &Compiler) -> PathBuf {
    paths.state.join(format!("debian-{}-{}-{RECIPE}", compiler.version, compiler.commit))
}

/// Builds std beside the sysroot's place and moves it there whole, so that a sysroot that exists is complete.
fn build_std(paths: &Paths, sysroot: &Path) -> Result<()> {
    let build = paths.state.join("std-build");
    let new = paths.state.join("sysroot-new");
    for dir in [&build, &new] {
        _ = fs::remove_dir_all(dir);
    }
    write_empty_crate(&build)?;
    let mut cargo = Command::new(CARGO);
    cargo
        .current_dir(&build)
        .args(["build", STD, "--release", "--target", TARGET])
        .env("RUSTC", RUSTC)
        // Debian's compiler is a stable one; building its std is what this switch is for.
        .env("RUSTC_BOOTSTRAP", "1")
        // The project's own build is link-time optimised, and std has to take part.
        .env("RUSTFLAGS", "-C embed-bitcode=yes")
        .env("CARGO_TARGET_DIR", build.join("target"))
        .env_remove("RUSTUP_TOOLCHAIN")
        .env_remove("LD_LIBRARY_PATH");
    shell::run(&mut cargo, &shell::log(&paths.logs, "std")?)?;

    let libraries = new.join("lib/rustlib").join(TARGET).join("lib");
    fs::create_dir_all(&libraries).at(&libraries)?;
    let built = build.join("target").join(TARGET).join("release/deps");
    for entry in fs::read_dir(&built).at(&built)?.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.ends_with(".rlib") && !name.starts_with("libwasm_std-") {
            fs::rename(entry.path(), libraries.join(&name)).at(&entry.path())?;
        }
    }
    link_host(&new)?;
    write_programs(&new, sysroot)?;
    fs::rename(&new, sysroot).at(sysroot)?;
    _ = fs::remove_dir_all(&build);
    Ok(())
}

fn write_empty_crate(dir: &Path) -> Result<()> {
    let manifest = "[package]\nname = \"wasm-std\"\nversion = \"0.0.0\"\nedition = \"2021\"\n\n[lib]\npath = \"lib.rs\"\n\n\
                    [workspace]\n\n[profile.release]\nopt-level = 3\nstrip = true\n";
    fs::create_dir_all(dir).at(dir)?;
    fs::write(dir.join("Cargo.toml"), manifest).at(dir)?;
    fs::write(dir.join("lib.rs"), "#![no_std]\n").at(dir)
}

/// Build scripts and macros run on the host: its std and the sources are the system's.
fn link_host(sysroot: &Path) -> Result<()> {
    let rustlib = Path::new("/usr/lib/rustlib");
    for entry in fs::read_dir(rustlib).at(rustlib)?.flatten() {
        if entry.file_name() != TARGET {
            let link = sysroot.join("lib/rustlib").join(entry.file_name());
            symlink(&entry.path(), &link)?;
        }
    }
    Ok(())
}

fn write_programs(new: &Path, sysroot: &Path) -> Result<()> {
    let bin = new.join("bin");
    fs::create_dir_all(&bin).at(&bin)?;
    for program in ["rustc", "rustdoc"] {
        let quoted = sysroot.display().to_string().replace('\'', r"'\''");
        let script = format!("#!/bin/sh\nexec /usr/bin/{program} --sysroot '{quoted}' \"$@\"\n");
        let file = bin.join(program);
        fs::write(&file, script).at(&file)?;
        make_executable(&file)?;
    }
    symlink(Path::new(CARGO), &bin.join("cargo"))?;
    // Dangling until Debian's clippy is installed, which only the checks need.
    symlink(Path::new(CLIPPY), &bin.join("cargo-clippy"))
}

/// Installs Debian's clippy of the same compiler.
pub fn install_clippy(paths: &Paths) -> Result<()> {
    if Path::new(CLIPPY).is_file() {
        return Ok(());
    }
    apt::install(&["rust-web-clippy"], &shell::log(&paths.logs, "clippy")?)
}

#[cfg(unix)]
fn symlink(to: &Path, link: &Path) -> Result<()> {
    std::os::unix::fs::symlink(to, link).at(link)
}

#[cfg(unix)]
fn make_executable(file: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(file, fs::Permissions::from_mode(0o755)).at(file)
}

#[cfg(not(unix))]
fn symlink(_: &Path, link: &Path) -> Result<()> {
    Err(Failure::new(format!("{}: no Debian here", link.display())))
}

#[cfg(not(unix))]
fn make_executable(_: &Path) -> Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_compiler_tells_its_version_and_llvm() {
        let text = "rustc 1.96.0 (ac68faa20 2026-05-25) (built from a source tarball)\nbinary: rustc\n\
                    commit-hash: ac68faa20c58cbccd01ee7208bf3b6e93a7d7f96\nhost: x86_64-unknown-linux-gnu\n\
                    release: 1.96.0\nLLVM version: 22.1.8\n";
        let compiler = Compiler::parse(text).unwrap();
        assert_eq!(compiler.version, Version(1, 96, 0));
        assert_eq!(compiler.commit, "ac68faa20");
        assert_eq!(compiler.llvm, 22);
        assert_eq!(compiler.host, "x86_64-unknown-linux-gnu");
    }
}
