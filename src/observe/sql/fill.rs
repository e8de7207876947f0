//! Rows from events: every event goes into the table `events` as it is; those that have a table of their own go there too.

use super::tables::{TABLES, TableIndex};
use crate::events::{Event, SourceSite, Stamped};
use crate::observe::export::stack_of;
use crate::observe::model::{Model, Outcome};
use crate::observe::summary::Summary;
use rusqlite::types::Value;
use rusqlite::{Connection, Transaction, params_from_iter};

fn int(number: u64) -> Value {
    Value::Integer(i64::try_from(number).unwrap_or(i64::MAX))
}

fn maybe(number: Option<u64>) -> Value {
    number.map_or(Value::Null, int)
}

fn text(text: impl ToString) -> Value {
    Value::Text(text.to_string())
}

struct Filler<'a> {
    model: &'a Model<'a>,
    transaction: Transaction<'a>,
    deopts: u64,
}

/// Fills the tables; that of all events, which takes nine tenths of the time, only if it is wanted.
pub(super) fn fill(connection: &mut Connection, model: &Model, with_events: bool) -> rusqlite::Result<()> {
    let mut filler = Filler { model, transaction: connection.transaction()?, deopts: 0 };
    filler.facts()?;
    filler.lives()?;
    filler.ledger()?;
    for (index, stamped) in model.recording.events.iter().enumerate() {
        if with_events {
            let (id, name, json) = (int(index as u64 + 1), text(stamped.event.name()), text(stamped.to_json()));
            filler.put(TableIndex::Events, [id, int(stamped.time_ns), name, json])?;
        }
        filler.event(stamped)?;
    }
    filler.transaction.commit()
}

