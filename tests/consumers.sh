#!/usr/bin/env bash
# Runs the real consumers of Petrel's export formats on its output, where they are installed:
#
#   tests/consumers.sh [PETREL]     the binary [default: target/release/petrel, or target/debug/petrel]
#
# v8-deopt-viewer, deoptigate, speedscope from npm (found through NODE_PATH or ./node_modules), the Python package
# `perfetto`, Linux perf, sqlite3. What is missing is skipped, loudly. The last line counts; a failure is exit code 1.
set -u
here=$(cd "$(dirname "$0")/.." && pwd)
petrel=${1:-$here/target/release/petrel}
[ -x "$petrel" ] || petrel=$here/target/debug/petrel
petrel=$(cd "$(dirname "$petrel")" && pwd)/$(basename "$petrel")
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
passed=0; failed=0; skipped=0
ok() { echo "ok       $1"; passed=$((passed + 1)); }
no() { echo "FAILED   $1"; failed=$((failed + 1)); [ -f "$work/log" ] && tail -5 "$work/log" | sed 's/^/         /'; }
skip() { echo "SKIPPED  $1: $2"; skipped=$((skipped + 1)); }
check() { local name=$1; shift; if "$@" >"$work/log" 2>&1; then ok "$name"; else no "$name"; fi; }
node_has() { node -e "require.resolve('$1/package.json')" >/dev/null 2>&1; }
storm=$here/lang/storms/late-property/broken.js

"$petrel" record --policy=naive --profile -o "$work/s.rec" "$storm" 150 >/dev/null 2>&1 || { no "recording a storm"; exit 1; }
export_as() { "$petrel" export "$work/s.rec" --format "$1" -o "$2"; }

if command -v node >/dev/null && node_has v8-deopt-viewer; then
  export_as v8-log-legacy "$work/v8.log"
  check "v8-deopt-viewer reads v8-log-legacy" node --input-type=commonjs -e "
    const path = require('path'), dir = path.dirname(require.resolve('v8-deopt-viewer/package.json'));
    const child = require('child_process').spawnSync(process.execPath, [path.join(dir, 'bin/v8-deopt-viewer.js'), '-i', '$work/v8.log', '-o', '$work/viewer'], { encoding: 'utf8' });
    console.log(child.stdout, child.stderr);
    const data = require('fs').readFileSync('$work/viewer/v8-data.js').toString('utf8');
    if (child.status !== 0 || !data.includes('wrong map') || /Error parsing/.test(child.stdout + child.stderr)) process.exit(1);"
else skip "v8-deopt-viewer" "not installed (npm install v8-deopt-viewer)"; fi

if command -v node >/dev/null && node_has deoptigate; then
  export_as v8-log-legacy "$work/v8.log"
  check "deoptigate reads v8-log-legacy" node --input-type=commonjs -e "
    const { processLogContent } = require('deoptigate');
    (async () => {
      const info = await processLogContent(require('fs').readFileSync('$work/v8.log', 'utf8').split('\\n'), '$here');
      const deopts = info.entriesDeopt.size, code = info.entriesCode.size;
      console.log({ deopts, code, ics: info.entriesIC.size });
      if (deopts === 0 || code === 0) process.exit(1);
    })().catch(error => { console.log(error); process.exit(1); });"
else skip "deoptigate" "not installed (npm install deoptigate)"; fi

if command -v node >/dev/null && node_has speedscope; then
  export_as speedscope "$work/s.speedscope.json"
  check "speedscope's schema accepts speedscope" node --input-type=commonjs -e "
    const fs = require('fs'), path = require('path'), dir = path.dirname(require.resolve('speedscope/package.json'));
    const find = d => fs.readdirSync(d, { withFileTypes: true }).flatMap(e => e.isDirectory() ? find(path.join(d, e.name)) : [path.join(d, e.name)]);
    const schema = find(dir).find(f => f.endsWith('file-format-schema.json'));
    const file = JSON.parse(fs.readFileSync('$work/s.speedscope.json', 'utf8'));
    const defs = JSON.parse(fs.readFileSync(schema, 'utf8'));
    const known = defs.definitions['FileFormat.SampledProfile'] || defs.definitions['FileFormat_SampledProfile'] || {};
    for (const key of known.required || []) if (!(key in file.profiles[0])) throw new Error('missing ' + key);
    const frames = file.shared.frames.length;
    if (!file.profiles[0].samples.every(s => s.every(f => f < frames))) throw new Error('a frame that is not there');
    console.log(frames, 'frames');"
else skip "speedscope" "not installed (npm install speedscope)"; fi

python=${PYTHON:-python3}
if "$python" -c 'import perfetto.protos.perfetto.trace.perfetto_trace_pb2' >/dev/null 2>&1; then
  export_as perfetto "$work/s.pftrace"
  check "perfetto's schema decodes perfetto" "$python" -c "
from perfetto.protos.perfetto.trace import perfetto_trace_pb2 as pb
trace = pb.Trace(); trace.ParseFromString(open('$work/s.pftrace', 'rb').read())
events = [p.track_event for p in trace.packet if p.HasField('track_event')]
exits = [e for e in events if 'side_exit' in e.categories and e.type == pb.TrackEvent.TYPE_SLICE_BEGIN]
assert exits and exits[0].debug_annotations[0].name == '0', 'no side exits with frames'
assert any(p.track_descriptor.HasField('counter') for p in trace.packet if p.HasField('track_descriptor'))
print(len(events), 'events,', len(exits), 'side exits')"
else skip "perfetto" "Python package not installed (pip install perfetto protobuf)"; fi

if command -v sqlite3 >/dev/null; then
  export_as sqlite "$work/s.db"
  check "sqlite3 reads sqlite" sh -c "test \"\$(sqlite3 '$work/s.db' 'SELECT COUNT(*) > 0 FROM deopts')\" = 1"
else skip "sqlite3" "not installed"; fi

if command -v perf >/dev/null && (cd "$work" && perf record -o probe.data -e cpu-clock true >/dev/null 2>&1); then
  (cd "$work" && perf record -q -k mono -e cpu-clock -o p.data "$petrel" run --jitdump --perf-map "$storm" 150 >/dev/null 2>&1)
  check "perf recorded a run" test -s "$work/p.data"
  check "perf inject reads the jitdump" sh -c "cd '$work' && perf inject --jit -i p.data -o j.data"
  check "perf report names functions by the jitdump" sh -c "cd '$work' && perf report -i j.data --stdio 2>/dev/null | grep -q 'JS:[*^]'"
else skip "perf" "not installed, or not permitted here"; fi

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
