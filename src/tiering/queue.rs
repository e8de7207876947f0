//! Where compiles wait, and the threads that do them.
//!
//! Three modes, one interface:
//!
//! ```text
//! background   enqueue ─▶ heaps ordered by benefit over cost ─▶ threads ─▶ finished ─▶ poll (main thread)
//! synchronous  enqueue runs the job at once; the next poll returns it
//! virtual      one imaginary thread: a job starts when that thread is free, by the same order; it ends after its
//!              modelled time, and poll returns it once the virtual clock has passed that moment
//! ```
//!
//! In the background baseline code has a heap and a thread of its own beside the optimizer's, as HotSpot's C1 has: an
//! optimizing compile takes milliseconds, and functions that wait behind it for baseline code wait in the interpreter.
//! The optimizer's threads take baseline jobs too when those are worth more.
//!
//! The queue knows nothing of compiling: it is generic over a job and its result and takes the function that turns one
//! into the other. It is bounded: a full queue gives the job back. Threads start with the first job, since a short
//! program should not pay for them; they own what they work on, so dropping the queue lets them finish by themselves.
//! A panic in a job is raised again in the main thread by `poll`.
//!
//! The main thread tests [`CompileQueue::has_results`], one relaxed load, at its safepoints.

use crate::vocab::{CompileId, Tier};
use std::any::Any;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::Instant;

/// A job with what the queue needs to know of it.
#[derive(Debug)]
pub struct Request<J> {
    /// Its id.
    pub compile: CompileId,
    /// The tier that it compiles for.
    pub tier: Tier,
    /// Benefit over cost; see [`super::policy::priority_milli`].
    pub priority_milli: u64,
    /// How long it takes on the virtual clock.
    pub modelled_ns: u64,
    /// The job.
    pub job: J,
}

/// A job that is done. Times are of the clock that [`CompileQueue::enqueue`] and [`CompileQueue::poll`] are given.
#[derive(Debug)]
pub struct Finished<R> {
    /// Its id.
    pub compile: CompileId,
    /// The tier that it was compiled for.
    pub tier: Tier,
    /// What came of it.
    pub result: R,
    /// When it was enqueued.
    pub enqueued_ns: u64,
    /// When a thread took it.
    pub started_ns: u64,
    /// When it was done.
    pub finished_ns: u64,
    /// Jobs that still waited when it was taken.
    pub depth_at_start: u32,
}

/// Who runs the jobs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueueMode {
    /// The main thread, in `enqueue`.
    Synchronous,
    /// So many threads for optimized code, and one for baseline code.
    Background(u32),
    /// One imaginary thread on the virtual clock.
    Virtual,
}

impl QueueMode {
    /// The mode that a configuration asks for.
    pub fn of(config: &crate::config::Config) -> QueueMode {
        match (config.sync, config.deterministic) {
            (true, _) => QueueMode::Synchronous,
            (false, true) => QueueMode::Virtual,
            (false, false) => QueueMode::Background(config.compile_threads),
        }
    }
}

/// Turns jobs into results; called on any thread.
type Run<J, R> = dyn Fn(J) -> R + Send + Sync;

/// A result, or the panic that stands in its place.
type Outcome<R> = Result<R, Box<dyn Any + Send>>;

struct Waiting<J> {
    order: (u64, Reverse<u64>),
    enqueued_ns: u64,
    request: Request<J>,
}

impl<J> PartialEq for Waiting<J> {
    fn eq(&self, other: &Self) -> bool {
        self.order == other.order
    }
}

impl<J> Eq for Waiting<J> {}

impl<J> PartialOrd for Waiting<J> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<J> Ord for Waiting<J> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.order.cmp(&other.order)
    }
}

/// The jobs that wait, by what they compile for.
struct Waitlist<J> {
    baseline: BinaryHeap<Waiting<J>>,
    optimizing: BinaryHeap<Waiting<J>>,
}

/// What a compile thread may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lane {
    Baseline,
    Any,
}

impl<J> Waitlist<J> {
    fn new() -> Waitlist<J> {
        Waitlist { baseline: BinaryHeap::new(), optimizing: BinaryHeap::new() }
    }

    fn len(&self) -> usize {
        self.baseline.len() + self.optimizing.len()
    }

