//! Work that goes on without Python's lock, and is stopped by Ctrl-C.

use pyo3::prelude::*;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// Between two looks at signals.
const MOMENT: Duration = Duration::from_millis(50);

/// How far work has come, as Python hears it: a function of the share that is done, or nothing.
pub type Progress = Option<Py<PyAny>>;

/// Have `threads` threads do pieces of work, each of which tells how much of the whole it was, as shares of 1. The thread that calls waits,
/// and hears of Ctrl-C and tells of progress meanwhile; then no more is begun, and what has begun is finished, or ends early where it looks
/// whether all is stopped.
///
/// # Errors
/// What Python's handler of a signal raises, or `progress`.
pub fn share<T: Send>(
    py: Python<'_>,
    threads: usize,
    pieces: impl Iterator<Item = T> + Send,
    progress: &Progress,
    work: impl Fn(T, &AtomicBool) -> f64 + Sync,
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
                        let _ = send.send(work(piece, stopped));
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

/// What a thread says of its work.
enum Word<T> {
    Came(u64),
    Done(T),
}

/// Have a thread do what cannot be divided. The thread that calls waits, hears of Ctrl-C, and hands on the numbers that the work tells of;
/// after Ctrl-C it goes its way at once, and the work is told so when it tells next, and ends by itself.
///
/// # Errors
/// What Python's handler of a signal raises, or `heard`.
pub fn alone<T: Send + 'static>(
    py: Python<'_>,
    heard: impl Fn(Python<'_>, u64) -> PyResult<()> + Sync,
    work: impl FnOnce(&(dyn Fn(u64) -> bool + Sync)) -> T + Send + 'static,
) -> PyResult<T> {
    let (send, receive) = channel();
    let stopped = Arc::new(AtomicBool::new(false));
    let goes_on = Arc::clone(&stopped);
    let worker = thread::spawn(move || {
        let outcome = work(&|number| {
            // After Ctrl-C nobody hears.
            let _ = send.send(Word::Came(number));
            !goes_on.load(Ordering::Relaxed)
        });
        let _ = send.send(Word::Done(outcome));
    });
    let receive = Mutex::new(receive);
    py.detach(|| {
        let receive = receive.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            let told = match receive.recv_timeout(MOMENT) {
                Ok(Word::Done(outcome)) => return Ok(outcome),
                Ok(Word::Came(number)) => Some(number),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => {
                    resume_unwind(worker.join().expect_err("it says when it is done"))
                }
            };
            let outcome = Python::attach(|py| {
                py.check_signals()?;
                told.map_or(Ok(()), |number| heard(py, number))
            });
            if let Err(raised) = outcome {
                stopped.store(true, Ordering::Relaxed);
                return Err(raised);
            }
        }
    })
}

/// [`alone`], where there is nothing to be told on the way.
///
/// # Errors
/// What Python's handler of a signal raises.
pub fn undivided<T: Send + 'static>(py: Python<'_>, work: impl FnOnce() -> T + Send + 'static) -> PyResult<T> {
    alone(py, |_, _| Ok(()), |_| work())
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
