#!/usr/bin/env bash
# Records what Node prints for every program of lang/, beside it as NAME.out; `--check` only compares.
#
#   lang/record.sh [--check] [PATH...]
#
# Node is the oracle: a .out file is never edited by hand. A program is any .js under lang/conformance, lang/storms or
# lang/examples, except in folders named `lib` (modules that programs require) and lang/refusals (programs that must not
# run). A first-lines comment `// exit: N` states an exit code other than 0, `// stderr: TEXT` a line of standard error
# that must appear (the line contains TEXT); both are checked against Node here, and against Petrel by tests/tiers.rs.
# Every program must begin with 'use strict' and print the same on each run.
set -euo pipefail
cd "$(dirname "$0")/.."
check=no
if [ "${1:-}" = --check ]; then check=yes; shift; fi
roots=("$@")
[ ${#roots[@]} -gt 0 ] || roots=(lang/conformance lang/storms lang/examples)

bad=0
count=0
out=$(mktemp); again=$(mktemp); err=$(mktemp)
trap 'rm -f "$out" "$again" "$err"' EXIT
complain() { echo "record.sh: $*" >&2; bad=1; }

while IFS= read -r program; do
  count=$((count + 1))
  head -1 "$program" | grep -q "^'use strict';" || complain "$program does not begin with 'use strict';"
  expected=$(sed -n 's,^// exit: ,,p' "$program" | head -1)
  code=0; node "$program" >"$out" 2>"$err" || code=$?
  [ "$code" = "${expected:-0}" ] || { complain "$program: exit code $code, header says ${expected:-0}"; tail -5 "$err" >&2; }
  node "$program" >"$again" 2>/dev/null || true
  cmp -s "$out" "$again" || complain "$program is not deterministic"
  while IFS= read -r line; do
    grep -qF -- "$line" "$err" || complain "$program: standard error lacks: $line"
  done < <(sed -n 's,^// stderr: ,,p' "$program")
  if [ $check = yes ]; then
    cmp -s "$out" "${program%.js}.out" || complain "$program: the recording differs from what Node prints now"
  else
    cp "$out" "${program%.js}.out"
  fi
done < <(find "${roots[@]}" -name '*.js' -not -path '*/lib/*' | sort)
echo "$count programs, node $(node --version)"
exit $bad
