//! What is already done: a stamp holds the fingerprints of a step's inputs and of what it made.
//!
//! It is removed before the step and written after it, so work that was cut off counts as not done, and so does
//! output that someone changed since.

use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
};

use crate::{
    failure::{At, Result},
    paths::Paths,
};

/// A hash of file contents and names. It need not be the same for every compiler: a new one costs one rebuild.
#[derive(Default)]
pub struct Fingerprint(DefaultHasher);

impl Fingerprint {
    pub fn text(mut self, text: &str) -> Self {
        text.hash(&mut self.0);
        self
    }

    /// Adds files, and folders with all that is in them; one that is missing counts as just that.
    pub fn paths(mut self, root: &Path, names: &[&str]) -> Self {
        for name in names {
            self.add(&root.join(name), name);
        }
        self
    }

    /// Adds all files below a folder whose paths from there, with `/` in them, are not left out, nor is a folder that they are in.
    pub fn tree(mut self, root: &Path, is_left_out: impl Fn(&str) -> bool) -> Self {
        let mut open = vec![String::new()];
        while let Some(folder) = open.pop() {
            let mut entries: Vec<_> = fs::read_dir(root.join(&folder)).into_iter().flatten().flatten().collect();
            entries.sort_by_key(fs::DirEntry::file_name);
            for entry in entries {
                let name = entry.file_name();
                let path = [folder.as_str(), &name.to_string_lossy()].join(if folder.is_empty() { "" } else { "/" });
                match entry.file_type() {
                    _ if is_left_out(&path) => {}
                    Ok(kind) if kind.is_dir() => open.push(path),
                    Ok(kind) if kind.is_symlink() => (path, fs::read_link(entry.path()).ok()).hash(&mut self.0),
                    _ => (path, fs::read(entry.path()).ok()).hash(&mut self.0),
                }
            }
        }
        self
    }

    /// Adds an installed program, or whatever else an update replaces: where it really is, its size and its time.
    pub fn installed(mut self, file: &Path) -> Self {
        file.canonicalize().ok().hash(&mut self.0);
        if let Ok(known) = fs::metadata(file) {
            (known.len(), known.modified().ok()).hash(&mut self.0);
        }
        self
    }

    pub fn finish(self) -> String {
        format!("{:016x}", self.0.finish())
    }

    fn add(&mut self, path: &Path, name: &str) {
        name.hash(&mut self.0);
        if let Ok(entries) = fs::read_dir(path) {
            let mut entries: Vec<_> = entries.flatten().collect();
            entries.sort_by_key(fs::DirEntry::file_name);
            for entry in entries {
                self.add(&entry.path(), &entry.file_name().to_string_lossy());
            }
        } else {
            fs::read(path).ok().hash(&mut self.0);
        }
    }
}

pub struct Stamp {
    file: PathBuf,
    inputs: String,
}

impl Stamp {
    pub fn new(paths: &Paths, name: &str, inputs: Fingerprint) -> Self {
        Self::at(paths.state.join(format!("{name}.stamp")), inputs)
    }

    fn at(file: PathBuf, inputs: Fingerprint) -> Self {
        Self { file, inputs: inputs.finish() }
    }

    /// Whether the step was done with these inputs and its output is as the step left it.
    pub fn is_current(&self, output: Fingerprint) -> bool {
        fs::read_to_string(&self.file).is_ok_and(|text| text == self.text(output))
    }

    pub fn remove(&self) {
        _ = fs::remove_file(&self.file);
    }

    pub fn write(&self, output: Fingerprint) -> Result<()> {
        fs::write(&self.file, self.text(output)).at(&self.file)
    }

    fn text(&self, output: Fingerprint) -> String {
        format!("{} {}\n", self.inputs, output.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> PathBuf {
        let dir = std::env::temp_dir().join(format!("xtask-{name}-{}", std::process::id()));
        _ = fs::remove_dir_all(&dir);
        fs::create_dir_all(dir.join("in/deep")).unwrap();
        fs::write(dir.join("in/deep/a"), "one").unwrap();
        fs::write(dir.join("out"), "made").unwrap();
        dir
    }

    fn of(dir: &Path, name: &str) -> Fingerprint {
        Fingerprint::default().paths(dir, &[name])
    }

    #[test]
    fn a_stamp_holds_while_inputs_and_output_stay() {
        let dir = folder("holds");
        let stamp = Stamp::at(dir.join("stamp"), of(&dir, "in"));
        assert!(!stamp.is_current(of(&dir, "out")));
        stamp.write(of(&dir, "out")).unwrap();
        assert!(stamp.is_current(of(&dir, "out")));

        fs::write(dir.join("out"), "changed by hand").unwrap();
        assert!(!stamp.is_current(of(&dir, "out")));
        fs::write(dir.join("out"), "made").unwrap();
        fs::write(dir.join("in/deep/a"), "two").unwrap();
        assert!(!Stamp::at(dir.join("stamp"), of(&dir, "in")).is_current(of(&dir, "out")));
        fs::remove_dir_all(dir).unwrap();
    }

    #[test]
    fn a_removed_stamp_means_undone() {
        let dir = folder("removed");
        let stamp = Stamp::at(dir.join("stamp"), of(&dir, "in"));
        stamp.write(of(&dir, "out")).unwrap();
        stamp.remove();
        assert!(!stamp.is_current(of(&dir, "out")));
        fs::remove_dir_all(dir).unwrap();
    }

    #[test]
    fn names_count_as_well_as_contents() {
        let dir = folder("names");
        let before = of(&dir, "in").finish();
        fs::rename(dir.join("in/deep/a"), dir.join("in/deep/b")).unwrap();
        assert_ne!(before, of(&dir, "in").finish());
        fs::remove_dir_all(dir).unwrap();
    }
}
