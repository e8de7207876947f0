//! Named queries: what people ask of recordings again and again. `petrel query REC NAME` runs one.

/// A query with a name.
pub struct Query {
    /// Its name.
    pub name: &'static str,
    /// What it answers.
    pub help: &'static str,
    /// The statement.
    pub sql: &'static str,
}

/// All of them.
pub const QUERIES: [Query; 14] = [
    Query {
        name: "deopts-by-place",
        help: "Places that deoptimize, the most expensive first",
        sql: "SELECT file || ':' || line || ':' || column AS place, function, reason, deopts, cost_ns, exit_ns, \
              recompile_ns, slower_ns FROM ledger ORDER BY cost_ns DESC LIMIT 30",
    },
    Query {
        name: "deopts-by-reason",
        help: "Reasons with counts and shares",
        sql: "SELECT reason, kind, SUM(weight) AS deopts, \
              ROUND(100.0 * SUM(weight) / (SELECT SUM(weight) FROM deopts), 1) AS percent, \
              SUM(weight * (exit_ns + rebuild_ns)) AS exit_ns FROM deopts GROUP BY reason, kind ORDER BY deopts DESC",
    },
    Query {
        name: "deopts-per-second",
        help: "Deopts in each tenth of a second, by reason",
        sql: "SELECT time_ns / 100000000 / 10.0 AS second, reason, SUM(weight) AS deopts FROM deopts \
              GROUP BY 1, 2 ORDER BY 1, 3 DESC",
    },
    Query {
        name: "loops",
        help: "Functions that are compiled, left and compiled again: cycles and what they cost",
        sql: "SELECT c.function, COUNT(*) AS compiles, SUM(c.ns) AS compile_ns, \
              (SELECT SUM(weight) FROM deopts d WHERE d.function_id = c.function_id) AS deopts, \
              (SELECT reason FROM deopts d WHERE d.function_id = c.function_id GROUP BY reason \
               ORDER BY COUNT(*) DESC LIMIT 1) AS reason \
              FROM compiles c WHERE c.tier = 'optimized' AND c.outcome = 'finished' GROUP BY c.function_id \
              HAVING COUNT(*) > 2 ORDER BY compiles DESC",
    },
    Query {
        name: "recompiles",
        help: "Functions by the number of their optimizing compiles",
        sql: "SELECT function, osr_offset, COUNT(*) AS compiles, SUM(ns) AS ns, SUM(code_bytes) AS code_bytes \
              FROM compiles WHERE tier = 'optimized' AND outcome = 'finished' GROUP BY function_id, osr_offset \
              ORDER BY compiles DESC, ns DESC LIMIT 30",
    },
    Query {
        name: "slowest-compiles",
        help: "Compiles that took longest",
        sql: "SELECT id, function, tier, ns, nodes_in, nodes_out, guards, code_bytes, outcome FROM compiles \
              ORDER BY ns DESC LIMIT 20",
    },
    Query {
        name: "passes",
        help: "Time of the optimizer by phase, and what each makes of the instructions",
        sql: "SELECT name, COUNT(*) AS runs, SUM(insts_in) AS insts_in, SUM(insts_out) AS insts_out, SUM(ns) AS ns, \
              ROUND(100.0 * SUM(ns) / (SELECT SUM(ns) FROM passes), 1) AS percent FROM passes \
              GROUP BY name ORDER BY ns DESC",
    },
    Query {
        name: "refusals",
        help: "Compiles that were refused, and why",
        sql: "SELECT outcome AS reason, tier, detail, COUNT(*) AS compiles, MIN(function) AS example FROM compiles \
              WHERE outcome NOT IN ('finished', 'open') GROUP BY 1, 2, 3 ORDER BY compiles DESC",
    },
    Query {
        name: "guards",
        help: "Guards against exits, by what is guarded",
        sql: "SELECT g.reason, SUM(g.count) AS guards, \
              COALESCE((SELECT SUM(weight) FROM deopts d WHERE d.reason = g.reason), 0) AS exits \
              FROM guards g GROUP BY g.reason ORDER BY exits DESC, guards DESC",
    },
    Query {
        name: "megamorphic",
        help: "Sites that have seen too much to speculate on",
        sql: "SELECT file || ':' || line || ':' || column AS place, function, kind, key, seen, time_ns FROM feedback \
              WHERE to_state = 'megamorphic' ORDER BY time_ns",
    },
    Query {
        name: "shape-makers",
        help: "Lines that make new shapes, the busiest first",
        sql: "SELECT file || ':' || line AS place, function, kind, COUNT(*) AS shapes, \
              GROUP_CONCAT(DISTINCT key) AS keys FROM shapes WHERE line IS NOT NULL GROUP BY 1, 2, 3 \
              ORDER BY shapes DESC LIMIT 30",
    },
    Query {
        name: "code-cache",
        help: "What is in the code cache at the end, by tier and segment",
        sql: "SELECT segment, tier, COUNT(*) AS pieces, SUM(bytes) AS bytes FROM code WHERE freed_ns IS NULL \
              GROUP BY segment, tier ORDER BY bytes DESC",
    },
    Query {
        name: "inlining",
        help: "Verdicts on calls",
        sql: "SELECT verdict, COUNT(*) AS calls, COUNT(DISTINCT callee) AS callees, MIN(callee) AS example \
              FROM inlining GROUP BY verdict ORDER BY calls DESC",
    },
    Query {
        name: "profile",
        help: "Where the sampled time went, by innermost function and tier",
        sql: "SELECT function, tier, room, SUM(periods) AS periods, \
              ROUND(100.0 * SUM(periods) / (SELECT SUM(periods) FROM samples), 1) AS percent FROM samples \
              GROUP BY 1, 2, 3 ORDER BY periods DESC LIMIT 40",
    },
];

/// The query with a name.
pub fn named(name: &str) -> Option<&'static Query> {
    QUERIES.iter().find(|query| query.name == name)
}
