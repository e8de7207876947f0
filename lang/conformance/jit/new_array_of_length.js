'use strict';
// new Array(n) of a length that only the run knows: short and long ones, none and too many, ints and doubles in the holes.
function make(n) { return new Array(n); }
function ints(n) { const a = new Array(n); for (let i = 0; i < n; i++) a[i] = i; return a; }
function doubles(n) { const a = new Array(n); for (let i = 0; i < n; i++) a[i] = i + 0.5; return a; }
function objects(n) { const a = new Array(n); for (let i = 0; i < n; i++) a[i] = { i }; return a; }

let lengths = 0, sum = 0;
const kept = [];
for (let round = 0; round < 3000; round++) {
  const n = round % 21;
  const a = make(n);
  if (a.length !== n || 0 in a || a[0] !== undefined) throw new Error('length ' + n);
  lengths += a.length;
  sum += ints(n).reduce((x, y) => x + y, 0) + doubles(n).reduce((x, y) => x + y, 0);
  if (round % 7 === 0) kept.push(a, objects(n), doubles(n));
}
console.log(lengths, sum, kept.length);
console.log(make(3), make(0), doubles(2), objects(2));
let total = 0;
for (const a of kept) for (const v of a) total += v === undefined ? 1 : typeof v === 'number' ? v : v.i;
console.log(total);
const grown = make(5);
grown[4] = 'x';
grown.push('y');
console.log(grown, grown.indexOf(undefined), Object.keys(grown));
for (const bad of [-1, 1.5, 4294967296]) {
  try { make(bad); } catch (e) { console.log(e.name + ': ' + e.message); }
}
console.log(make('3'), make(17).length, make(1000).length);
