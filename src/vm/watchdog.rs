//! `--timeout`: a thread that ends the program when its time is up.
//!
//! The thread touches nothing of the VM but the interrupt word, which any thread may set; it is joined before the run
//! ends, so that the word outlives it.

use crate::runtime::runtime::interrupt;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

/// A running watchdog. Dropping it ends it.
pub struct Watchdog {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// The address of an interrupt word.
struct Word(*const AtomicU32);

// SAFETY: the word is atomic, and `Watchdog::drop` joins the thread while it still exists.
unsafe impl Send for Word {}

impl Word {
    fn raise(&self) {
        // SAFETY: the watchdog, which the owner of the word keeps, has not been dropped: the thread is running.
        unsafe { (*self.0).fetch_or(interrupt::TIMEOUT, Ordering::Relaxed) };
    }
}

impl Watchdog {
    /// Raises the interrupt after `time`, unless dropped before. `None` if there is no time limit or no thread to be had.
    pub fn start(word: &AtomicU32, time: Duration) -> Option<Watchdog> {
        if time.is_zero() {
            return None;
        }
        let word = Word(word);
        let (stop, stopped) = channel::<()>();
        let wait = move || {
            if stopped.recv_timeout(time) == Err(RecvTimeoutError::Timeout) {
                word.raise();
            }
        };
        let thread = std::thread::Builder::new().name("petrel-timeout".into()).spawn(wait).ok()?;
        Some(Watchdog { stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        // The closed channel wakes the thread.
        self.stop = None;
        if let Some(thread) = self.thread.take() {
            let _ended = thread.join();
        }
    }
}
