#!/usr/bin/env bash
# Runs the real consumers of Petrel's export formats on its output, where they are installed:
#
#   tests/consumers.sh [PETREL]     the binary [default: target/release/petrel, or target/debug/petrel]
#
# v8-deopt-viewer, deoptigate, speedscope, iongraph-web from npm (found through NODE_PATH or ./node_modules), the Python
# packages `perfetto` and `fxt`, Node's own reader of V8's log, Chromium for pages that draw, Linux perf, sqlite3. What is
# missing is skipped, loudly. The last line counts; a failure is exit code 1.
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

if "$python" -c 'import fxt.reader' >/dev/null 2>&1; then
  export_as fxt "$work/s.fxt"
  check "fxt reads fxt" "$python" -c "
from fxt.reader import parse_records
read = parse_records(open('$work/s.fxt', 'rb'))
assert not read.had_unexpected_eof, read.eof_error
(records,) = [provider.records for provider in read.records_by_provider.values()]
exits = [r for r in records if getattr(r, 'category', '') == 'side_exit']
assert exits and ' ' in exits[0].args['0'], 'no side exits with frames'
print(len(records), 'records,', len(exits), 'side exits')"
else skip "fxt" "Python package not installed (pip install fxt)"; fi

if command -v node >/dev/null && [ "$(node -p 'parseInt(process.versions.v8)')" -ge 13 ]; then
  export_as v8-log "$work/modern.log"
  check "node --prof-process reads v8-log" sh -c "
    node --prof-process '$work/modern.log' >'$work/processed' 2>&1
    grep -q 'Statistical profiling result' '$work/processed' && ! grep -iE 'error|unknown' '$work/processed'"
else skip "node --prof-process" "needs a Node with V8 13 or newer, for the marks of OSR code"; fi

# Pages that draw: served from here, loaded without a window, judged by what they log.
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
node_home() { dirname "$(node -e "console.log(require.resolve('$1/package.json'))")"; }
if [ -n "$browser" ] && command -v node >/dev/null && "$python" -c '' 2>/dev/null; then
  "$python" -u -m http.server 0 --bind 127.0.0.1 --directory "$work" >"$work/served" 2>/dev/null & server=$!
  trap 'kill $server 2>/dev/null; rm -rf "$work"' EXIT
  while ! grep -q port "$work/served"; do sleep 0.1; done
  port=$(sed -n 's/.* port \([0-9]*\) .*/\1/p' "$work/served")
  page() {
    timeout 60 "$browser" --headless --no-sandbox --disable-gpu --user-data-dir="$work/browser" --virtual-time-budget=20000 \
      --enable-logging=stderr --dump-dom "http://127.0.0.1:$port/$1" >"$work/page" 2>&1
  }
  if node_has speedscope; then
    cp -r "$(node_home speedscope)/dist/release" "$work/speedscope"
    export_as speedscope "$work/samples.speedscope.json"; export_as collapsed "$work/samples.txt"; export_as chrome "$work/trace.json"
    for file in samples.speedscope.json samples.txt trace.json; do
      page "speedscope/index.html#profileURL=http://127.0.0.1:$port/$file"
      check "speedscope draws $file" sh -c "grep -q 'import: ' '$work/page' && ! grep -E 'Failed to load|Something went wrong' '$work/page'"
    done
  else skip "speedscope's page" "not installed (npm install speedscope)"; fi
  if [ -n "$(node -e "console.log(require.resolve.paths('x').find(p => require('fs').existsSync(p + '/iongraph-web/dist')) || '')")" ]; then
    home=$(node -e "console.log(require.resolve.paths('x').find(p => require('fs').existsSync(p + '/iongraph-web/dist')))")
    cp -r "$home/iongraph-web/dist" "$work/iongraph"
    "$petrel" dump --iongraph "$here/benches/programs/raytrace.js" >"$work/graphs.json" 2>/dev/null
    cat >"$work/graphs.html" <<'PAGE'
<div id=graph></div><pre id=log></pre><script type=module>
import { Graph, migrate } from './iongraph/index.js';
const say = text => document.getElementById('log').append(text + '\n');
try {
  let passes = 0;
  for (const f of migrate(await (await fetch('graphs.json')).json()).functions)
    for (const pass of f.passes) { document.getElementById('graph').innerHTML = ''; new Graph(document.getElementById('graph'), pass); passes++; }
  say('drew ' + passes + ' passes');
} catch (error) { say('failed: ' + error.stack); }
</script>
PAGE
    page graphs.html
    check "iongraph draws every graph" sh -c "grep -E 'drew [1-9][0-9]* passes' '$work/page' | grep -v say"
  else skip "iongraph" "not installed (npm install iongraph-web)"; fi
else skip "pages in a browser" "Chromium, Node or Python is not installed"; fi

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
