'use strict';
// Strict equality and truth of values of any type in hot code: what compiled code decides by itself and what it asks for.

function rope(a, b) {
  return a + b;
}

const object = { name: 'object' };
const symbol = Symbol.iterator;
const long = 'a string that is long enough to be a rope when it is put together';
const VALUES = [
  0, -0, 1, 1.5, 3 * 0.5, NaN, 0 / 0, Infinity, -1, 4294967296, 2 ** 53,
  '', 'a', 'b', 'ab', rope('a', 'b'), 'ab'.slice(0, 1), long, rope(long.slice(0, 30), long.slice(30)), '\u4E2D', rope('\u4E2D', ''),
  null, undefined, true, false, object, { name: 'object' }, [], symbol, rope, VALUES_ARE,
];

function VALUES_ARE() {}

function same(a, b) {
  return a === b;
}

function different(a, b) {
  return a !== b;
}

function truth(v) {
  return v ? 1 : 0;
}

function not(v) {
  return !v;
}

function firstThatHolds(values) {
  for (let i = 0; i < values.length; i++) if (values[i]) return i;
  return -1;
}

let rows = [];
for (let round = 0; round < 40; round++) {
  rows = [];
  for (const a of VALUES) {
    let row = truth(a) + (not(a) ? 'n' : 'y');
    for (const b of VALUES) row += same(a, b) ? (different(a, b) ? '!' : '=') : (different(a, b) ? '.' : '!');
    rows.push(row);
  }
}
console.log(rows.join('\n'));

// A variable that is a list's node, or null; one that is a string, or null.
class Node {
  constructor(next, text) {
    this.next = next;
    this.text = text;
  }
}
let list = null;
for (let i = 0; i < 100; i++) list = new Node(list, i % 3 === 0 ? null : i % 3 === 1 ? '' : rope('t', String(i)));
let counts = [0, 0, 0];
for (let round = 0; round < 300; round++) {
  for (let node = list; node; node = node.next) {
    if (node.text) counts[0]++;
    if (node.text === null) counts[1]++;
    if (node.text === 't5') counts[2]++;
  }
}
console.log(counts.join(), firstThatHolds(['', 0, NaN, null, undefined, false, 'x']), firstThatHolds(['']));

// A switch over strings, and what is no string.
function kind(v) {
  switch (v) {
    case 'one': return 1;
    case 'two': return 2;
    case null: return 3;
    case 4: return 4;
    default: return 0;
  }
}
let total = 0;
const asked = ['one', 'two', null, 4, 4.0, '4', undefined, rope('o', 'ne'), {}, NaN];
for (let i = 0; i < 20000; i++) total += kind(asked[i % asked.length]) * (i % 7);
console.log(total);
