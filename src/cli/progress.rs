//! A line on standard error that says how far something is, for whatever takes more than a second.
//!
//! Only on a terminal, and only as wide as it is; it is wiped before anything else is written and at the end.

use std::io::{self, IsTerminal, Write};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How long something may take before anything is shown.
const PATIENCE: Duration = Duration::from_millis(700);

/// See the module header.
pub struct Progress {
    shown: bool,
    on: bool,
    started: Instant,
    done: usize,
    of: usize,
    width: usize,
}

impl Progress {
    /// Progress over so many steps.
    pub fn new(of: usize, width: usize) -> Progress {
        let on = io::stderr().is_terminal();
        Progress { shown: false, on, started: Instant::now(), done: 0, of: of.max(1), width }
    }

    /// A step begins.
    pub fn step(&mut self, what: &str) {
        if self.on && self.started.elapsed() >= PATIENCE {
            let line = line(self.done, self.of, what, self.width);
            // A terminal that is gone shows no progress.
            let _ = write!(io::stderr(), "\r\x1b[2K{line}");
            self.shown = true;
        }
        self.done += 1;
    }

    /// Makes room for other output.
    pub fn wipe(&mut self) {
        if std::mem::take(&mut self.shown) {
            // As above.
            let _ = write!(io::stderr(), "\r\x1b[2K");
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.wipe();
    }
}

/// A line on standard error while something takes long of which nobody knows how far it is; it goes with this value.
pub struct Busy(Option<(mpsc::Sender<()>, JoinHandle<()>)>);

impl Busy {
    /// Something begins.
    pub fn new(what: &'static str) -> Busy {
        if !io::stderr().is_terminal() {
            return Busy(None);
        }
        let (over, wait) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            let started = Instant::now();
            let mut patience = PATIENCE;
            while wait.recv_timeout(patience) == Err(RecvTimeoutError::Timeout) {
                // A terminal that is gone shows no progress.
                let _ = write!(io::stderr(), "\r\x1b[2K{what}: {} s", started.elapsed().as_secs());
                patience = Duration::from_secs(1);
            }
            if started.elapsed() >= PATIENCE {
                // As above.
                let _ = write!(io::stderr(), "\r\x1b[2K");
            }
        });
        Busy(Some((over, thread)))
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        if let Some((over, thread)) = self.0.take() {
            drop(over);
            // It only waits and writes; had it failed, nothing would be amiss.
            let _ = thread.join();
        }
    }
}

/// `[#####     ] 5/10 what`, at most `width` columns.
fn line(done: usize, of: usize, what: &str, width: usize) -> String {
    let columns = (width / 4).clamp(4, 30);
    let filled = (done * columns / of).min(columns);
    let bar: String = (0..columns).map(|at| if at < filled { '#' } else { ' ' }).collect();
    let line = format!("[{bar}] {done}/{of} {what}");
    line.chars().take(width.saturating_sub(1)).collect()
}

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn the_line_fits_the_terminal() {
        assert_eq!(line(5, 10, "type-flip", 40), "[#####     ] 5/10 type-flip");
        assert_eq!(line(10, 10, "a name that is far too long", 24).chars().count(), 23);
        assert!(line(0, 1, "", 5).starts_with("[   "));
    }
}
