//! The recorder: takes events from the engine and gives them to whoever asked for them.
//!
//! With no subscriber and no buffer the recorder is off, and [`Recorder::emit`] is one test of a bool: the event is
//! built by a closure that is never called, and the clock is not read. When it is on:
//!
//! 1. Frequent events (see [`Frequency`]) pass a counter per kind; every `sample_rate`-th is kept and carries the
//!    number of those left out before it, so that sums over weights stay right. Rare events always pass.
//! 2. Subscribers see the event at once, in the order in which they subscribed.
//! 3. The buffer keeps the first or the last events up to its bound and counts the rest.
//!
//! Nothing here grows without a limit. Sampling counts instead of drawing lots, so a recording of a deterministic run
//! is deterministic too.

use super::event::{Event, Frequency, Stamped};
use crate::config::RecordKeep;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

/// Where the recorder reads the time. Real and virtual clocks implement it.
pub trait EventClock {
    /// Nanoseconds since the start of the run.
    fn now_ns(&self) -> u64;
}

/// A clock that always shows the same time; for tests and for events that are stamped elsewhere.
#[derive(Clone, Copy, Debug)]
pub struct FixedClock(pub u64);

impl EventClock for FixedClock {
    fn now_ns(&self) -> u64 {
        self.0
    }
}

/// A closure that is called with every event that is kept.
pub type Subscriber = Box<dyn FnMut(&Stamped)>;

/// What the recorder saw and what it did not keep.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RecorderCounts {
    /// Events handed to subscribers and buffer.
    pub kept: u64,
    /// Events that the full buffer could not hold.
    pub dropped: u64,
    /// Events left out by sampling.
    pub sampled_out: u64,
}

/// A bounded buffer of events.
struct Buffer {
    events: VecDeque<Stamped>,
    limit: usize,
    keep: RecordKeep,
}

/// Distributes events; see the header.
pub struct Recorder {
    on: bool,
    sample_rate: u64,
    /// Per kind of event: how many of the frequent ones were left out since the last one kept.
    skipped: Vec<u32>,
    subscribers: Vec<Subscriber>,
    /// Who wants alarms only: they do not switch the recorder on.
    alarms: Vec<Subscriber>,
    buffer: Option<Buffer>,
    counts: RecorderCounts,
}

impl Default for Recorder {
    fn default() -> Recorder {
        Recorder::off()
    }
}

impl Recorder {
    /// A recorder to which nobody listens.
    pub fn off() -> Recorder {
        Recorder {
            on: false,
            sample_rate: 1,
            skipped: vec![0; Event::ROWS.len()],
            subscribers: Vec::new(),
            alarms: Vec::new(),
            buffer: None,
            counts: RecorderCounts::default(),
        }
    }

    /// Whether anybody listens. The engine may test this before it collects what an event needs.
    #[inline(always)]
    pub fn is_on(&self) -> bool {
        self.on
    }

    /// Keeps every `rate`-th of the frequent events.
    pub fn set_sample_rate(&mut self, rate: u64) {
        self.sample_rate = rate.max(1);
    }

    /// Adds a subscriber, which sees every event that is kept from now on.
    pub fn subscribe(&mut self, subscriber: Subscriber) {
        self.subscribers.push(subscriber);
        self.on = true;
    }

    /// Adds a subscriber that only sees alarms: storms, a code cache that is full. Nothing else is built for it, so a
    /// program that nobody records can still be warned of.
    pub fn subscribe_to_alarms(&mut self, subscriber: Subscriber) {
        self.alarms.push(subscriber);
    }

    /// Whether anybody listens to alarms only.
    pub fn has_alarms(&self) -> bool {
        !self.alarms.is_empty()
    }

    /// Reports an event that a user should know of.
    pub fn alarm_at(&mut self, time_ns: u64, event: Event) {
        self.introduce(time_ns, event.clone());
        self.emit_at(time_ns, || event);
    }

    /// Shows an event to those who only see alarms: what an alarm is going to refer to.
    pub fn introduce(&mut self, time_ns: u64, event: Event) {
        let stamped = Stamped { time_ns, skipped: 0, event };
        self.alarms.iter_mut().for_each(|alarm| alarm(&stamped));
    }

    /// Keeps events in memory, at most `limit` of them.
    pub fn keep_in_memory(&mut self, limit: usize, keep: RecordKeep) {
        self.buffer = Some(Buffer { events: VecDeque::new(), limit: limit.max(1), keep });
        self.on = true;
    }

    /// Reports an event. `build` is only called if somebody listens and the event is kept; it must not report events
    /// itself.
    #[inline(always)]
    pub fn emit(&mut self, clock: &impl EventClock, build: impl FnOnce() -> Event) {
        if self.on {
            self.deliver(clock.now_ns(), build());
        }
    }

    /// Reports an event that happened at a known time, such as one from a compile thread.
    #[inline(always)]
    pub fn emit_at(&mut self, time_ns: u64, build: impl FnOnce() -> Event) {
        if self.on {
            self.deliver(time_ns, build());
        }
    }

