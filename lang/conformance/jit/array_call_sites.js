'use strict';
// Arrays made by calls of `Array`, with and without `new`: whatever their kinds and holes, in every tier they behave like any array.
const kinds = [i => i, i => i + 0.5, i => (i % 7 === 0 ? -0 : i), i => 'x' + i, i => (i % 3 ? i : undefined)];

// One site for each kind, and one for all of them.
const fillers = [
  (n, value) => {
    const a = new Array();
    for (let i = 0; i < n; i++) a.push(value(i));
    return a;
  },
  (n, value) => {
    const a = new Array();
    for (let i = 0; i < n; i++) a.push(value(i));
    return a;
  },
  (n, value) => {
    const a = Array();
    for (let i = 0; i < n; i++) a[i] = value(i);
    return a;
  },
  (n, value) => {
    const a = new Array(n);
    for (let i = 0; i < n; i++) a[i] = value(i);
    return a;
  },
  (n, value) => {
    const a = Array(n);
    for (let i = n - 1; i >= 0; i--) a[i] = value(i);
    return a;
  },
];
function any(n, value) {
  const a = n & 1 ? new Array() : new Array(n);
  for (let i = 0; i < n; i++) a[i] = value(i);
  return a;
}
for (let round = 0; round < 400; round++) {
  for (let k = 0; k < kinds.length; k++) {
    fillers[k](round % 9, kinds[k]);
    any(round % 9, kinds[k]);
  }
}
for (const value of kinds) {
  for (const filler of [...fillers, any]) {
    const a = filler(8, value);
    console.log(a, Object.is(a[7], -0), a.length, JSON.stringify(a));
  }
}

// Holes stay holes, whatever comes between them.
function gaps(n, x) {
  const a = new Array(n);
  if (n > 2) a[2] = x;
  return a;
}
for (let i = 0; i < 3000; i++) {
  const a = gaps(i % 20, i & 1 ? i / 2 : i);
  if (i % 500 === 499) console.log(a, 1 in a, 2 in a, a[1], a.length, Object.keys(a), a.indexOf(undefined), a.includes(undefined));
}
console.log(gaps(4, NaN), gaps(4, 'text'), gaps(4, undefined), gaps(3, -0), gaps(0, 1), gaps(1000, 0.5).length);
function six() {
  return new Array(6);
}
for (let i = 0; i < 2000; i++) {
  const a = six();
  a[i % 6] = i % 2 ? 0.5 : i;
  if (i % 400 === 399) console.log(a, a.findIndex(x => x === undefined), a.map(x => x * 2), a.concat([1]));
}

// The prototype shows through holes.
function sum(a) {
  let s = '';
  for (let i = 0; i < a.length; i++) s += a[i] + ' ';
  return s;
}
for (let i = 0; i < 500; i++) sum(gaps(5, i + 0.5));
Array.prototype[1] = 'inherited';
console.log(sum(gaps(5, 0.5)), sum(six()), sum(new Array(3)), 1 in new Array(), new Array()[1]);
delete Array.prototype[1];
console.log(sum(gaps(5, 0.5)), sum(six()));

// Lengths that are none, and other arguments.
function make(n) {
  try {
    return new Array(n);
  } catch (e) {
    return e.name + ': ' + e.message;
  }
}
function call(n) {
  try {
    return Array(n);
  } catch (e) {
    return e.name + ': ' + e.message;
  }
}
for (let i = 0; i < 1000; i++) {
  make(i % 10)[0] = i + 0.5;
  call(i % 10)[0] = 'x';
}
for (const n of [-1, 1.5, 2.0, -0, NaN, '3', null, undefined, [], 4294967295, 4294967296, 2147483647, 0]) {
  for (const a of [make(n), call(n)]) console.log(n, typeof a === 'string' || a.length < 10 ? a : a.length);
}
console.log(new Array(1, 2, 3), Array(0.5, 'x'), new Array(...[3]), Array(...[3, 4]), new Array(...[]));

// Subclasses and other ways to the constructor share a site with `Array` itself.
class Stack extends Array {
  top() {
    return this[this.length - 1];
  }
}
class Logged extends Array {
  constructor(n) {
    super(n);
    this.made = n;
  }
}
function construct(C, n) {
  const a = new C(n);
  a.push(n + 0.5);
  return a;
}
function constructEmpty(C, x) {
  const a = new C();
  a.push(x);
  return a;
}
for (let i = 0; i < 2000; i++) {
  const C = [Array, Stack, Array, Logged][i & 3];
  construct(C, i % 5);
  constructEmpty(C, i & 4 ? 'x' : i);
}
for (const C of [Array, Stack, Logged]) {
  const [a, b] = [construct(C, 2), constructEmpty(C, {})];
  console.log(a, b, a instanceof C, a.constructor.name, Object.getPrototypeOf(b) === C.prototype, a.map(x => x).constructor.name);
}
console.log(construct(Stack, 3).top(), construct(Logged, 3).made, constructEmpty(Logged, 1).made);
console.log(Array.call(null, 2), Array.apply(null, [1, 2]), Array.of(3), Array.from({ length: 2 }, (_, i) => i / 2));
function bound(n) {
  const a = new BoundArray(n);
  a[0] = 'x';
  return a;
}
const BoundArray = Array.bind(null);
for (let i = 0; i < 500; i++) bound(i % 4);
console.log(bound(3), [1, 2].map(Array).length);

// A row of rows, as programs of old make them.
function matrix(n) {
  const rows = new Array(n);
  for (let i = 0; i < n; i++) {
    rows[i] = new Array(n);
    for (let j = 0; j < n; j++) rows[i][j] = i === j ? 1 : j / 2;
  }
  return rows;
}
function fresh(n) {
  const all = new Array();
  for (let i = 0; i < n; i++) all[i] = new Array();
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) all[i][j] = { i, j };
  return all;
}
for (let i = 0; i < 300; i++) {
  matrix(5);
  fresh(i % 6);
}
console.log(matrix(4), fresh(2), fresh(0), matrix(0));
const grown = matrix(3);
grown[1][7] = 'far';
grown.length = 2;
console.log(grown, Object.freeze(fresh(1)), Object.isFrozen(fresh(1)));
