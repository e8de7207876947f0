//! A line on standard error that says how far something is, for whatever takes more than a second.
//!
//! Only on a terminal, and only as wide as it is; it is wiped before anything else is written and at the end.

use std::io::{self, IsTerminal, Write};
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