impl Filler<'_> {
    fn put<const N: usize>(&self, table: TableIndex, row: [Value; N]) -> rusqlite::Result<()> {
        let mut statement = self.transaction.prepare_cached(&TABLES[table as usize].insert())?;
        statement.execute(params_from_iter(row)).map(|_| ())
    }

    /// `function, file, line, column` of a place.
    fn place(&self, site: &SourceSite) -> [Value; 4] {
        let names = &self.model.names;
        let (name, file) = (names.name(site.function), names.path(site.function));
        [text(name), text(file), int(u64::from(site.line)), int(u64::from(site.column))]
    }

    fn facts(&self) -> rusqlite::Result<()> {
        if let serde_json::Value::Object(header) = &self.model.recording.header {
            for (key, value) in header {
                let value = value.as_str().map_or_else(|| value.to_string(), str::to_string);
                self.put(TableIndex::Header, [text(key), text(value)])?;
            }
        }
        for (path, source) in &self.model.sources {
            self.put(TableIndex::Sources, [text(path), text(source)])?;
        }
        Ok(())
    }

    fn lives(&self) -> rusqlite::Result<()> {
        let names = &self.model.names;
        for compile in self.model.compiles.values() {
            let id = int(u64::from(compile.id.as_u32()));
            let (outcome, detail) = match &compile.outcome {
                Outcome::Open => ("open", ""),
                Outcome::Finished => ("finished", ""),
                Outcome::Refused(reason, detail) => (reason.name(), detail.as_str()),
            };
            self.put(
                TableIndex::Compiles,
                [
                    id.clone(),
                    int(u64::from(compile.function.as_u32())),
                    text(names.name(compile.function)),
                    text(compile.tier),
                    maybe(compile.osr_offset.map(u64::from)),
                    compile.trigger.map_or(Value::Null, text),
                    int(compile.enqueued_ns),
                    int(compile.started_ns),
                    int(compile.ended_ns),
                    int(compile.ns),
                    text(outcome),
                    text(detail),
                    int(u64::from(compile.bytecodes)),
                    int(u64::from(compile.inlined_bytecodes)),
                    int(u64::from(compile.nodes.0)),
                    int(u64::from(compile.nodes.1)),
                    int(u64::from(compile.guard_count)),
                    int(u64::from(compile.code_bytes.0)),
                    int(u64::from(compile.code_bytes.1)),
                ],
            )?;
            for (seq, pass) in compile.passes.iter().enumerate() {
                let sizes = [pass.insts_in, pass.insts_out].map(|size| int(u64::from(size)));
                let [insts_in, insts_out] = sizes;
                let row = [id.clone(), int(seq as u64), text(&pass.name), int(pass.ns), insts_in, insts_out];
                self.put(TableIndex::Passes, row)?;
            }
            for guards in &compile.guards {
                let row = [id.clone(), text(guards.reason), int(u64::from(guards.count))];
                self.put(TableIndex::Guards, row)?;
            }
        }
        for code in self.model.code.values() {
            self.put(
                TableIndex::Code,
                [
                    int(u64::from(code.id.as_u32())),
                    maybe(code.compile.map(|id| u64::from(id.as_u32()))),
                    maybe(code.function.map(|id| u64::from(id.as_u32()))),
                    code.function.map_or(Value::Null, |function| text(names.name(function))),
                    text(code.tier),
                    maybe(code.osr_offset.map(u64::from)),
                    text(code.segment),
                    int(code.offset),
                    int(u64::from(code.bytes)),
                    int(code.installed_ns),
                    maybe(code.not_entrant.map(|(time_ns, _)| time_ns)),
                    code.not_entrant.map_or(Value::Null, |(_, cause)| text(cause)),
                    maybe(code.freed_ns),
                ],
            )?;
        }
        Ok(())
    }

    fn ledger(&self) -> rusqlite::Result<()> {
        for blame in Summary::of(&self.model.recording.events).blames() {
            let [function, file, line, column] = self.place(&blame.site);
            self.put(
                TableIndex::Ledger,
                [
                    function,
                    file,
                    line,
                    column,
                    text(blame.reason),
                    int(blame.deopts),
                    int(blame.discards),
                    int(blame.cost_ns()),
                    int(blame.exit_ns),
                    int(blame.recompile_ns),
                    int(blame.away_ns),
                    int(blame.eviction_ns),
                    int(blame.lived_ns),
                    text(&blame.expected),
                    text(&blame.seen),
                ],
            )?;
        }
        Ok(())
    }

    fn event(&mut self, stamped: &Stamped) -> rusqlite::Result<()> {
        let names = &self.model.names;
        let now = int(stamped.time_ns);
        match &stamped.event {
            Event::FunctionRegistered { function, name, file, line, column, bytecodes, params } => self.put(
                TableIndex::Functions,
                [
                    int(u64::from(function.as_u32())),
                    text(if name.is_empty() { "(anonymous)" } else { name }),
                    text(file),
                    int(u64::from(*line)),
                    int(u64::from(*column)),
                    int(u64::from(*bytecodes)),
                    int(u64::from(*params)),
                ],
            ),
            Event::Deoptimized { .. } => self.deopt(stamped),
            Event::Reentered { compile, function, site, reason, via, slower_ns, .. } => self.put(
                TableIndex::Reentries,
                [
                    now,
                    int(u64::from(compile.as_u32())),
                    text(names.name(*function)),
                    int(u64::from(site.line)),
                    text(reason),
                    text(via),
                    int(*slower_ns),
                ],
            ),
            Event::TierDecision {
                function, from, to, outcome, trigger, invocations, backedges, queue_depth, ..
            } => self.put(
                TableIndex::Decisions,
                [
                    now,
                    text("counter"),
                    text(names.name(*function)),
                    Value::Null,
                    text(outcome),
                    text(trigger),
                    text(from),
                    text(to),
                    int(u64::from(*invocations)),
                    int(u64::from(*backedges)),
                    int(u64::from(*queue_depth)),
                    Value::Null,
                    Value::Null,
                ],
            ),
            Event::DeoptDecision {
                function,
                site,
                reason,
                site_deopts,
                function_deopts,
                recompiles,
                action,
                reprofile,
                forbids,
                ..
            } => self.put(
                TableIndex::Decisions,
                [
                    now,
                    text("deopt"),
                    text(names.name(*function)),
                    int(u64::from(site.line)),
                    text(action),
                    text(reason),
                    text("optimized"),
                    Value::Null,
                    int(u64::from(*function_deopts)),
                    int(u64::from(*site_deopts)),
                    int(u64::from(*recompiles)),
                    int(u64::from(*reprofile)),
                    int(u64::from(*forbids)),
                ],
            ),
            Event::FeedbackChanged { site, kind, from, to, key, seen } => {
                let [function, file, line, column] = self.place(site);
                let row = [now, function, file, line, column, text(kind), text(key), text(from), text(to), text(seen)];
                self.put(TableIndex::Feedback, row)
            }
            Event::ShapeTransition { from, to, kind, key, shape, site, .. } => {
                let nowhere = [Value::Null, Value::Null, Value::Null, Value::Null];
                let [function, file, line, _] = site.as_ref().map_or(nowhere, |site| self.place(site));
                self.put(
                    TableIndex::Shapes,
                    [
                        now,
                        int(u64::from(from.as_u32())),
                        int(u64::from(to.as_u32())),
                        text(kind),
                        text(key),
                        text(shape),
                        function,
                        file,
                        line,
                    ],
                )
            }
            Event::InlineDecision { compile, site, callee, callee_bytecodes, verdict, .. } => self.put(
                TableIndex::Inlining,
                [
                    int(u64::from(compile.as_u32())),
                    text(names.name(site.function)),
                    int(u64::from(site.line)),
                    callee.map_or(Value::Null, |callee| text(names.name(callee))),
                    int(u64::from(*callee_bytecodes)),
                    text(verdict),
                ],
            ),
            Event::AssumptionInvalidated { cause, key, site, blobs, ns, .. } => {
                let nowhere = [Value::Null, Value::Null, Value::Null, Value::Null];
                let [function, file, line, _] = site.as_ref().map_or(nowhere, |site| self.place(site));
                let row = [now, text(cause), text(key), function, file, line, int(blobs.len() as u64), int(*ns)];
                self.put(TableIndex::Invalidations, row)
            }
            Event::GarbageCollected { kind, pause_ns, live_bytes, freed_bytes } => {
                let row = [now, text(kind), int(*pause_ns), int(*live_bytes), int(*freed_bytes)];
                self.put(TableIndex::Collections, row)
            }
            Event::CacheUsage { segment, used_bytes, capacity_bytes, blobs, largest_free_bytes } => self.put(
                TableIndex::Cache,
                [
                    now,
                    text(segment),
                    int(*used_bytes),
                    int(*capacity_bytes),
                    int(u64::from(*blobs)),
                    int(*largest_free_bytes),
                ],
            ),
            Event::Sampled { room, periods, period_ns, frames } => {
                let innermost = frames.first();
                self.put(
                    TableIndex::Samples,
                    [
                        now,
                        int(u64::from(*periods) * stamped.weight()),
                        int(*period_ns),
                        text(room),
                        innermost.map_or(Value::Null, |frame| text(frame.tier)),
                        innermost.map_or(Value::Null, |frame| text(names.name(frame.site.function))),
                        maybe(innermost.map(|frame| u64::from(frame.site.line))),
                        text(stack_of(names, *room, frames).join(";")),
                    ],
                )
            }
            Event::Mark { name } => self.put(TableIndex::Marks, [now, text(name)]),
            _other_events => Ok(()),
        }
    }

    fn deopt(&mut self, stamped: &Stamped) -> rusqlite::Result<()> {
        let Event::Deoptimized {
            compile,
            blob,
            function,
            exit,
            osr_offset,
            kind,
            reason,
            action,
            site,
            callers,
            expected,
            seen,
            objects_rebuilt,
            exit_ns,
            rebuild_ns,
            resumes_in,
        } = &stamped.event
        else {
            return Ok(());
        };
        self.deopts += 1;
        let id = int(self.deopts);
        let [site_function, file, line, column] = self.place(site);
        self.put(
            TableIndex::Deopts,
            [
                id.clone(),
                int(stamped.time_ns),
                int(stamped.weight()),
                int(u64::from(compile.as_u32())),
                int(u64::from(blob.as_u32())),
                int(u64::from(function.as_u32())),
                text(self.model.names.name(*function)),
                int(u64::from(exit.as_u32())),
                maybe(osr_offset.map(u64::from)),
                text(kind),
                text(reason),
                text(action),
                site_function,
                file,
                line,
                column,
                int(u64::from(site.offset)),
                int(callers.len() as u64),
                text(expected),
                text(seen),
                int(u64::from(*objects_rebuilt)),
                int(*exit_ns),
                int(*rebuild_ns),
                text(resumes_in),
            ],
        )?;
        for (depth, frame) in std::iter::once(site).chain(callers).enumerate() {
            let [function, file, line, column] = self.place(frame);
            self.put(TableIndex::DeoptFrames, [id.clone(), int(depth as u64), function, file, line, column])?;
        }
        Ok(())
    }
}
