'use strict';
// A literal learns what becomes of its arrays; what it makes from then on must still behave like any array.
function collect(n, value) {
  const a = [];
  for (let i = 0; i < n; i++) a.push(value(i));
  return a;
}
const kinds = [i => i, i => i + 0.5, i => (i % 7 === 0 ? -0 : i), i => 'x' + i, i => (i % 3 ? i : undefined)];
for (let round = 0; round < 400; round++) {
  for (const kind of kinds) collect(round % 9, kind);
}
for (const kind of kinds) console.log(collect(9, kind), Object.is(collect(8, kind)[7], -0));

function pair(x) {
  const p = [0, 1];
  p[1] = x;
  return p;
}
let sum = 0;
for (let i = 0; i < 3000; i++) {
  const p = pair(i & 1 ? i : i + 0.25);
  sum += p[0] + p[1];
  if (i % 1000 === 999) console.log(sum, pair(i), pair(i / 2), pair(undefined));
}

function ints() {
  return [1, 2, 3];
}
function total(a) {
  let t = 0;
  for (let i = 0; i < a.length; i++) t += a[i];
  return t;
}
let grown = 0;
for (let i = 0; i < 2000; i++) {
  const a = ints();
  if (i % 500 === 400) a[1] = 0.5;
  if (i % 500 === 450) a[7] = 9;
  grown += a.length + (total(a) || 0);
  a[0] |= 0;
  if (i % 500 === 499) console.log(grown, a, Object.is(a[0], 1), 5 in a, JSON.stringify(a));
}

function nested(n) {
  const rows = [];
  for (let i = 0; i < n; i++) {
    const row = [];
    for (let j = 0; j < n; j++) row[j] = i === j ? 1 : j / 2;
    rows.push(row);
  }
  return rows;
}
for (let i = 0; i < 200; i++) nested(5);
console.log(nested(4));
const spread = [...nested(3)[1], ...ints()];
console.log(spread, spread.indexOf(0.5), spread.map(x => x * 2));