    fn push(&mut self, waiting: Waiting<J>) {
        match waiting.request.tier {
            Tier::Optimized => self.optimizing.push(waiting),
            Tier::Interpreter | Tier::Baseline | Tier::BaselineCounters | Tier::BaselineProfiling => {
                self.baseline.push(waiting);
            }
        }
    }

    /// The job that is worth most of those that the lane may take.
    fn pop(&mut self, lane: Lane) -> Option<Waiting<J>> {
        match lane {
            Lane::Any if self.optimizing.peek() > self.baseline.peek() => self.optimizing.pop(),
            Lane::Any | Lane::Baseline => self.baseline.pop(),
        }
    }

    fn drain(&mut self) -> impl Iterator<Item = Waiting<J>> + '_ {
        self.baseline.drain().chain(self.optimizing.drain())
    }
}

struct Inner<J, R> {
    waiting: Waitlist<J>,
    done: Vec<Finished<Outcome<R>>>,
    sequence: u64,
    running: u32,
    stopped: bool,
}

struct Shared<J, R> {
    inner: Mutex<Inner<J, R>>,
    wake: Condvar,
    progress: Condvar,
    ready: AtomicBool,
    run: Box<Run<J, R>>,
}

impl<J, R> Shared<J, R> {
    /// A panic in a job is caught before it can poison the lock.
    fn lock(&self) -> MutexGuard<'_, Inner<J, R>> {
        self.inner.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// The job that the imaginary thread works on.
struct VirtualJob<J> {
    waiting: Waiting<J>,
    started_ns: u64,
    ends_ns: u64,
    depth_at_start: u32,
}

/// See the module header.
pub struct CompileQueue<J, R> {
    shared: Arc<Shared<J, R>>,
    mode: QueueMode,
    limit: u32,
    threads_started: bool,
    /// The clock's reading at `origin`, to express thread times on it.
    origin: Option<(Instant, u64)>,
    virtual_job: Option<VirtualJob<J>>,
    virtual_free_ns: u64,
}

impl<J: Send + 'static, R: Send + 'static> CompileQueue<J, R> {
    /// An empty queue that holds at most `limit` waiting jobs.
    pub fn new(mode: QueueMode, limit: u32, run: impl Fn(J) -> R + Send + Sync + 'static) -> CompileQueue<J, R> {
        let inner = Inner { waiting: Waitlist::new(), done: Vec::new(), sequence: 0, running: 0, stopped: false };
        let shared = Shared {
            inner: Mutex::new(inner),
            wake: Condvar::new(),
            progress: Condvar::new(),
            ready: AtomicBool::new(false),
            run: Box::new(run),
        };
        CompileQueue {
            shared: Arc::new(shared),
            mode,
            limit,
            threads_started: false,
            origin: None,
            virtual_job: None,
            virtual_free_ns: 0,
        }
    }

    /// The mode of this queue.
    pub fn mode(&self) -> QueueMode {
        self.mode
    }

    /// Jobs that wait for a thread.
    pub fn depth(&self) -> u32 {
        self.shared.lock().waiting.len() as u32
    }

    /// How busy the compilers are, for the policy.
    pub fn load(&self) -> super::policy::Load {
        let inner = self.shared.lock();
        let threads = match self.mode {
            QueueMode::Synchronous | QueueMode::Virtual => 1,
            QueueMode::Background(threads) => threads,
        };
        super::policy::Load {
            baseline_queue: inner.waiting.baseline.len() as u32,
            optimizer_queue: inner.waiting.optimizing.len() as u32,
            threads,
        }
    }

    /// Whether `poll` may return something. In virtual mode time decides, so ask [`CompileQueue::next_due_ns`].
    #[inline(always)]
    pub fn has_results(&self) -> bool {
        self.shared.ready.load(Ordering::Relaxed)
    }

    /// Address of the flag behind [`CompileQueue::has_results`], for compiled safepoints. Lives as long as the queue.
    pub fn ready_flag(&self) -> *const AtomicBool {
        &raw const self.shared.ready
    }

    /// In virtual mode, when the running job will be done.
    pub fn next_due_ns(&self) -> Option<u64> {
        self.virtual_job.as_ref().map(|job| job.ends_ns)
    }

