//! Running other programs: their output goes to a log, and a failure shows its end.

use std::{
    env,
    ffi::OsStr,
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Command, ExitStatus, Stdio},
};

use crate::failure::{At, Failure, Result};

/// Lines of a log that a failure shows.
const TAIL: usize = 40;

/// The first program of this name on PATH.
pub fn find(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .flat_map(|dir| [dir.join(program), dir.join(format!("{program}.exe"))])
        .find(|file| file.is_file())
}

/// What a quick command prints, or nothing where it is missing or fails.
pub fn ask(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The cargo that runs us.
pub fn cargo() -> Command {
    Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Where the log of this name is.
pub fn log_of(logs: &Path, name: &str) -> PathBuf {
    logs.join(format!("{name}.log"))
}

/// An empty log of this name.
pub fn log(logs: &Path, name: &str) -> Result<PathBuf> {
    let file = log_of(logs, name);
    File::create(&file).at(&file)?;
    Ok(file)
}

/// Runs a command to its end with its output added to a log, and tells whether it succeeded.
pub fn attempt(command: &mut Command, log: &Path) -> Result<ExitStatus> {
    let file = File::options().create(true).append(true).open(log).at(log)?;
    let errors = file.try_clone().at(log)?;
    command
        .stdin(Stdio::null())
        .stdout(file)
        .stderr(errors)
        .status()
        .map_err(|error| Failure::new(format!("could not start {}: {error}", show(command))))
}

/// Runs a command that has to succeed; a failure shows the end of its log.
pub fn run(command: &mut Command, log: &Path) -> Result<()> {
    let status = attempt(command, log)?;
    if status.success() {
        return Ok(());
    }
    let text = String::from_utf8_lossy(&fs::read(log).unwrap_or_default()).into_owned();
    let failure =
        Failure::new(format!("{} failed ({status}). Its last words:\n\n{}", show(command), tail(&text, TAIL)));
    Err(if speaks_of_network(&text) {
        failure
            .advise("the network could not be reached. Connect, and run the same command again: it goes on from here.")
    } else {
        failure
    })
}

/// A command as a person would type it: the program by its name, wherever it was found.
pub fn show(command: &Command) -> String {
    let program = command.get_program();
    let name = Path::new(program).file_name().unwrap_or(program);
    let words = std::iter::once(name).chain(command.get_args());
    let words: Vec<_> = words.map(OsStr::to_string_lossy).collect();
    format!("`{}`", words.join(" "))
}

/// The last lines of a text, indented.
pub fn tail(text: &str, count: usize) -> String {
    let lines: Vec<_> = text.trim_end().lines().collect();
    let shown = &lines[lines.len().saturating_sub(count)..];
    shown.iter().map(|line| format!("    {}\n", plain(line))).collect()
}

/// A line without its colours: some tools send them whatever they are told.
pub fn plain(line: &str) -> String {
    let mut text = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        text += before;
        rest = after.split_once('m').map_or("", |(_, after)| after);
    }
    text + rest
}

fn speaks_of_network(log: &str) -> bool {
    const SIGNS: [&str; 9] = [
        "Could not resolve",
        "Temporary failure",
        "failed to download",
        "download of config.json failed",
        "Could not connect",
        "error sending request",
        "ENOTFOUND",
        "EAI_AGAIN",
        "ETIMEDOUT",
    ];
    SIGNS.iter().any(|sign| log.contains(sign))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_shown_as_typed() {
        assert_eq!(show(Command::new("/usr/bin/npm").args(["run", "build"])), "`npm run build`");
    }

    #[test]
    fn a_long_log_is_cut_to_its_end() {
        let text: String = (0..100).map(|line| format!("{line}\n")).collect();
        let tail = tail(&text, TAIL);
        assert_eq!(tail.lines().count(), TAIL);
        assert!(tail.ends_with("99\n"));
    }

    #[test]
    fn colours_are_left_out() {
        assert_eq!(plain("\u{1b}[1;31mred\u{1b}[0m and plain"), "red and plain");
    }

    #[test]
    fn network_trouble_is_recognised() {
        assert!(speaks_of_network("npm error code ENOTFOUND"));
        assert!(!speaks_of_network("error[E0433]: cannot find module"));
    }
}
