//! A timer that interrupts one thread and says where it was: the sampling profiler's heartbeat.
//!
//! The timer's signal goes to the thread that started it, and carries the address of what is to be told, so there is no
//! global variable. What runs in the handler may touch nothing but plain memory of that thread.

use std::io;

/// What is told of each tick.
pub trait OnTick {
    /// Called in the signal handler with the interrupted thread's program counter and stack pointer, and the number of
    /// periods that have passed. Must not allocate, lock, or panic.
    fn tick(&self, pc: usize, sp: usize, periods: u32);
}

/// A running timer.
pub struct Ticker {
    timer: libc::timer_t,
}

impl Ticker {
    /// Ticks every `period_ns` on this thread. `target` is leaked: a last signal may be on its way when the timer ends.
    ///
    /// # Errors
    /// The system's.
    pub fn start<T: OnTick>(target: &'static T, period_ns: u64) -> io::Result<Ticker> {
        // SAFETY: all structures are zeroed plain data that outlive the calls; the handler is a function of the right
        // type, and gets the address of `target`, which lives for ever.
        unsafe {
            let mut action: libc::sigaction = std::mem::zeroed();
            action.sa_sigaction = handler::<T> as *const () as usize;
            action.sa_flags = libc::SA_SIGINFO | libc::SA_RESTART | libc::SA_ONSTACK;
            if libc::sigaction(libc::SIGPROF, &raw const action, std::ptr::null_mut()) != 0 {
                return Err(io::Error::last_os_error());
            }
            let mut event: libc::sigevent = std::mem::zeroed();
            event.sigev_notify = libc::SIGEV_THREAD_ID;
            event.sigev_signo = libc::SIGPROF;
            event.sigev_value = libc::sigval { sival_ptr: (&raw const *target).cast_mut().cast() };
            event.sigev_notify_thread_id = libc::gettid();
            let mut timer: libc::timer_t = std::mem::zeroed();
            if libc::timer_create(libc::CLOCK_MONOTONIC, &raw mut event, &raw mut timer) != 0 {
                return Err(io::Error::last_os_error());
            }
            let ticker = Ticker { timer };
            let period = libc::timespec {
                tv_sec: (period_ns / 1_000_000_000) as libc::time_t,
                tv_nsec: (period_ns % 1_000_000_000) as libc::c_long,
            };
            let times = libc::itimerspec { it_interval: period, it_value: period };
            if libc::timer_settime(timer, 0, &raw const times, std::ptr::null_mut()) != 0 {
                return Err(io::Error::last_os_error());
            }
            Ok(ticker)
        }
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        // SAFETY: the timer is ours and is deleted once.
        unsafe { libc::timer_delete(self.timer) };
    }
}

extern "C" fn handler<T: OnTick>(_signal: libc::c_int, info: *mut libc::siginfo_t, context: *mut libc::c_void) {
    // SAFETY: the kernel passes both; the value is the address given to the timer, a `T` that lives for ever. The
    // program's errno is put back.
    unsafe {
        let saved = *libc::__errno_location();
        let target = (*info).si_value().sival_ptr.cast::<T>();
        let (pc, sp) = place(&*context.cast::<libc::ucontext_t>());
        if !target.is_null() {
            (*target).tick(pc, sp, 1 + overruns(&*info));
        }
        *libc::__errno_location() = saved;
    }
}

/// Periods that passed without a signal of their own.
fn overruns(info: &libc::siginfo_t) -> u32 {
    // Layout of a timer's siginfo: signo, errno, code, (padding), timer id, overrun.
    let words = (&raw const *info).cast::<i32>();
    // SAFETY: within the structure, which is 128 bytes.
    let overrun = unsafe { words.add(5).read() };
    u32::try_from(overrun).unwrap_or(0)
}

#[cfg(target_arch = "x86_64")]
fn place(context: &libc::ucontext_t) -> (usize, usize) {
    let registers = &context.uc_mcontext.gregs;
    (registers[libc::REG_RIP as usize] as usize, registers[libc::REG_RSP as usize] as usize)
}

#[cfg(target_arch = "aarch64")]
fn place(context: &libc::ucontext_t) -> (usize, usize) {
    (context.uc_mcontext.pc as usize, context.uc_mcontext.sp as usize)
}
