//! One line for each step: its name, that it is still running, and the time it took.
//!
//! It goes to stderr; stdout is for what a command was asked for. Where two threads are at work, each line begins with the
//! task that it belongs to, and no seconds are counted.

use std::{
    cell::{Cell, RefCell},
    io::{IsTerminal, Write, stderr},
    sync::mpsc::{RecvTimeoutError, channel},
    thread,
    time::{Duration, Instant},
};

use crate::failure::Result;

const NAME_WIDTH: usize = 46;
const TASK_WIDTH: usize = 12;

/// A step that was taken, and how long it took.
pub struct Step {
    pub name: String,
    pub time: Duration,
}

thread_local! {
    static TASK: Cell<Option<&'static str>> = const { Cell::new(None) };
    static STEPS: RefCell<Vec<Step>> = const { RefCell::new(Vec::new()) };
}

/// Runs a task of this thread beside those of others; also returns its steps.
pub fn task<T>(name: &'static str, body: impl FnOnce() -> T) -> (T, Vec<Step>) {
    TASK.set(Some(name));
    STEPS.take();
    let result = body();
    TASK.set(None);
    (result, STEPS.take())
}

/// Runs one step and shows it.
pub fn step<T>(name: &str, body: impl FnOnce() -> Result<T>) -> Result<T> {
    let start = Instant::now();
    begin(name);
    let result = ticking(name, start, body);
    end(name, if result.is_ok() { "" } else { "failed, " }, start);
    STEPS.with_borrow_mut(|steps| steps.push(Step { name: name.to_owned(), time: start.elapsed() }));
    result
}

/// Shows a step that has nothing to do.
pub fn ready(name: &str) {
    eprintln!("{}{name:<NAME_WIDTH$} ready", lead());
}

/// Shows a remark between steps.
pub fn note(text: &str) {
    eprintln!("{}note: {text}", lead());
}

pub fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

fn begin(name: &str) {
    let lead = lead();
    if counts() {
        eprint!("{lead}{name:<NAME_WIDTH$} ...");
    } else {
        // A log is read line by line: say what is running before it is done.
        eprintln!("{lead}{name:<NAME_WIDTH$} ...");
    }
    _ = stderr().flush();
}

fn end(name: &str, verdict: &str, start: Instant) {
    let back = if counts() { "\r" } else { "" };
    eprintln!("{back}{}{name:<NAME_WIDTH$} {verdict}{}   ", lead(), seconds(start.elapsed()));
}

/// What a line begins with.
fn lead() -> String {
    TASK.get().map_or_else(|| "  ".to_owned(), |task| format!("  {task:<TASK_WIDTH$} "))
}

/// Whether a line's seconds are counted while its step runs: on a terminal that no other thread writes to.
fn counts() -> bool {
    stderr().is_terminal() && TASK.get().is_none()
}

/// A second thread counts the seconds while the step runs.
fn ticking<T>(name: &str, start: Instant, body: impl FnOnce() -> T) -> T {
    if !counts() {
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
