//! Where things are: the project, and the folder that xtask keeps its own files in.

use std::{env, fs, path::PathBuf};

use crate::failure::{At, Result};

pub struct Paths {
    /// The project's root.
    pub root: PathBuf,
    /// What cargo builds into.
    pub target: PathBuf,
    /// Everything that xtask makes for itself; deleting it is always safe.
    pub state: PathBuf,
    /// Output of the commands that a step ran.
    pub logs: PathBuf,
}

impl Paths {
    pub fn find() -> Result<Self> {
        // Cargo sets the variable when it runs us, so a moved checkout still finds itself.
        let manifest =
            env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = manifest.parent().unwrap_or(&manifest).to_path_buf();
        let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |dir| root.join(dir));
        let state = target.join("xtask");
        let logs = state.join("logs");
        fs::create_dir_all(&logs).at(&logs)?;
        Ok(Self { root, target, state, logs })
    }

    /// The native command as a profile's build leaves it.
    pub fn command(&self, profile: &str) -> PathBuf {
        self.target.join(profile).join(format!("guidance-playground{}", env::consts::EXE_SUFFIX))
    }

    /// The programs that xtask installed for itself.
    pub fn tools(&self) -> PathBuf {
        self.state.join("tools")
    }
}
