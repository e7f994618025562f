//! Work that goes on without Python's lock, and is stopped by Ctrl-C.

use pyo3::prelude::*;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// Between two looks at signals.
const MOMENT: Duration = Duration::from_millis(50);

/// How far work has come, as Python hears it: a function of the share that is done, or nothing.
pub type Progress = Option<Py<PyAny>>;

/// Have `threads` threads do pieces of work, each of which tells how much of the whole it was, as shares of 1. The thread that calls waits,
/// and hears of Ctrl-C and tells of progress meanwhile; what has begun is then finished, and no more begun.
///
/// # Errors
/// What Python's handler of a signal raises, or `progress`.
pub fn share<T: Send>(
    py: Python<'_>,
    threads: usize,
    pieces: impl Iterator<Item = T> + Send,
    progress: &Progress,
    work: impl Fn(T) -> f64 + Sync,
) -> PyResult<()> {
    let (queue, stopped, work) = (Mutex::new(pieces), AtomicBool::new(false), &work);
    let next = || {
        let mut queue = queue.lock().unwrap_or_else(PoisonError::into_inner);
        if stopped.load(Ordering::Relaxed) { None } else { queue.next() }
    };
    let (next, stopped) = (&next, &stopped);
    let outcome = py.detach(|| {
        thread::scope(|scope| {
            let (send, receive) = channel();
            for _ in 0..threads.max(1) {
                let send = send.clone();
                scope.spawn(move || {
                    while let Some(piece) = next() {
                        // The one who hears outlives all who tell.
                        let _ = send.send(work(piece));
                    }
                });
            }
            drop(send);
            let (mut done, mut outcome, mut looked) = (0.0, Ok(()), Instant::now());
            loop {
                match receive.recv_timeout(MOMENT) {
                    Ok(share) => done += share,
                    Err(RecvTimeoutError::Timeout) => {}
                    Err(RecvTimeoutError::Disconnected) => return outcome,
                }
                if outcome.is_ok() && looked.elapsed() >= MOMENT {
                    outcome = Python::attach(|py| look(py, progress, done));
                    stopped.store(outcome.is_err(), Ordering::Relaxed);
                    looked = Instant::now();
                }
            }
        })
    });
    outcome.and_then(|()| look(py, progress, 1.0))
}

/// Hear of Ctrl-C, and tell of progress.
///
/// # Errors
/// What Python's handler of a signal raises, or `progress`.
pub fn look(py: Python<'_>, progress: &Progress, done: f64) -> PyResult<()> {
    py.check_signals()?;
    if let Some(progress) = progress {
        progress.call1(py, (done,))?;
    }
    Ok(())
}

/// So many threads as were asked for, or one for each core.
pub fn threads(asked: Option<usize>) -> usize {
    asked.unwrap_or_else(|| thread::available_parallelism().map_or(1, std::num::NonZero::get))
}
