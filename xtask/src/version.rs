//! Version numbers, read from programs and from Cargo.lock.

use std::fmt;

/// Ordered as versions are; a pre-release suffix is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version(pub u32, pub u32, pub u32);

impl Version {
    /// The first version-like word in what a program prints of itself: `v20.20.2`, `rustc 1.96.0 (…)`.
    pub fn in_text(text: &str) -> Option<Self> {
        text.split_whitespace().find_map(Self::parse)
    }

    fn parse(word: &str) -> Option<Self> {
        let word = word.strip_prefix('v').unwrap_or(word);
        let mut parts = word.split(['.', '-', '+']);
        let major = parts.next()?.parse().ok()?;
        let minor = parts.next()?.parse().ok()?;
        let patch = parts.next().and_then(|part| part.parse().ok()).unwrap_or(0);
        Some(Self(major, minor, patch))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.0, self.1, self.2)
    }
}

/// The version of a package in the text of a Cargo.lock.
pub fn locked<'a>(lockfile: &'a str, package: &str) -> Option<&'a str> {
    let name = format!("name = \"{package}\"");
    let mut lines = lockfile.lines();
    lines.find(|line| *line == name)?;
    lines.next()?.strip_prefix("version = \"")?.strip_suffix('"')
}

/// The `rust-version` in the text of a Cargo.toml.
pub fn required_rust(manifest: &str) -> Option<Version> {
    let line = manifest.lines().find(|line| line.starts_with("rust-version"))?;
    Version::parse(line.split('"').nth(1)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_print_versions_in_many_ways() {
        assert_eq!(Version::in_text("v20.20.2\n"), Some(Version(20, 20, 2)));
        assert_eq!(Version::in_text("rustc 1.96.0 (ac68faa20 2026-05-25)"), Some(Version(1, 96, 0)));
        assert_eq!(Version::in_text("wasm-pack 0.15.1"), Some(Version(0, 15, 1)));
        assert_eq!(Version::in_text("cargo 1.97.0-nightly (1 2)"), Some(Version(1, 97, 0)));
        assert_eq!(Version::in_text("no number here"), None);
    }

    #[test]
    fn versions_are_ordered_by_number() {
        assert!(Version(20, 9, 0) < Version(20, 19, 0));
        assert!(Version(22, 0, 0) > Version(20, 19, 5));
    }

    #[test]
    fn the_lockfile_names_the_exact_package() {
        let lock = "[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"0.1.0\"\n\n[[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(locked(lock, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(locked(lock, "wgpu"), None);
    }

    #[test]
    fn the_manifest_says_which_rust_is_needed() {
        assert_eq!(required_rust("[package]\nrust-version = \"1.89\"\n"), Some(Version(1, 89, 0)));
    }
}
