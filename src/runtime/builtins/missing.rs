//! Members of built-in objects that Node has and Petrel lacks.
//!
//! Reading one stops the program with a refusal (exit code 3, no handler catches it): going on with `undefined` would
//! be a wrong answer. Assigning one is fine, as it would be on Node: the assignment defines the property.
//!
//! Nor can an object that lacks members be listed: `for (name in globalThis)` would leave some out.

use super::Args;
use super::table::Home;
use crate::runtime::cell::CellKind;
use crate::runtime::object::Obj;
use crate::runtime::runtime::{JsResult, Runtime};
use crate::runtime::shape::{Attrs, Key, PropertyKey, Sharing};
use crate::runtime::value::Value;

/// What streams have.
const STREAM: &str = "on once off end cork uncork fd getWindowSize cursorTo clearLine moveCursor pipe writable writableLength \
     writableEnded writableFinished writableHighWaterMark writableNeedDrain destroy destroyed emit addListener \
     removeListener removeAllListeners listeners listenerCount eventNames setDefaultEncoding setMaxListeners";

/// Names per object, separated by spaces.
pub static MISSING: &[(Home, &str)] = &[
    (
        Home::Global,
        "setTimeout setInterval setImmediate clearTimeout clearInterval clearImmediate queueMicrotask structuredClone \
         Promise Proxy Reflect BigInt Intl WebAssembly Atomics SharedArrayBuffer BigInt64Array BigUint64Array WeakRef \
         FinalizationRegistry AggregateError Buffer URL URLSearchParams TextEncoder \
         TextDecoder AbortController AbortSignal Event EventTarget fetch Blob crypto eval atob btoa \
         Iterator navigator MessageChannel BroadcastChannel Request Response Headers FormData",
    ),
    (Home::Array, "fromAsync"),
    (
        Home::StringPrototype,
        "normalize anchor big blink bold fixed fontcolor fontsize italics link small strike sub sup",
    ),
    (
        Home::Symbol,
        "asyncIterator isConcatSpreadable match matchAll replace search species split unscopables dispose asyncDispose",
    ),
    (Home::Error, "prepareStackTrace isError"),
    (Home::DatePrototype, "toLocaleString toLocaleDateString toLocaleTimeString getYear setYear toTemporalInstant"),
    (Home::Console, "table dirxml timeStamp profile profileEnd context clear createTask Console"),
    (
        Home::Process,
        "nextTick on once off emit addListener removeListener removeAllListeners stdin versions arch release config \
         features execPath execArgv kill abort chdir umask title cpuUsage resourceUsage emitWarning binding dlopen \
         getuid geteuid getgid getegid send connected channel report allowedNodeEnvironmentFlags ppid debugPort \
         setUncaughtExceptionCaptureCallback argv0 mainModule setMaxListeners getMaxListeners prependListener \
         prependOnceListener listeners rawListeners listenerCount eventNames constrainedMemory availableMemory \
         getActiveResourcesInfo assert getBuiltinModule loadEnvFile sourceMapsEnabled setSourceMapsEnabled reallyExit \
         openStdin getgroups setuid setgid seteuid setegid hasUncaughtExceptionCaptureCallback domain",
    ),
    (Home::Stdout, STREAM),
    (Home::Stderr, STREAM),
    (Home::Hrtime, "bigint"),
    (Home::MemoryUsage, "rss"),
    (
        Home::Performance,
        "measure getEntries getEntriesByName getEntriesByType clearMarks clearMeasures timerify eventLoopUtilization \
         nodeTiming toJSON onresourcetimingbufferfull clearResourceTimings setResourceTimingBufferSize \
         markResourceTiming addEventListener removeEventListener dispatchEvent",
    ),
    (
        Home::RegExp,
        "$1 $2 $3 $4 $5 $6 $7 $8 $9 input $_ lastMatch $& lastParen $+ leftContext $` rightContext $' escape",
    ),
    (Home::RegExpPrototype, "compile"),
    (Home::ArrayBufferPrototype, "maxByteLength resizable resize detached transfer transferToFixedLength"),
    (Home::DataViewPrototype, "getBigInt64 setBigInt64 getBigUint64 setBigUint64 getFloat16 setFloat16"),
    (Home::MapPrototype, "getOrInsert getOrInsertComputed"),
    (Home::WeakMapPrototype, "getOrInsert getOrInsertComputed"),
    (Home::SetPrototype, "union intersection difference symmetricDifference isSubsetOf isSupersetOf isDisjointFrom"),
    (Home::IteratorPrototype, "drop every filter find flatMap forEach map reduce some take toArray"),
    (Home::Math, "f16round sumPrecise"),
    (Home::Json, "rawJSON isRawJSON"),
];

