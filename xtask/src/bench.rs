//! `cargo xtask bench peers`, `bench images` and `bench training`: install the peers, build ours, and hand over to
//! benches/peers/run.mjs, or to images/run.mjs or training/run.mjs beside it.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    browser, compiler,
    failure::{At, Failure, Result},
    node,
    paths::Paths,
    progress, python,
    shell::{self, cargo},
    site,
    stamp::{Fingerprint, Stamp},
};

/// What is measured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum What {
    /// The plane's sampler, and then training.
    #[default]
    Sampler,
    /// The network of pictures.
    Images,
    /// Training in a browser.
    Training,
}

/// What is measured, and how long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    pub what: What,
    /// Contestants; all of them where none is named.
    pub only: Vec<String>,
    pub particles: u32,
    /// Particles on the software card.
    pub few: u32,
    pub rounds: u32,
    /// A short look, to see that everything works; its times mean little.
    pub quick: bool,
    /// Goes on with the times that an interrupted run left.
    pub resume: bool,
    /// Writes the document of the last whole run anew.
    pub report: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            what: What::default(),
            only: Vec::new(),
            particles: 4096,
            few: 256,
            rounds: 9,
            quick: false,
            resume: false,
            report: false,
        }
    }
}

/// The peers' folder in the project.
const HERE: &str = "benches/peers";

pub fn run(paths: &Paths, settings: &Settings) -> Result<()> {
    node::check()?;
    let state = paths.state.join("peers");
    fs::create_dir_all(&state).at(&state)?;
    let mut driver = Command::new("node");
    driver.current_dir(&paths.root).arg(paths.root.join(HERE).join("run.mjs"));
    if settings.report {
        driver.arg(object(&[("root", text(&paths.root)), ("state", text(&state)), ("report", "true".into())]));
        return finish(&mut driver);
    }
    match settings.what {
        What::Sampler => {}
        What::Images => return run_images(paths, settings, &state),
        What::Training => return run_training(paths, settings, &state),
    }
    let browser = browser::prepare(paths)?;
    let toolchain = compiler::prepare(paths)?;
    site::prepare(paths, &toolchain)?;
    let binary = build(paths)?;
    install_npm(paths, &state)?;
    let libraries = install_python(paths, &state)?;
    let (particles, few, rounds) =
        if settings.quick { (256, 32, 2) } else { (settings.particles, settings.few, settings.rounds) };
    let scaling = if settings.quick {
        object(&[
            ("particles", "[256]".into()),
            ("widths", "[16]".into()),
            ("rounds", "1".into()),
            ("contestants", names(&SCALED)),
        ])
    } else {
        object(&[
            ("particles", "[256, 1024, 4096, 16384, 65536]".into()),
            ("widths", "[16, 32, 64, 128]".into()),
            ("rounds", "3".into()),
            ("contestants", names(&SCALED)),
        ])
    };
    driver.arg(object(&[
        ("root", text(&paths.root)),
        ("state", text(&state)),
        ("binary", text(&binary)),
        ("chromium", text(&browser.chromium)),
        ("libraries", text(&libraries)),
        ("only", names(&settings.only)),
        ("particles", particles.to_string()),
        ("few", few.to_string()),
        ("rounds", rounds.to_string()),
        ("quick", settings.quick.to_string()),
        ("resume", settings.resume.to_string()),
        ("scaling", scaling),
    ]));
    eprintln!();
    finish(&mut driver)
}

fn run_images(paths: &Paths, settings: &Settings, state: &Path) -> Result<()> {
    let browser = browser::prepare(paths)?;
    let toolchain = compiler::prepare(paths)?;
    site::prepare(paths, &toolchain)?;
    install_npm(paths, state)?;
    let libraries = install_python(paths, state)?;
    let mut driver = Command::new("node");
    driver.current_dir(&paths.root).arg("--experimental-wasm-relaxed-simd");
    driver.arg(paths.root.join(HERE).join("images/run.mjs")).arg(object(&[
        ("root", text(&paths.root)),
        ("state", text(state)),
        ("libraries", text(&libraries)),
        ("chromium", text(&browser.chromium)),
        ("only", names(&settings.only)),
        ("rounds", settings.rounds.to_string()),
    ]));
    eprintln!();
    finish(&mut driver)
}

fn run_training(paths: &Paths, settings: &Settings, state: &Path) -> Result<()> {
    let browser = browser::prepare(paths)?;
    let toolchain = compiler::prepare(paths)?;
    site::prepare(paths, &toolchain)?;
    install_npm(paths, state)?;
    let mut driver = Command::new("node");
    driver.current_dir(&paths.root).arg(paths.root.join(HERE).join("training/run.mjs")).arg(object(&[
        ("root", text(&paths.root)),
        ("state", text(state)),
        ("chromium", text(&browser.chromium)),
        ("rounds", if settings.quick { 1 } else { settings.rounds }.to_string()),
        ("quick", settings.quick.to_string()),
    ]));
    eprintln!();
    finish(&mut driver)
}