    /// Puts a job into the queue and returns how many wait now; gives it back if the queue is full.
    pub fn enqueue(&mut self, request: Request<J>, now_ns: u64) -> Result<u32, Request<J>> {
        self.advance_virtual(now_ns);
        let mut inner = self.shared.lock();
        if inner.waiting.len() >= self.limit as usize {
            return Err(request);
        }
        inner.sequence += 1;
        let order = (request.priority_milli, Reverse(inner.sequence));
        inner.waiting.push(Waiting { order, enqueued_ns: now_ns, request });
        let depth = inner.waiting.len() as u32;
        drop(inner);
        match self.mode {
            QueueMode::Synchronous => self.run_one_here(now_ns),
            QueueMode::Background(threads) => {
                self.start_threads(threads, now_ns);
                // Not every thread takes every job.
                self.shared.wake.notify_all();
            }
            QueueMode::Virtual => self.advance_virtual(now_ns),
        }
        Ok(depth)
    }

    /// Takes the results that are there, in the order in which they were finished.
    pub fn poll(&mut self, now_ns: u64) -> Vec<Finished<R>> {
        self.advance_virtual(now_ns);
        let done = {
            let mut inner = self.shared.lock();
            self.shared.ready.store(false, Ordering::Relaxed);
            std::mem::take(&mut inner.done)
        };
        done.into_iter().map(unwrap_finished).collect()
    }

    /// Waits until no job is waiting or running, and takes the results. In virtual mode all jobs are finished at their
    /// modelled times, which may lie ahead of the clock.
    pub fn drain(&mut self) -> Vec<Finished<R>> {
        match self.mode {
            QueueMode::Synchronous => {}
            QueueMode::Background(_) => {
                let mut inner = self.shared.lock();
                while self.threads_started && (inner.waiting.len() > 0 || inner.running > 0) {
                    inner = self.shared.progress.wait(inner).unwrap_or_else(std::sync::PoisonError::into_inner);
                }
            }
            QueueMode::Virtual => self.advance_virtual(u64::MAX),
        }
        self.poll(0)
    }

    /// Removes the jobs that no thread has taken yet, and returns them.
    pub fn cancel_waiting(&mut self) -> Vec<Request<J>> {
        self.shared.lock().waiting.drain().map(|waiting| waiting.request).collect()
    }

    fn run_one_here(&mut self, now_ns: u64) {
        let mut inner = self.shared.lock();
        let Some(waiting) = inner.waiting.pop(Lane::Any) else { return };
        drop(inner);
        let start = Instant::now();
        let outcome = catch_unwind(AssertUnwindSafe(|| (self.shared.run)(waiting.request.job)));
        let finished = Finished {
            compile: waiting.request.compile,
            tier: waiting.request.tier,
            result: outcome,
            enqueued_ns: now_ns,
            started_ns: now_ns,
            finished_ns: now_ns + start.elapsed().as_nanos() as u64,
            depth_at_start: 0,
        };
        self.shared.lock().done.push(finished);
        self.shared.ready.store(true, Ordering::Release);
    }

    fn start_threads(&mut self, threads: u32, now_ns: u64) {
        if self.threads_started {
            return;
        }
        self.threads_started = true;
        let origin = *self.origin.get_or_insert_with(|| (Instant::now(), now_ns));
        for index in 0..=threads {
            let shared = Arc::clone(&self.shared);
            // The first one takes everything: if the second cannot be had, nothing waits for ever.
            let (lane, name) = match index {
                1 => (Lane::Baseline, "petrel-baseline".to_string()),
                _ => (Lane::Any, format!("petrel-compile-{}", index.saturating_sub(1))),
            };
            let thread = std::thread::Builder::new().name(name).stack_size(16 << 20);
            let started = thread.spawn(move || work(&shared, lane, origin));
            if started.is_err() && index == 0 {
                // No thread to be had: compile on the main thread from now on.
                self.mode = QueueMode::Synchronous;
                self.run_one_here(now_ns);
                return;
            }
        }
    }

