//! Which compiler builds for WebAssembly, and the environment in which every tool finds it.

use std::{
    env,
    ffi::{OsStr, OsString},
    fs::File,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::{
    apt, debian,
    failure::{At, Failure, Result},
    paths::Paths,
    progress, shell,
};

pub const TARGET: &str = "wasm32-unknown-unknown";
const CHOICE: &str = "WASM_TOOLCHAIN";
/// Longer than any download of the target on a line that works.
const PATIENCE: Duration = Duration::from_secs(180);

/// A compiler for wasm: folders that come first on PATH, and variables to set (or, with no value, to unset).
pub struct Toolchain {
    /// Tells one compiler from another, so that a new one leads to a new build.
    pub id: String,
    pub is_debians: bool,
    path: Vec<PathBuf>,
    variables: Vec<(&'static str, Option<OsString>)>,
}

impl Toolchain {
    /// The compiler that cargo runs anyway.
    fn of_the_host() -> Self {
        Self {
            id: shell::ask(Command::new("rustc").arg("-vV")).unwrap_or_default(),
            is_debians: false,
            path: Vec::new(),
            variables: Vec::new(),
        }
    }

    pub fn debian(sysroot: &Path, linker: &Path) -> Self {
        Self {
            id: sysroot.display().to_string(),
            is_debians: true,
            path: vec![sysroot.join("bin")],
            variables: vec![
                ("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", Some(linker.into())),
                // clippy asks this, not the rustc beside it.
                ("SYSROOT", Some(sysroot.into())),
                // What cargo and rustup tell their children leads back to their own compiler.
                ("RUSTUP_TOOLCHAIN", None),
                ("CARGO", None),
                ("RUSTC", None),
                ("LD_LIBRARY_PATH", None),
            ],
        }
    }

    /// Puts the tools that xtask installed first on PATH.
    fn with_tools(mut self, paths: &Paths) -> Self {
        self.path.push(paths.tools().join("bin"));
        self
    }

    /// A command that finds this compiler, and the tools, first.
    pub fn command(&self, program: &str) -> Command {
        let path = self.search_path();
        // Command looks a bare name up on the parent's PATH, so do it here.
        let found = env::split_paths(&path).map(|dir| dir.join(program)).find(|file| file.is_file());
        let mut command = Command::new(found.unwrap_or_else(|| program.into()));
        command.env("PATH", path);
        for (name, value) in &self.variables {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        command
    }

    /// The same environment as lines for a shell.
    pub fn exports(&self) -> String {
        let quote = |text: &OsStr| format!("'{}'", text.to_string_lossy().replace('\'', r"'\''"));
        let mut lines = String::new();
        for dir in &self.path {
            lines += &format!("export PATH={}:\"$PATH\"\n", quote(dir.as_os_str()));
        }
        for (name, value) in &self.variables {
            lines += &match value {
                Some(value) => format!("export {name}={}\n", quote(value)),
                None => format!("unset {name}\n"),
            };
        }
        lines
    }

    fn search_path(&self) -> OsString {
        let rest = env::var_os("PATH").unwrap_or_default();
        let dirs = self.path.iter().rev().cloned().chain(env::split_paths(&rest));
        env::join_paths(dirs).unwrap_or(rest)
    }
}

/// Chooses the toolchain and installs what it lacks.
pub fn prepare(paths: &Paths) -> Result<Toolchain> {
    let toolchain = match env::var(CHOICE).ok().as_deref() {
        Some("debian") => debian::prepare(paths),
        Some("rustup") => host_with_target(paths),
        Some("") | None => choose(paths),
        Some(other) => Err(Failure::new(format!("{CHOICE}={other} is neither rustup nor debian"))
            .advise(format!("unset {CHOICE}: the right one is then chosen."))),
    };
    Ok(toolchain?.with_tools(paths))
}

fn choose(paths: &Paths) -> Result<Toolchain> {
    if host_has_target() {
        progress::ready("wasm target of the Rust compiler");
        return Ok(Toolchain::of_the_host());
    }
    // Made by an earlier run that could not have the other: do not ask the network again.
    if debian::prepared(paths).is_some() {
        return debian::prepare(paths);
    }
    match host_with_target(paths) {
        Err(failure) if apt::is_here() => {
            progress::note(&format!("{}; using Debian's compiler", first_line(&failure.to_string())));
            debian::prepare(paths)
        }
        result => result,
    }
}

fn host_has_target() -> bool {
    let Some(sysroot) = shell::ask(Command::new("rustc").args(["--print", "sysroot"])) else {
        return false;
    };
    let libraries = Path::new(&sysroot).join("lib/rustlib").join(TARGET).join("lib");
    libraries.read_dir().is_ok_and(|mut entries| entries.next().is_some())
}

fn host_with_target(paths: &Paths) -> Result<Toolchain> {
    if !host_has_target() {
        if shell::find("rustup").is_none() {
            return Err(Failure::new("there is no rustup to install the wasm target with")
                .advise(format!("install Rust by rustup (rustup.rs), then type `rustup target add {TARGET}`.")));
        }
        progress::step("wasm target, by rustup", || add_target(paths))?;
    }
    Ok(Toolchain::of_the_host())
}

fn add_target(paths: &Paths) -> Result<()> {
    let log = shell::log(&paths.logs, "rustup")?;
    let log = File::create(&log).at(&log)?;
    let mut child = Command::new("rustup")
        .args(["target", "add", TARGET])
        // A machine that cannot reach rustup's server finds out at the first try.
        .env("RUSTUP_MAX_RETRIES", "1")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(log)
        .spawn()
        .map_err(|error| Failure::new(format!("could not start rustup: {error}")))?;
    let start = Instant::now();
    while start.elapsed() < PATIENCE {
        match child.try_wait() {
            Ok(Some(status)) if status.success() && host_has_target() => return Ok(()),
            Ok(None) => thread::sleep(Duration::from_millis(50)),
            _ => break,
        }
    }
    _ = child.kill();
    _ = child.wait();
    Err(Failure::new(format!("`rustup target add {TARGET}` did not work"))
        .advise("check the network and type it yourself, or on Debian set WASM_TOOLCHAIN=debian."))
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or(text)
}
