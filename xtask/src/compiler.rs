//! Which compiler builds for WebAssembly: the host's with rustup's wasm target, or Debian's.

use std::{
    env,
    fs::File,
    path::Path,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::{
    apt, debian,
    failure::{At, Failure, Result},
    paths::Paths,
    progress, shell,
    toolchain::{TARGET, Toolchain},
};

const CHOICE: &str = "WASM_TOOLCHAIN";
/// Longer than any download of the target on a line that works.
const PATIENCE: Duration = Duration::from_secs(180);

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
