//! The graphics processors that native tests run on, where nobody has chosen one: those that are emulated in software.

use std::{env, fs, path::PathBuf, process::Command};

use crate::{apt, failure::Result, paths::Paths, progress, shell};

/// Where a system keeps the descriptions of its Vulkan drivers.
const DRIVERS: [&str; 2] = ["/usr/share/vulkan/icd.d", "/etc/vulkan/icd.d"];
/// The driver that Debian's Chromium brings.
const CHROMIUMS: &str = "/usr/lib/chromium/vk_swiftshader_icd.json";
/// Mesa's, after which comes the architecture, and Debian's package of it.
const MESAS: &str = "lvp_icd.";
const PACKAGE: &str = "mesa-vulkan-drivers";

/// A graphics processor that is emulated in software.
pub struct Card {
    /// Part of its name in Vulkan.
    pub name: &'static str,
    driver: PathBuf,
}

impl Card {
    /// Lets the tests that `command` runs have this one and no other.
    pub fn apply(&self, command: &mut Command) {
        command.env("VK_ICD_FILENAMES", &self.driver).env("WGPU_ADAPTER_NAME", self.name);
    }
}

/// Those to test on, Chromium's first. None where somebody has chosen one, or where GPU tests are not required and the
/// system has drivers of its own.
pub fn to_test_on(paths: &Paths) -> Result<Vec<Card>> {
    if ["VK_ICD_FILENAMES", "VK_DRIVER_FILES", "WGPU_ADAPTER_NAME"].iter().any(|name| env::var_os(name).is_some()) {
        return Ok(Vec::new());
    }
    if env::var_os("REQUIRE_GPU").is_some() {
        if mesas().is_none() && apt::is_here() {
            progress::step(PACKAGE, || apt::install(&[PACKAGE], &shell::log(&paths.logs, PACKAGE)?))?;
        }
    } else if drivers().next().is_some() {
        return Ok(Vec::new());
    }
    let chromiums = Some(PathBuf::from(CHROMIUMS)).filter(|driver| driver.is_file());
    let both = [("SwiftShader", chromiums), ("llvmpipe", mesas())];
    Ok(both.into_iter().filter_map(|(name, driver)| Some(Card { name, driver: driver? })).collect())
}

/// What of the system decides on which tests run, and how.
pub fn installed() -> Vec<PathBuf> {
    let mut files: Vec<_> = drivers().chain([PathBuf::from(CHROMIUMS)]).collect();
    files.sort();
    files
}

fn mesas() -> Option<PathBuf> {
    drivers().find(|driver| driver.file_name().is_some_and(|name| name.to_string_lossy().starts_with(MESAS)))
}

fn drivers() -> impl Iterator<Item = PathBuf> {
    DRIVERS.iter().filter_map(|dir| fs::read_dir(dir).ok()).flatten().flatten().map(|entry| entry.path())
}