    /// Plays the imaginary thread up to a moment.
    fn advance_virtual(&mut self, now_ns: u64) {
        if self.mode != QueueMode::Virtual {
            return;
        }
        loop {
            if let Some(job) = self.virtual_job.take_if(|job| job.ends_ns <= now_ns) {
                self.virtual_free_ns = job.ends_ns;
                let request = job.waiting.request;
                let finished = Finished {
                    compile: request.compile,
                    tier: request.tier,
                    result: catch_unwind(AssertUnwindSafe(|| (self.shared.run)(request.job))),
                    enqueued_ns: job.waiting.enqueued_ns,
                    started_ns: job.started_ns,
                    finished_ns: job.ends_ns,
                    depth_at_start: job.depth_at_start,
                };
                self.shared.lock().done.push(finished);
                self.shared.ready.store(true, Ordering::Relaxed);
            }
            if self.virtual_job.is_some() {
                return;
            }
            let mut inner = self.shared.lock();
            let Some(waiting) = inner.waiting.pop(Lane::Any) else { return };
            let depth_at_start = inner.waiting.len() as u32;
            drop(inner);
            let started_ns = self.virtual_free_ns.max(waiting.enqueued_ns);
            let ends_ns = started_ns.saturating_add(waiting.request.modelled_ns);
            self.virtual_job = Some(VirtualJob { waiting, started_ns, ends_ns, depth_at_start });
        }
    }
}

impl<J, R> Drop for CompileQueue<J, R> {
    /// Threads end after the job they are at; nobody waits for them.
    fn drop(&mut self) {
        let mut inner = self.shared.lock();
        inner.stopped = true;
        inner.waiting.drain().for_each(drop);
        drop(inner);
        self.shared.wake.notify_all();
    }
}

/// What a compile thread does all its life.
fn work<J, R>(shared: &Shared<J, R>, lane: Lane, (origin, origin_ns): (Instant, u64)) {
    let now_ns = || origin_ns + origin.elapsed().as_nanos() as u64;
    let mut inner = shared.lock();
    loop {
        if inner.stopped {
            return;
        }
        let Some(waiting) = inner.waiting.pop(lane) else {
            inner = shared.wake.wait(inner).unwrap_or_else(std::sync::PoisonError::into_inner);
            continue;
        };
        inner.running += 1;
        let depth_at_start = inner.waiting.len() as u32;
        drop(inner);
        let started_ns = now_ns();
        let outcome = catch_unwind(AssertUnwindSafe(|| (shared.run)(waiting.request.job)));
        let finished = Finished {
            compile: waiting.request.compile,
            tier: waiting.request.tier,
            result: outcome,
            enqueued_ns: waiting.enqueued_ns,
            started_ns,
            finished_ns: now_ns(),
            depth_at_start,
        };
        inner = shared.lock();
        inner.running -= 1;
        inner.done.push(finished);
        shared.ready.store(true, Ordering::Release);
        shared.progress.notify_all();
    }
}

fn unwrap_finished<R>(finished: Finished<Outcome<R>>) -> Finished<R> {
    match finished.result {
        Err(panic) => resume_unwind(panic),
        Ok(result) => Finished {
            compile: finished.compile,
            tier: finished.tier,
            result,
            enqueued_ns: finished.enqueued_ns,
            started_ns: finished.started_ns,
            finished_ns: finished.finished_ns,
            depth_at_start: finished.depth_at_start,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    fn request(index: u32, priority_milli: u64, modelled_ns: u64) -> Request<u32> {
        let compile = CompileId::from_u32(index);
        Request { compile, tier: Tier::Optimized, priority_milli, modelled_ns, job: index }
    }

    fn doubled(results: Vec<Finished<u32>>) -> Vec<u32> {
        results.into_iter().map(|finished| finished.result).collect()
    }

    #[test]
    fn synchronous_jobs_are_there_at_once() {
        let mut queue = CompileQueue::new(QueueMode::Synchronous, 4, |job: u32| job * 2);
        assert_eq!(queue.enqueue(request(3, 0, 0), 5).unwrap(), 1);
        assert!(queue.has_results());
        assert_eq!(doubled(queue.poll(5)), [6]);
        assert!(!queue.has_results());
        assert!(queue.poll(5).is_empty());
    }

    #[test]
    fn virtual_results_appear_when_the_clock_passes_in_order_of_priority() {
        let mut queue = CompileQueue::new(QueueMode::Virtual, 8, |job: u32| job * 2);
        queue.enqueue(request(1, 5, 100), 0).unwrap();
        queue.enqueue(request(2, 5, 100), 10).unwrap();
        queue.enqueue(request(3, 9, 100), 20).unwrap();
        assert_eq!((queue.depth(), queue.next_due_ns()), (2, Some(100)));
        assert!(queue.poll(99).is_empty());
        assert_eq!(doubled(queue.poll(100)), [2]);
        let third = queue.poll(200);
        assert_eq!((third[0].started_ns, third[0].finished_ns, third[0].depth_at_start), (100, 200, 1));
        assert_eq!(doubled(third), [6]);
        assert_eq!(doubled(queue.poll(1_000)), [4]);
        // The imaginary thread was idle from 300 on: a new job starts when it comes.
        queue.enqueue(request(4, 0, 50), 2_000).unwrap();
        assert_eq!(queue.next_due_ns(), Some(2_050));
    }

    #[test]
    fn polling_often_or_rarely_gives_the_same_virtual_times() {
        let times = |step: usize| {
            let mut queue = CompileQueue::new(QueueMode::Virtual, 8, |job: u32| job);
            let mut finished = Vec::new();
            for now in (0..2_000u64).step_by(step) {
                if now % 200 == 0 && now < 1_000 {
                    queue.enqueue(request(now as u32, now % 3, 170), now).unwrap();
                }
                finished.extend(queue.poll(now).iter().map(|done| (done.compile, done.finished_ns)));
            }
            finished
        };
        assert_eq!(times(1), times(200));
        assert_eq!(times(1).len(), 5);
    }

    #[test]
    fn a_full_queue_gives_the_job_back() {
        let mut queue = CompileQueue::new(QueueMode::Virtual, 1, |job: u32| job);
        queue.enqueue(request(1, 0, 100), 0).unwrap();
        queue.enqueue(request(2, 0, 100), 0).unwrap();
        assert_eq!(queue.enqueue(request(3, 0, 100), 0).unwrap_err().job, 3);
        assert_eq!(queue.cancel_waiting().len(), 1);
        assert_eq!(doubled(queue.drain()), [1]);
    }

    #[test]
    fn background_jobs_wait_in_order_of_priority() {
        let (go, gate) = mpsc::channel::<()>();
        let gate = Mutex::new(gate);
        let mut queue = CompileQueue::new(QueueMode::Background(1), 8, move |job: u32| {
            if job == 0 {
                gate.lock().unwrap().recv().unwrap();
            }
            job
        });
        queue.enqueue(request(0, 0, 0), 0).unwrap();
        while queue.depth() > 0 {
            std::thread::yield_now();
        }
        for (index, priority) in [(1, 10), (2, 30), (3, 20)] {
            queue.enqueue(request(index, priority, 0), 0).unwrap();
        }
        assert_eq!(queue.load().optimizer_queue, 3);
        go.send(()).unwrap();
        assert_eq!(doubled(queue.drain()), [0, 2, 3, 1]);
    }

    #[test]
    fn baseline_code_does_not_wait_behind_an_optimizing_compile() {
        let (go, gate) = mpsc::channel::<()>();
        let (baseline_done, seen) = mpsc::channel::<u32>();
        let (gate, baseline_done) = (Mutex::new(gate), Mutex::new(baseline_done));
        let mut queue = CompileQueue::new(QueueMode::Background(1), 8, move |job: u32| {
            match job {
                0 => gate.lock().unwrap().recv().unwrap(),
                _ => baseline_done.lock().unwrap().send(job).unwrap(),
            }
            job
        });
        queue.enqueue(request(0, 0, 0), 0).unwrap();
        while queue.depth() > 0 {
            std::thread::yield_now();
        }
        queue.enqueue(Request { tier: Tier::BaselineProfiling, ..request(1, 0, 0) }, 0).unwrap();
        assert_eq!(seen.recv().unwrap(), 1, "while the optimizer is busy");
        go.send(()).unwrap();
        // Which of the two threads hands over first once both may is not said.
        let mut done = doubled(queue.drain());
        done.sort_unstable();
        assert_eq!(done, [0, 1]);
    }

    #[test]
    fn a_panic_in_a_job_reaches_the_main_thread() {
        let mut queue = CompileQueue::new(QueueMode::Background(1), 8, |_: u32| -> u32 { panic!("invariant") });
        queue.enqueue(request(0, 0, 0), 0).unwrap();
        let outcome = catch_unwind(AssertUnwindSafe(|| queue.drain()));
        assert_eq!(outcome.unwrap_err().downcast_ref::<&str>(), Some(&"invariant"));
    }
}
