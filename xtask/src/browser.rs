//! The browser that the tests run in, and the driver through which wasm-pack speaks to it.

use std::{env, path::PathBuf};

use crate::{
    apt,
    failure::{Failure, Result},
    paths::Paths,
    progress, shell,
};

#[derive(Clone)]
pub struct Browser {
    pub chromium: PathBuf,
    pub driver: PathBuf,
    /// Chromium without a window's own parts, where it is installed.
    pub shell: Option<PathBuf>,
}

/// What Debian calls them; the last one lets native programs use Chromium's software GPU.
const PACKAGES: [&str; 4] = ["chromium", "chromium-driver", SHELL, "libvulkan1"];
const SHELL: &str = "chromium-headless-shell";
const CHROMIUM: [&str; 5] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
/// Firefox, and WebKitGTK with its driver and a screen in memory.
const OTHER_PACKAGES: [&str; 3] = ["firefox-esr", "webkit2gtk-driver", "xvfb"];
const FIREFOX: [&str; 2] = ["firefox-esr", "firefox"];
const WEBKIT: [&str; 2] = ["WebKitWebDriver", "Xvfb"];
const MAC_CHROME: &str = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";

/// Finds Chromium and its driver, and on Debian installs them.
pub fn prepare(paths: &Paths) -> Result<Browser> {
    let name = "Chromium and its driver";
    if let Some(browser) = find()
        && (browser.shell.is_some() || !apt::can_install())
    {
        progress::ready(name);
        return Ok(browser);
    }
    if !apt::is_here() {
        return Err(Failure::new("Chromium or Chrome, or its chromedriver, is missing").advise(
            "install both in the same version and put them on PATH, or set CHROMIUM and CHROMEDRIVER to their paths \
             (on macOS: `brew install --cask google-chrome chromedriver`).",
        ));
    }
    progress::step(name, || {
        apt::install(&PACKAGES, &shell::log(&paths.logs, "chromium")?)?;
        find().ok_or_else(|| Failure::new("Chromium is installed but not on PATH"))
    })
}

/// Finds Firefox, which it answers, and the driver of WebKitGTK, and on Debian installs them.
pub fn prepare_others(paths: &Paths) -> Result<PathBuf> {
    let name = "Firefox, and WebKitGTK with its driver";
    if let Some(firefox) = find_others() {
        progress::ready(name);
        return Ok(firefox);
    }
    progress::step(name, || {
        apt::install(&OTHER_PACKAGES, &shell::log(&paths.logs, "other-browsers")?)?;
        find_others().ok_or_else(|| Failure::new("Firefox, WebKitWebDriver or Xvfb is installed but not on PATH"))
    })
}

fn find() -> Option<Browser> {
    let chromium = given("CHROMIUM")
        .or_else(|| CHROMIUM.iter().find_map(|name| shell::find(name)))
        .or_else(|| Some(PathBuf::from(MAC_CHROME)).filter(|file| file.is_file()))?;
    let driver = given("CHROMEDRIVER").or_else(|| shell::find("chromedriver"))?;
    Some(Browser { chromium, driver, shell: shell::find(SHELL) })
}

fn find_others() -> Option<PathBuf> {
    let all = WEBKIT.iter().all(|name| shell::find(name).is_some());
    let firefox = given("FIREFOX").or_else(|| FIREFOX.iter().find_map(|name| shell::find(name)))?;
    all.then_some(firefox)
}

/// What of Chromium is here.
pub fn installed() -> Vec<PathBuf> {
    find()
        .into_iter()
        .flat_map(|browser| [Some(browser.chromium), Some(browser.driver), browser.shell])
        .flatten()
        .collect()
}

/// What of the others is here.
pub fn others_installed() -> Vec<PathBuf> {
    find_others().into_iter().chain(WEBKIT.iter().filter_map(|name| shell::find(name))).collect()
}

/// A file that an environment variable names.
fn given(name: &str) -> Option<PathBuf> {
    env::var_os(name).map(PathBuf::from).filter(|file| file.is_file())
}
