//! One line for each step: its name, that it is still running, and the time it took.
//!
//! It goes to stderr; stdout is for what a command was asked for.

use std::{
    io::{IsTerminal, Write, stderr},
    sync::mpsc::{RecvTimeoutError, channel},
    thread,
    time::{Duration, Instant},
};

use crate::failure::Result;

const NAME_WIDTH: usize = 46;

/// Runs one step and shows it.
pub fn step<T>(name: &str, body: impl FnOnce() -> Result<T>) -> Result<T> {
    let start = Instant::now();
    begin(name);
    let result = ticking(name, start, body);
    end(name, if result.is_ok() { "" } else { "failed, " }, start);
    result
}

/// Shows a step that has nothing to do.
pub fn ready(name: &str) {
    eprintln!("  {name:<NAME_WIDTH$} ready");
}

/// Shows a remark between steps.
pub fn note(text: &str) {
    eprintln!("  note: {text}");
}

pub fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

fn begin(name: &str) {
    if stderr().is_terminal() {
        eprint!("  {name:<NAME_WIDTH$} ...");
    } else {
        // A log is read line by line: say what is running before it is done.
        eprintln!("  {name:<NAME_WIDTH$} ...");
    }
    _ = stderr().flush();
}

fn end(name: &str, verdict: &str, start: Instant) {
    let lead = if stderr().is_terminal() { "\r" } else { "" };
    eprintln!("{lead}  {name:<NAME_WIDTH$} {verdict}{}   ", seconds(start.elapsed()));
}

/// On a terminal, a second thread counts the seconds while the step runs.
fn ticking<T>(name: &str, start: Instant, body: impl FnOnce() -> T) -> T {
    if !stderr().is_terminal() {
        return body();
    }
    let (done, waiting) = channel::<()>();
    thread::scope(|scope| {
        scope.spawn(move || {
            while waiting.recv_timeout(Duration::from_secs(1)) == Err(RecvTimeoutError::Timeout) {
                eprint!("\r  {name:<NAME_WIDTH$} {} s ...", start.elapsed().as_secs());
                _ = stderr().flush();
            }
        });
        let result = body();
        drop(done);
        result
    })
}