/// Who is measured over particles and widths, where it is there.
const SCALED: [&str; 10] =
    ["avx512-1", "avx512-2", "avx2-1", "avx2-2", "neon-1", "neon-2", "relaxed-1", "relaxed-2", "jax-1", "jax-2"];

fn finish(driver: &mut Command) -> Result<()> {
    let status = driver.status().map_err(|error| Failure::new(format!("could not start node: {error}")))?;
    if status.success() {
        return Ok(());
    }
    Err(Failure::new("the measurement stopped")
        .advise("see the lines above; `--resume` goes on with the times that it has, `--only NAME` leaves others out."))
}

/// Our command, optimised.
fn build(paths: &Paths) -> Result<PathBuf> {
    let mut command = cargo();
    command.current_dir(&paths.root).args(["build", "--release", "--bin", "guidance-playground"]);
    progress::step("native command, optimised", || {
        shell::run(&mut command, &shell::log(&paths.logs, "bench-native")?)
    })?;
    Ok(paths.command("release"))
}

fn install_npm(paths: &Paths, state: &Path) -> Result<()> {
    const FILES: [&str; 2] = ["package.json", "package-lock.json"];
    let here = paths.root.join(HERE);
    let stamp = Stamp::new(paths, "peers-npm", Fingerprint::default().paths(&here, &FILES));
    let installed = || Fingerprint::default().paths(state, &["node_modules/.package-lock.json"]);
    let name = "peers from npm";
    if state.join("node_modules").is_dir() && stamp.is_current(installed()) {
        progress::ready(name);
        return Ok(());
    }
    progress::step(name, || {
        stamp.remove();
        for file in FILES {
            fs::copy(here.join(file), state.join(file)).at(&here.join(file))?;
        }
        let mut npm = node::npm(paths);
        npm.current_dir(state).args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
        shell::run(&mut npm, &shell::log(&paths.logs, "peers-npm")?)?;
        stamp.write(installed())
    })
}

/// The peers in Python; gives the folder of the libraries that PyTorch has to find.
fn install_python(paths: &Paths, state: &Path) -> Result<PathBuf> {
    const FILES: [&str; 2] = ["requirements.txt", "stand_ins.py"];
    let here = paths.root.join(HERE);
    let (venv, libraries) = (state.join("venv"), state.join("libraries"));
    let stamp = Stamp::new(paths, "peers-python", Fingerprint::default().paths(&here, &FILES));
    let installed = || Fingerprint::default().paths(state, &["venv/pyvenv.cfg", "libraries/functions.c"]);
    let name = "peers from PyPI (PyTorch is half a gigabyte)";
    if venv.is_dir() && stamp.is_current(installed()) {
        progress::ready(name);
        return Ok(libraries);
    }
    progress::step(name, || {
        stamp.remove();
        let log = shell::log(&paths.logs, "peers-python")?;
        let program = |program: PathBuf| {
            let mut command = Command::new(program);
            command.current_dir(&here).env("PYTHONDONTWRITEBYTECODE", "1");
            command
        };
        shell::run(program("python3".into()).args(["-m", "venv", "--clear"]).arg(&venv), &log)
            .map_err(|error| error.advise("install Python 3.11 or newer with venv (on Debian: python3-venv)."))?;
        let inside = venv.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
        let mut pip = program(inside.clone());
        pip.args(["-m", "pip", "install", "--disable-pip-version-check", "--no-deps", "-r", FILES[0]]);
        shell::run(&mut pip, &log)?;
        python::stand_ins(paths, &inside, libraries.clone(), &log)?;
        stamp.write(installed())
    })?;
    Ok(libraries)
}

/// Just enough JSON for the settings.
fn object(fields: &[(&str, String)]) -> String {
    let fields: Vec<_> = fields.iter().map(|(name, value)| format!("{}:{value}", quote(name))).collect();
    format!("{{{}}}", fields.join(","))
}

fn names(names: &[impl AsRef<str>]) -> String {
    let names: Vec<_> = names.iter().map(|name| quote(name.as_ref())).collect();
    format!("[{}]", names.join(","))
}

fn text(path: &Path) -> String {
    quote(&path.to_string_lossy())
}

fn quote(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => quoted += &format!("\\u{:04x}", c as u32),
            c => quoted.push(c),
        }
    }
    quoted + "\""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_become_json() {
        let fields = [("root", text(Path::new(r#"C:\a "b""#))), ("only", names(&["x", "y\n"]))];
        assert_eq!(object(&fields), r#"{"root":"C:\\a \"b\"","only":["x","y\u000a"]}"#);
    }
}