/// Objects with members that are enumerable on Node.
const ENUMERABLE: [Home; 8] = [
    Home::Global,
    Home::Console,
    Home::Process,
    Home::Stdout,
    Home::Stderr,
    Home::Hrtime,
    Home::MemoryUsage,
    Home::Performance,
];

impl Runtime {
    /// Whether Node finds other enumerable properties in an object.
    #[inline]
    pub fn enumerates_differently(&self, o: Obj) -> bool {
        // The library's objects have shapes of their own.
        self.shapes.of(o).sharing != Sharing::Shared && ENUMERABLE.iter().any(|home| self.library.is_home(o, *home))
    }
    /// Ends the program if the properties of an object that Petrel has in part are to be listed.
    pub fn check_listing(&mut self, o: Obj) -> JsResult<()> {
        if self.enumerates_differently(o) {
            return self.refuse("listing the properties of a host object", LISTING);
        }
        Ok(())
    }
}

/// What to do instead.
const LISTING: &str = "Node has others, or in another order; ask for each by its name";

/// The row and name that a native id past the table stands for, and whether it is the setter.
fn find(index: u32) -> Option<(Home, &'static str, bool)> {
    let mut rest = index as usize / 2;
    for (home, members) in MISSING {
        let names = members.split_ascii_whitespace();
        let count = names.clone().count();
        if rest < count {
            return names.clone().nth(rest).map(|n| (*home, n, index % 2 == 1));
        }
        rest -= count;
    }
    None
}

/// Whether a function is the getter that stands for a missing member.
pub fn stands_for(f: Obj) -> bool {
    let first = super::BUILTINS.len() as u32;
    f.kind() == CellKind::NativeFunction && (first..super::REQUIRE).contains(&f.native_id())
}

/// A missing member was read or assigned.
pub fn reached(rt: &mut Runtime, index: u32, args: &Args) -> JsResult {
    let Some((home, name, is_setter)) = find(index) else {
        return rt.throw_type("not a function");
    };
    if is_setter {
        let Some(o) = Obj::from_value(args.this) else { return Ok(Value::UNDEFINED) };
        let key = Key(rt.atom(name).value());
        let attrs = if o == rt.library.home(home) { Attrs::HIDDEN } else { Attrs::DATA };
        rt.define_own(o, PropertyKey::Name(key), args.get(0), attrs);
        return Ok(Value::UNDEFINED);
    }
    let path = match home.path() {
        "" => name.to_owned(),
        home => format!("{home}.{name}"),
    };
    rt.refuse(&path, "Node has it, Petrel does not; see lang/reference.md")
}

#[cfg(test)]
mod tests {
    use super::super::table::BUILTINS;
    use super::*;

    #[test]
    fn what_is_missing_is_not_there() {
        for (home, members) in MISSING {
            for name in members.split_ascii_whitespace() {
                assert!(!BUILTINS.iter().any(|b| b.home == *home && b.name == name), "{}.{name}", home.path());
            }
        }
    }

    #[test]
    fn ids_find_their_names() {
        assert_eq!(find(0), Some((Home::Global, "setTimeout", false)));
        assert_eq!(find(3), Some((Home::Global, "setInterval", true)));
        let total: usize = MISSING.iter().map(|(_, m)| m.split_ascii_whitespace().count()).sum();
        assert!(find(total as u32 * 2).is_none());
    }
}
