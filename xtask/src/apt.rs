//! Debian's packages.

use std::{path::Path, process::Command, sync::Mutex};

use crate::{
    failure::{Failure, Result},
    shell,
};

/// One after another: of two at once the second may find a lock, or half of the lists.
static TURN: Mutex<()> = Mutex::new(());

/// Whether this machine installs its packages with apt-get.
pub fn is_here() -> bool {
    shell::find("apt-get").is_some()
}

/// Whether this process may install packages so.
pub fn can_install() -> bool {
    is_here() && is_root()
}

/// Installs packages, or says what a person has to type.
pub fn install(packages: &[&str], log: &Path) -> Result<()> {
    let by_hand = format!("sudo apt-get update && sudo apt-get install {}", packages.join(" "));
    if !is_here() {
        return Err(Failure::new(format!("Debian's packages {} are needed", packages.join(", ")))
            .advise("this system has no apt-get: install the same programs in its own way."));
    }
    if !is_root() {
        return Err(Failure::new(format!("Debian's packages {} are needed", packages.join(", ")))
            .advise(format!("type `{by_hand}`, then run this again.")));
    }
    let _turn = TURN.lock();
    let install = || {
        let mut command = apt_get();
        command.args(["install", "-y", "--no-install-recommends"]).args(packages);
        shell::run(&mut command, log)
    };
    // The lists of a new machine are empty or old, so a refusal may only mean that.
    install()
        .or_else(|_| shell::run(apt_get().arg("update"), log).and_then(|()| install()))
        .map_err(|error| error.advise(format!("see the lines above; by hand it is `{by_hand}`.")))
}

/// Brings the package lists up to date.
pub fn update(log: &Path) -> Result<()> {
    let _turn = TURN.lock();
    shell::run(apt_get().arg("update"), log)
}

fn apt_get() -> Command {
    let mut command = Command::new("apt-get");
    command.env("DEBIAN_FRONTEND", "noninteractive");
    // Wait for another apt to finish instead of failing at once.
    command.args(["-o", "DPkg::Lock::Timeout=120"]);
    command
}

#[cfg(target_os = "linux")]
fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    // A process's own folder in /proc belongs to the user it runs as.
    std::fs::metadata("/proc/self").is_ok_and(|me| me.uid() == 0)
}

#[cfg(not(target_os = "linux"))]
fn is_root() -> bool {
    false
}
