//! Which checks passed, and with what: one whose inputs are the same need not run again. A failure is never remembered.
//!
//! A check's inputs are all files but those that are named as none of its business, so that a new kind of file, or one
//! forgotten here, leads to a run too many and never to one too few.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use crate::{
    counts::Counts,
    failure::{At, Result},
    paths::Paths,
    shell::{self, cargo},
    stamp::Fingerprint,
};

/// How variables begin on which compilers, tests or browsers may depend.
const VARIABLES: [&str; 14] = [
    "CARGO_",
    "CHROM",
    "FIREFOX",
    "GUIDANCE_",
    "HEADLESS_",
    "NODE_",
    "PLAYWRIGHT_",
    "PROPTEST_",
    "REQUIRE_",
    "RUST",
    "VK_",
    "WASM_",
    "WEBKIT_",
    "WGPU_",
];

/// How often a check passed with the inputs that it last passed with.
pub struct Memory(PathBuf);

impl Memory {
    pub fn of(paths: &Paths, check: &str) -> Self {
        Self(paths.state.join(format!("{check}.passed")))
    }

    pub fn recall(&self, inputs: &str) -> Option<Counts> {
        let text = fs::read_to_string(&self.0).ok()?;
        let (known, passed) = text.trim_end().split_once(' ')?;
        (known == inputs).then_some(Counts { passed: passed.parse().ok()?, failed: 0 })
    }

    pub fn forget(&self) {
        _ = fs::remove_file(&self.0);
    }

    pub fn remember(&self, inputs: &str, counts: Counts) -> Result<()> {
        if counts.failed > 0 || counts.passed == 0 {
            return Ok(());
        }
        fs::write(&self.0, format!("{inputs} {}\n", counts.passed)).at(&self.0)
    }
}

/// What every check depends on: the project's files without `omitted`, the compiler, the machine and the environment.
pub fn inputs(paths: &Paths, omitted: &[&[&str]]) -> Fingerprint {
    let mut variables: Vec<_> = env::vars_os()
        .map(|(name, value)| format!("{}={}", name.to_string_lossy(), value.to_string_lossy()))
        .filter(|variable| VARIABLES.iter().any(|start| variable.starts_with(start)))
        .collect();
    variables.sort();
    Fingerprint::default()
        .text(&variables.join("\n"))
        .text(&shell::ask(cargo().arg("-vV")).unwrap_or_default())
        .text(&shell::ask(std::process::Command::new("rustc").arg("-vV")).unwrap_or_default())
        .text(&instructions())
        .tree(&paths.root, |path| omitted.iter().any(|list| list.contains(&path)) || is_made(&paths.root, path))
}

/// Whether a file or folder is no source: git's own, or one that it is told to ignore.
fn is_made(root: &Path, path: &str) -> bool {
    let ignored = fs::read_to_string(root.join(".gitignore")).unwrap_or_default();
    path == ".git"
        || ignored.lines().any(|line| match line.strip_prefix('/') {
            Some(whole) => path == whole,
            None => path.rsplit('/').next() == Some(line),
        })
}

/// The instructions that the processor has, where the system tells: tests take the best of them.
fn instructions() -> String {
    let text = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let line = text.lines().find(|line| line.starts_with("flags") || line.starts_with("Features"));
    format!("{} {}", env::consts::ARCH, line.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A project of two files, and what is made of them.
    fn project(name: &str) -> Paths {
        let root = env::temp_dir().join(format!("xtask-memory-{name}-{}", std::process::id()));
        _ = fs::remove_dir_all(&root);
        for (file, text) in [
            (".gitignore", "/made\n__pycache__\n"),
            ("src/lib.rs", "one"),
            ("www/main.ts", "two"),
            ("made/out", "three"),
            ("src/__pycache__/a", "four"),
            (".git/index", "five"),
        ] {
            let file = root.join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
        Paths { target: root.join("made"), state: root.join("made"), logs: root.join("made"), root }
    }

    #[test]
    fn a_pass_is_remembered_until_an_input_changes() {
        let paths = project("pass");
        let (memory, of) = (Memory::of(&paths, "unit"), || inputs(&paths, &[&["www"]]).finish());
        let passed = Counts { passed: 12, failed: 0 };
        assert_eq!(memory.recall(&of()), None);
        memory.remember(&of(), passed).unwrap();
        assert_eq!(memory.recall(&of()), Some(passed));

        for file in ["www/main.ts", "made/out", "src/__pycache__/a", ".git/index"] {
            fs::write(paths.root.join(file), "changed").unwrap();
            assert_eq!(memory.recall(&of()), Some(passed), "{file}");
        }
        assert_eq!(memory.recall(&inputs(&paths, &[]).finish()), None);
        fs::write(paths.root.join("new"), "").unwrap();
        assert_eq!(memory.recall(&of()), None);
        fs::remove_file(paths.root.join("new")).unwrap();
        fs::rename(paths.root.join("src/lib.rs"), paths.root.join("src/main.rs")).unwrap();
        assert_eq!(memory.recall(&of()), None);
        fs::remove_dir_all(&paths.root).unwrap();
    }

    #[test]
    fn a_failure_is_not_remembered() {
        let paths = project("failure");
        let memory = Memory::of(&paths, "unit");
        memory.remember("a", Counts { passed: 12, failed: 1 }).unwrap();
        memory.remember("a", Counts::default()).unwrap();
        assert_eq!(memory.recall("a"), None);
        memory.remember("a", Counts::PASSED).unwrap();
        memory.forget();
        assert_eq!(memory.recall("a"), None);
        fs::remove_dir_all(&paths.root).unwrap();
    }

    #[test]
    fn what_is_omitted_is_there() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        for path in crate::checks::CHECKS.iter().filter_map(|check| check.omits).flatten().copied().flatten() {
            assert!(root.join(path).exists(), "{path}");
        }
    }
}
