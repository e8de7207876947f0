//! One process of one engine: what it printed, how long it took, how much memory it held.

use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

/// What one process of a benchmark program showed.
pub struct Run {
    /// Nanoseconds of each iteration, in order.
    pub series: Vec<f64>,
    /// Milliseconds from the start of the process to its end.
    pub wall_ms: f64,
    /// Milliseconds that processors worked for it, all threads and the system's part included.
    pub cpu_ms: f64,
    /// Most memory that the process held at a time, in MiB.
    pub peak_mib: f64,
}

/// Runs a benchmark program. `None` if it failed: then it has said so on standard error.
pub fn run(command: &mut Command, folder: &Path) -> Option<Run> {
    let start = Instant::now();
    let mut child = command.current_dir(folder).stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().ok()?;
    let mut text = String::new();
    child.stdout.take()?.read_to_string(&mut text).ok()?;
    let (succeeded, usage) = wait(child.id());
    let wall_ms = start.elapsed().as_secs_f64() * 1e3;
    let numbers = text.lines().filter_map(|line| line.strip_prefix("ns_per_iteration "));
    let series: Vec<f64> = numbers.filter_map(|number| number.parse().ok()).collect();
    let ms = |time: libc::timeval| time.tv_sec as f64 * 1e3 + time.tv_usec as f64 / 1e3;
    let cpu_ms = ms(usage.ru_utime) + ms(usage.ru_stime);
    let peak_mib = usage.ru_maxrss as f64 / 1024.0;
    (succeeded && !series.is_empty()).then_some(Run { series, wall_ms, cpu_ms, peak_mib })
}

/// Waits for a child and gives whether it ended with 0, and what it used.
fn wait(pid: u32) -> (bool, libc::rusage) {
    let mut status = 0;
    // SAFETY: rusage is plain data, for which zero bytes are a valid value.
    let mut usage: libc::rusage = unsafe { std::mem::zeroed() };
    // SAFETY: both pointers are to locals; the child is ours and nobody else waits for it.
    let got = unsafe { libc::wait4(pid as libc::pid_t, &mut status, 0, &mut usage) };
    (got == pid as libc::pid_t && status == 0, usage)
}

/// Milliseconds from the start of a process to its first byte of output.
pub fn first_output_ms(command: &[String], program: &Path) -> Option<f64> {
    let start = Instant::now();
    let mut child = Command::new(&command[0]).args(&command[1..]).arg(program).stdout(Stdio::piped()).spawn().ok()?;
    let mut byte = [0];
    let got = child.stdout.take()?.read(&mut byte).ok()?;
    let elapsed = start.elapsed().as_secs_f64() * 1e3;
    child.wait().ok()?;
    (got == 1).then_some(elapsed)
}
