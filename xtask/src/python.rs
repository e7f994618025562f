//! Python: virtual environments with pinned packages, and in them the project's own, as a wheel of the workspace's build.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    apt,
    failure::{At, Failure, Result},
    paths::Paths,
    progress,
    shell::{self, cargo},
    stamp::{Fingerprint, Stamp},
    version::Version,
};

/// Where the package is.
pub const HERE: &str = "python";
/// The oldest that the pinned packages run in.
const ENOUGH: Version = Version(3, 11, 0);

/// What PyTorch's ordinary package is pinned by, and what makes its libraries of CUDA's, which are not installed.
pub const PYTORCH: &str = "../benches/peers/requirements.txt";
const STAND_INS: &str = "benches/peers/stand_ins.py";

/// An environment of this name with the packages that files pin, their paths from python/; gives its interpreter.
pub fn environment(paths: &Paths, name: &str, requirements: &[&str]) -> Result<PathBuf> {
    let python = interpreter(paths)?;
    let here = paths.root.join(HERE);
    let venv = paths.state.join("python").join(name);
    let version = shell::ask(Command::new(&python).arg("-VV")).unwrap_or_default();
    let stamp =
        Stamp::new(paths, &format!("python-{name}"), Fingerprint::default().text(&version).paths(&here, requirements));
    let installed = || Fingerprint::default().paths(&venv, &["pyvenv.cfg"]);
    let inside = venv.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    let step = format!("packages of python/{}", requirements.join(" and "));
    if inside.is_file() && stamp.is_current(installed()) {
        progress::ready(&step);
        return Ok(inside);
    }
    progress::step(&step, || {
        stamp.remove();
        let log = shell::log(&paths.logs, &format!("python-{name}"))?;
        fs::create_dir_all(&venv).at(&venv)?;
        shell::run(Command::new(&python).args(["-m", "venv", "--clear"]).arg(&venv), &log)?;
        let mut pip = pip(&inside);
        pip.current_dir(&here).arg("--no-deps");
        for file in requirements {
            pip.args(["-r", file]);
        }
        shell::run(&mut pip, &log)?;
        stamp.write(installed())
    })?;
    Ok(inside)
}

/// What an environment has of a file that pins packages, in words.
pub fn installed(paths: &Paths, requirements: &str) -> Result<String> {
    let file = paths.root.join(HERE).join(requirements);
    let text = fs::read_to_string(&file).at(&file)?;
    let pinned: Vec<_> = text.lines().filter(|line| line.contains("==")).collect();
    Ok(format!("installed beside the package, {} of them: {}", pinned.len(), pinned.join(" ")))
}

/// Makes what PyTorch is linked with and has no need of on a processor; gives the folder in which it is to look.
pub fn stand_ins(paths: &Paths, inside: &Path, libraries: PathBuf, log: &Path) -> Result<PathBuf> {
    if cfg!(target_os = "linux") {
        let mut command = Command::new(inside);
        command.arg(paths.root.join(STAND_INS)).arg(&libraries).env("PYTHONDONTWRITEBYTECODE", "1");
        shell::run(&mut command, log)
            .map_err(|error| error.advise("it needs readelf and cc (on Debian: binutils and gcc)."))?;
    }
    Ok(libraries)
}

/// Puts the package into an environment, compiled in the profile of native tests, and of what those have compiled already.
pub fn install(paths: &Paths, inside: &Path) -> Result<()> {
    let name = "the package as a wheel";
    let wheels = paths.state.join("python").join("wheels");
    progress::step(name, || {
        let log = shell::log(&paths.logs, "python-wheel")?;
        _ = fs::remove_dir_all(&wheels);
        let mut maturin = Command::new(inside);
        maturin.current_dir(paths.root.join(HERE)).args([
            "-m",
            "maturin",
            "build",
            "--profile",
            "dev",
            "--locked",
            "--out",
        ]);
        shell::run(maturin.arg(&wheels).env("CARGO", cargo().get_program()), &log)?;
        let wheel = fs::read_dir(&wheels).at(&wheels)?.flatten().next();
        let wheel = wheel.ok_or_else(|| Failure::new("maturin has left no wheel"))?;
        shell::run(pip(inside).args(["--no-deps", "--no-index", "--force-reinstall"]).arg(wheel.path()), &log)
    })
}

fn pip(inside: &Path) -> Command {
    let mut command = Command::new(inside);
    command.args(["-m", "pip", "install", "--disable-pip-version-check"]);
    command
}

/// A Python that makes environments.
fn interpreter(paths: &Paths) -> Result<PathBuf> {
    let makes = |python: &PathBuf| shell::ask(Command::new(python).args(["-c", "import ensurepip, venv"])).is_some();
    if let Some(python) = found().filter(makes) {
        return Ok(python);
    }
    if apt::can_install() {
        progress::step("Debian's python3-venv", || {
            apt::install(&["python3-venv"], &shell::log(&paths.logs, "python")?)
        })?;
    }
    found().filter(makes).ok_or_else(|| {
        Failure::new(format!("Python {ENOUGH} or newer, with venv, is missing"))
            .advise("install it from python.org or your system (on Debian: `sudo apt-get install python3-venv`), and run this again.")
    })
}

fn found() -> Option<PathBuf> {
    ["python3", "python"].into_iter().filter_map(shell::find).find(|python| {
        let version = shell::ask(Command::new(python).arg("--version")).and_then(|text| Version::in_text(&text));
        version.is_some_and(|version| version >= ENOUGH)
    })
}
