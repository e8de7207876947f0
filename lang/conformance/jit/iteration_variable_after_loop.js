'use strict';
// The variable of for-in and for-of keeps its last value when the loop has ended, in optimized code too.
function lastKey(o) {
  for (var k in o) {
  }
  return k;
}
function lastItem(a) {
  let x = 'none';
  for (x of a) {
  }
  return x;
}
function lastOf(iterable) {
  let x;
  let n = 0;
  for (x of iterable) n++;
  return String(x) + n;
}
function around(a, o) {
  let text = '';
  for (let i = 0; i < 3; i++) {
    var k;
    for (k in o) text += k;
    text += k + i;
    for (var v of a) text += v;
    text += v;
  }
  return text;
}
const seen = new Map();
const note = (what) => seen.set(what, (seen.get(what) || 0) + 1);
for (let i = 0; i < 3000; i++) {
  note(lastKey({ a: 1, b: 2 }));
  note(lastItem([1, 2, i % 7]));
  note(lastOf(i % 2 === 0 ? new Set(['s', 't']) : 'xyz'));
  note(around([i % 3, 'z'], { p: 1, q: 2 }));
  if (i % 500 === 499) note(lastKey(i % 1000 === 999 ? {} : { only: 1 }) + '/' + lastItem([]) + '/' + lastOf([]));
}
console.log([...seen].map(([what, n]) => what + '=' + n).join(' '));
