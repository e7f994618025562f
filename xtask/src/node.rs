//! Node.js and the page's packages.

use std::process::Command;

use crate::{
    failure::{Failure, Result},
    paths::Paths,
    progress, shell,
    stamp::{Fingerprint, Stamp},
    version::Version,
};

/// npm writes this file last, so it vouches for the whole folder.
pub const INSTALLED: &str = "node_modules/.package-lock.json";

/// Installs the packages of package-lock.json.
pub fn prepare(paths: &Paths) -> Result<()> {
    let version = check()?;
    let inputs =
        Fingerprint::default().text(&version.to_string()).paths(&paths.root, &["package.json", "package-lock.json"]);
    let stamp = Stamp::new(paths, "npm", inputs);
    let installed = || Fingerprint::default().paths(&paths.root, &[INSTALLED]);
    let name = "npm packages";
    if paths.root.join(INSTALLED).is_file() && stamp.is_current(installed()) {
        progress::ready(name);
        return Ok(());
    }
    progress::step(name, || {
        stamp.remove();
        let mut npm = npm(paths);
        npm.args(["ci", "--no-audit", "--no-fund"]).env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
        shell::run(&mut npm, &shell::log(&paths.logs, "npm")?)?;
        stamp.write(installed())
    })
}

/// npm in the project's root.
pub fn npm(paths: &Paths) -> Command {
    program("npm", paths)
}

/// A program of an installed package; never one that would have to be downloaded.
pub fn npx(paths: &Paths, name: &str) -> Command {
    let mut command = program("npx", paths);
    command.args(["--no", "--", name]);
    command
}

fn program(name: &str, paths: &Paths) -> Command {
    let file = if cfg!(windows) { format!("{name}.cmd") } else { name.to_owned() };
    let mut command = Command::new(file);
    command.current_dir(&paths.root).env("NO_COLOR", "1").env_remove("FORCE_COLOR");
    command
}

/// Whether Node.js is here and new enough; quick, so it is asked before minutes are spent on the rest.
pub fn check() -> Result<Version> {
    const ADVICE: &str = "install Node.js 20.19 or newer, or 22.12 or newer, from nodejs.org or with a version manager such as \
                          nvm, make sure that `node --version` shows it, and run this again.";
    let text = shell::ask(Command::new("node").arg("--version"))
        .ok_or_else(|| Failure::new("Node.js is missing").advise(ADVICE))?;
    let version = Version::in_text(&text).ok_or_else(|| Failure::new(format!("`node --version` says {text:?}")))?;
    if !is_enough(version) {
        return Err(Failure::new(format!("Node.js {version} is too old for the page's tools")).advise(ADVICE));
    }
    if shell::find(if cfg!(windows) { "npm.cmd" } else { "npm" }).is_none() {
        return Err(
            Failure::new("Node.js is here but npm is missing").advise("install npm (on Debian: apt-get install npm).")
        );
    }
    Ok(version)
}

/// What Vite asks for.
fn is_enough(version: Version) -> bool {
    match version.0 {
        20 => version >= Version(20, 19, 0),
        21 => false,
        _ => version >= Version(22, 12, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn node_is_judged_as_vite_judges_it() {
        for (version, enough) in [
            (Version(18, 20, 4), false),
            (Version(20, 18, 9), false),
            (Version(20, 19, 0), true),
            (Version(21, 7, 0), false),
            (Version(22, 11, 0), false),
            (Version(22, 12, 0), true),
            (Version(24, 0, 0), true),
        ] {
            assert_eq!(is_enough(version), enough, "{version}");
        }
    }
}
