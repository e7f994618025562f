//! A compiler for WebAssembly, and the environment in which every tool finds it.

use std::{
    env,
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
    process::Command,
};

use crate::{paths::Paths, shell};

pub const TARGET: &str = "wasm32-unknown-unknown";

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
    pub fn of_the_host() -> Self {
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
    pub fn with_tools(mut self, paths: &Paths) -> Self {
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

    /// The environment of a command that finds this compiler, as lines for a shell.
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
