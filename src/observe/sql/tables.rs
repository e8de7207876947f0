//! The tables of a recording's database. Every `*_ns` is nanoseconds of the recording's clock; `function` is a name,
//! `function_id` an id; lines and columns count from 1.

/// A column: name, SQLite's type, what it holds.
pub type Column = (&'static str, &'static str, &'static str);

/// A table.
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// What a row is.
    pub doc: &'static str,
    /// Its columns.
    pub columns: &'static [Column],
}

impl Table {
    /// The statement that makes it.
    pub fn create(&self) -> String {
        let columns: Vec<String> = self.columns.iter().map(|(name, kind, _)| format!("\"{name}\" {kind}")).collect();
        format!("CREATE TABLE {} ({});", self.name, columns.join(", "))
    }

    /// The statement that fills it.
    pub fn insert(&self) -> String {
        let places = vec!["?"; self.columns.len()].join(", ");
        format!("INSERT INTO {} VALUES ({places})", self.name)
    }
}

/// Made when the tables are filled.
pub const INDEXES: &str = "CREATE INDEX deopts_by_place ON deopts (function_id, line); \
     CREATE INDEX frames_by_deopt ON deopt_frames (deopt_id); CREATE INDEX events_by_name ON events (name);";

macro_rules! tables {
    ($($Index:ident $name:literal $doc:literal { $($column:ident $kind:ident $column_doc:literal,)+ })+) => {
        /// Index of each table in [`TABLES`].
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum TableIndex { $(#[doc = $doc] $Index,)+ }

        /// Every table.
        pub const TABLES: [Table; [$(TableIndex::$Index),+].len()] = [$(Table {
            name: $name,
            doc: $doc,
            columns: &[$((stringify!($column), stringify!($kind), $column_doc)),+],
        }),+];
    };
}

tables! {
    Header "header" "A fact about the recorded run." {
        key TEXT "Name: engine, program, policy, config, host, ...",
        value TEXT "Value; JSON where it is more than a word.",
    }
    Sources "sources" "A source file." {
        path TEXT "Its path.",
        text TEXT "Its text.",
    }
    Functions "functions" "A function of the program." {
        id INTEGER "Its id.",
        name TEXT "Its name.",
        file TEXT "Path of its file.",
        line INTEGER "Line of its first character.",
        column INTEGER "Column of its first character.",
        bytecodes INTEGER "Length of its bytecode.",
        params INTEGER "Declared parameters.",
    }
    Compiles "compiles" "A compile." {
        id INTEGER "Its id.",
        function_id INTEGER "What was compiled.",
        function TEXT "Its name.",
        tier TEXT "For which tier.",
        osr_offset INTEGER "Loop header at which the code is entered; null for code that is called.",
        trigger TEXT "What asked for it.",
        enqueued_ns INTEGER "When it was put into the queue.",
        started_ns INTEGER "When it began.",
        ended_ns INTEGER "When it was over.",
        ns INTEGER "Time that it took.",
        outcome TEXT "finished, open, or the reason of a refusal.",
        detail TEXT "More about a refusal.",
        bytecodes INTEGER "Bytecodes of the function.",
        inlined_bytecodes INTEGER "Bytecodes inlined into it.",
        nodes_in INTEGER "Nodes of the graph when it was built.",
        nodes_out INTEGER "Nodes when it was lowered.",
        guards INTEGER "Guards in the code.",
        code_bytes INTEGER "Machine code.",
        exit_bytes INTEGER "Side exits.",
    }
    Passes "passes" "A phase of a compile." {
        compile_id INTEGER "The compile.",
        seq INTEGER "Its place in the order of phases.",
        name TEXT "Its name.",
        ns INTEGER "Its time.",
        insts_in INTEGER "Instructions before it.",
        insts_out INTEGER "Instructions after it.",
    }
    Guards "guards" "Guards of one reason in the code of one compile." {
        compile_id INTEGER "The compile.",
        reason TEXT "What they check.",
        count INTEGER "How many.",
    }
    Code "code" "A piece of machine code." {
        id INTEGER "Its id.",
        compile_id INTEGER "The compile that made it.",
        function_id INTEGER "Its function; null for stubs.",
        function TEXT "Its name.",
        tier TEXT "Its tier.",
        osr_offset INTEGER "Loop header at which it is entered.",
        segment TEXT "Segment of the code cache.",
        offset INTEGER "First byte, relative to the code region.",
        bytes INTEGER "Size.",
        installed_ns INTEGER "When it could be entered.",
        not_entrant_ns INTEGER "When it could no longer be entered.",
        not_entrant_cause TEXT "Why.",
        freed_ns INTEGER "When its bytes were free again.",
    }
    Deopts "deopts" "A deopt." {
        id INTEGER "Its number, from 1.",
        time_ns INTEGER "When.",
        weight INTEGER "Deopts that it stands for (sampling).",
        compile_id INTEGER "The compile whose code was left.",
        code_id INTEGER "The code.",
        function_id INTEGER "The function that was compiled.",
        function TEXT "Its name.",
        exit INTEGER "The side exit.",
        osr_offset INTEGER "Loop header, for OSR code.",
        kind TEXT "eager, lazy, soft.",
        reason TEXT "Why.",
        action TEXT "What was done about it.",
        site_function TEXT "Function of the innermost frame.",
        file TEXT "Its file.",
        line INTEGER "Line of the guard.",
        column INTEGER "Column of the guard.",
        offset INTEGER "Its bytecode.",
        depth INTEGER "Frames inlined around it.",
        expected TEXT "What the guard expected.",
        seen TEXT "What it found.",
        objects_rebuilt INTEGER "Objects that had to be made.",
        exit_ns INTEGER "Time of the exit.",
        rebuild_ns INTEGER "Time of the rebuild.",
        resumes_in TEXT "Tier in which it went on.",
    }
    DeoptFrames "deopt_frames" "A frame of a deopt." {
        deopt_id INTEGER "The deopt.",
        depth INTEGER "0 for the innermost.",
        function TEXT "Function.",
        file TEXT "File.",
        line INTEGER "Line.",
        column INTEGER "Column.",
    }
    Ledger "ledger" "What a place that deoptimizes has cost in all." {
        function TEXT "Function of the guard.",
        file TEXT "File.",
        line INTEGER "Line.",
        column INTEGER "Column.",
        reason TEXT "Reason.",
        deopts INTEGER "How often.",
        discards INTEGER "How often code was thrown away.",
        cost_ns INTEGER "Everything below.",
        exit_ns INTEGER "Exits and rebuilding.",
        recompile_ns INTEGER "Recompiles.",
        slower_ns INTEGER "Time in slower tiers.",
        eviction_ns INTEGER "Recompiles of code that was evicted for this function's.",
        lived_ns INTEGER "How long the code had lived, all times added up.",
        expected TEXT "What the guard expected, at the last time.",
        seen TEXT "What it saw, at the last time.",
    }
    Reentries "reentries" "The end of the time in slower tiers after a deopt." {
        time_ns INTEGER "When.",
        compile_id INTEGER "The compile that had been left.",
        function TEXT "The function that was compiled.",
        line INTEGER "Line of the guard.",
        reason TEXT "Why it had been left.",
        via TEXT "How it ended.",
        slower_ns INTEGER "How long it was.",
    }
    Decisions "decisions" "What the policy answered, to a counter or to a deopt." {
        time_ns INTEGER "When.",
        about TEXT "counter or deopt.",
        function TEXT "The function.",
        line INTEGER "Line, for a deopt.",
        answer TEXT "compile, queue-full, ...; or the action.",
        trigger TEXT "Condition that was met, or reason of the deopt.",
        from_tier TEXT "Where the function runs.",
        to_tier TEXT "Where the policy wants it.",
        invocations INTEGER "Calls counted; for a deopt: deopts of the function.",
        backedges INTEGER "Iterations counted; for a deopt: deopts at the place.",
        queue_depth INTEGER "Compiles waiting; for a deopt: recompiles of the function.",
        reprofile INTEGER "Executions to profile before the next compile.",
        forbids INTEGER "1 if the speculation is forbidden from then on.",
    }
    Feedback "feedback" "A site learnt something." {
        time_ns INTEGER "When it was noticed.",
        function TEXT "Function.",
        file TEXT "File.",
        line INTEGER "Line.",
        column INTEGER "Column.",
        kind TEXT "What the site observes.",
        key TEXT "Property or operation.",
        from_state TEXT "State before.",
        to_state TEXT "State now.",
        seen TEXT "What is new.",
    }
    Shapes "shapes" "A transition between shapes, made for the first time." {
        time_ns INTEGER "When.",
        from_shape INTEGER "Shape before.",
        to_shape INTEGER "Shape after.",
        kind TEXT "How.",
        key TEXT "Property or kind of elements.",
        shape TEXT "The shape after, in words.",
        function TEXT "Function that made it.",
        file TEXT "File.",
        line INTEGER "Line.",
    }
    Inlining "inlining" "A call considered for inlining." {
        compile_id INTEGER "The compile.",
        function TEXT "Function of the call.",
        line INTEGER "Line of the call.",
        callee TEXT "What is called.",
        callee_bytecodes INTEGER "Its size.",
        verdict TEXT "Yes or no, and why.",
    }
    Invalidations "invalidations" "An assumption fell." {
        time_ns INTEGER "When.",
        cause TEXT "What kind of thing changed.",
        key TEXT "What it was.",
        function TEXT "Function that changed it.",
        file TEXT "File.",
        line INTEGER "Line.",
        blobs INTEGER "Pieces of code that relied on it.",
        ns INTEGER "Time of the invalidation.",
    }
    Collections "collections" "A garbage collection." {
        time_ns INTEGER "When it ended.",
        kind TEXT "young or full.",
        pause_ns INTEGER "Time that the program stood still.",
        live_bytes INTEGER "Live afterwards.",
        freed_bytes INTEGER "Freed.",
    }
    Cache "cache" "How full a segment of the code cache is." {
        time_ns INTEGER "When.",
        segment TEXT "Segment.",
        used_bytes INTEGER "In use.",
        capacity_bytes INTEGER "Size.",
        blobs INTEGER "Pieces of code.",
        largest_free_bytes INTEGER "Largest free piece.",
    }
    Samples "samples" "A sample of the profiler." {
        time_ns INTEGER "When.",
        periods INTEGER "Periods that it stands for.",
        period_ns INTEGER "Length of a period.",
        room TEXT "What the processor was doing.",
        tier TEXT "Tier of the innermost frame.",
        function TEXT "Innermost function.",
        line INTEGER "Its line.",
        stack TEXT "The whole stack, outermost first, separated by semicolons.",
    }
    Marks "marks" "The program called performance.mark." {
        time_ns INTEGER "When.",
        name TEXT "Name.",
    }
    Events "events" "Any event, as JSON." {
        seq INTEGER "Its number, from 1.",
        time_ns INTEGER "When.",
        name TEXT "Its name.",
        json TEXT "All of it; see docs/events.md.",
    }
}