    #[cold]
    #[inline(never)]
    fn deliver(&mut self, time_ns: u64, event: Event) {
        let mut skipped = 0;
        if self.sample_rate > 1 && event.row().frequency == Frequency::Frequent {
            let count = &mut self.skipped[event.index()];
            if u64::from(*count) + 1 < self.sample_rate && *count < u32::MAX {
                *count += 1;
                self.counts.sampled_out += 1;
                return;
            }
            skipped = std::mem::take(count);
        }
        self.counts.kept += 1;
        let stamped = Stamped { time_ns, skipped, event };
        for subscriber in &mut self.subscribers {
            subscriber(&stamped);
        }
        if let Some(buffer) = &mut self.buffer {
            let full = buffer.events.len() >= buffer.limit;
            self.counts.dropped += u64::from(full);
            match (full, buffer.keep) {
                (false, _) => buffer.events.push_back(stamped),
                (true, RecordKeep::First) => {}
                (true, RecordKeep::Last) => {
                    buffer.events.pop_front();
                    buffer.events.push_back(stamped);
                }
            }
        }
    }

    /// What was kept, dropped and left out so far.
    pub fn counts(&self) -> RecorderCounts {
        self.counts
    }

    /// Takes the events out of the buffer.
    pub fn take(&mut self) -> Vec<Stamped> {
        self.buffer.as_mut().map(|buffer| buffer.events.drain(..).collect()).unwrap_or_default()
    }

    /// Ends the recording: reports [`Event::RecordingEnded`] to subscribers, then lets go of them, so that they can
    /// flush what they hold when they are dropped. The buffer stays.
    pub fn finish(&mut self, clock: &impl EventClock) {
        let counts = self.counts;
        let ended =
            Event::RecordingEnded { recorded: counts.kept, dropped: counts.dropped, sampled_out: counts.sampled_out };
        self.emit(clock, || ended);
        self.subscribers.clear();
        self.alarms.clear();
        self.on = self.buffer.is_some();
    }
}

/// A subscriber that collects events, and the shared list that it fills; for tests and for reports at the end.
pub fn collector() -> (Subscriber, Rc<RefCell<Vec<Stamped>>>) {
    let list = Rc::new(RefCell::new(Vec::new()));
    let filled = Rc::clone(&list);
    (Box::new(move |stamped| filled.borrow_mut().push(stamped.clone())), list)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocab::FunctionId;

    fn mark(text: &str) -> Event {
        Event::Mark { name: text.to_string() }
    }

    /// A row that sampling applies to.
    fn frequent() -> Event {
        Event::GarbageCollected { kind: crate::vocab::GcKind::Young, pause_ns: 1, live_bytes: 2, freed_bytes: 3 }
    }

    #[test]
    fn nothing_is_built_while_nobody_listens() {
        struct NoClock;
        impl EventClock for NoClock {
            fn now_ns(&self) -> u64 {
                panic!("the clock was read")
            }
        }
        let mut recorder = Recorder::off();
        recorder.emit(&NoClock, || panic!("the event was built"));
        assert_eq!(recorder.counts(), RecorderCounts::default());
    }

    #[test]
    fn the_last_events_stay_in_a_ring() {
        let mut recorder = Recorder::off();
        recorder.keep_in_memory(2, RecordKeep::Last);
        for name in ["a", "b", "c"] {
            recorder.emit(&FixedClock(7), || mark(name));
        }
        assert_eq!(recorder.counts(), RecorderCounts { kept: 3, dropped: 1, sampled_out: 0 });
        let events: Vec<Event> = recorder.take().into_iter().map(|stamped| stamped.event).collect();
        assert_eq!(events, [mark("b"), mark("c")]);
    }

    #[test]
    fn the_first_events_stay_in_stop_mode() {
        let mut recorder = Recorder::off();
        recorder.keep_in_memory(2, RecordKeep::First);
        for name in ["a", "b", "c", "d"] {
            recorder.emit(&FixedClock(7), || mark(name));
        }
        assert_eq!(recorder.counts().dropped, 2);
        let events: Vec<Event> = recorder.take().into_iter().map(|stamped| stamped.event).collect();
        assert_eq!(events, [mark("a"), mark("b")]);
    }

    #[test]
    fn sampling_keeps_weights_right_and_leaves_rare_events_alone() {
        let (subscriber, list) = collector();
        let mut recorder = Recorder::off();
        recorder.set_sample_rate(10);
        recorder.subscribe(subscriber);
        for _ in 0..35 {
            recorder.emit(&FixedClock(0), frequent);
            recorder.emit(&FixedClock(0), || Event::FirstExecution {
                function: FunctionId::from_u32(1),
                callers: Vec::new(),
            });
        }
        recorder.finish(&FixedClock(9));
        let list = list.borrow();
        let kept: Vec<u64> =
            list.iter().filter(|stamped| stamped.event == frequent()).map(|stamped| stamped.weight()).collect();
        assert_eq!(kept, [10, 10, 10]);
        assert_eq!(list.iter().filter(|stamped| stamped.event.name() == "first_execution").count(), 35);
        let ended = Event::RecordingEnded { recorded: 38, dropped: 0, sampled_out: 32 };
        assert_eq!(list.last().map(|stamped| &stamped.event), Some(&ended));
    }

    #[test]
    fn subscribers_are_let_go_at_the_end() {
        let (subscriber, list) = collector();
        let mut recorder = Recorder::off();
        recorder.subscribe(subscriber);
        recorder.finish(&FixedClock(0));
        assert!(!recorder.is_on());
        assert_eq!(Rc::strong_count(&list), 1);
    }
}
