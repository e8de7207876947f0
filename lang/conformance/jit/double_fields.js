'use strict';
// Doubles in fields and variables: optimized code takes them from memory a second time, and so do its exits. Whatever
// stands there when a check fails, and whatever was written in between, the value is the one that the program read.

class Point {
  constructor(x, y, z) {
    this.x = x;
    this.y = y;
    this.z = z;
  }
}

const odd = [
  3, -0, NaN, Infinity, -2147483648, 4294967296, 5e-324, '7', '', 'word', true, false, null, undefined,
  { valueOf() { return 2.5; } }, { toString() { return 'text'; } }, [4],
];

function show(v) {
  return Object.is(v, -0) ? '-0' : String(v);
}

// Reads only: each of three fields may be the one that fails, with the others waiting.
function length(p) {
  return p.x * p.x + p.y * p.y - p.z / 3;
}

// Reads, writes the same field, and fails after that: what was read before must still be known.
function shift(p) {
  const before = p.x;
  const next = before + 0.5;
  p.x = next;
  const other = p.y * 2;
  return [before, next, other, p.x];
}

// Read before the write, wanted as a number only after it.
function late(p, q) {
  const before = p.x;
  q.x = 1.25;
  return before - p.x + q.y;
}

// Two names of perhaps one object.
function swap(p, q) {
  const a = p.x, b = q.x;
  p.x = b - 0.25;
  q.x = a - 0.75;
  return p.x * q.x - p.z;
}

function warm(f) {
  let s = 0;
  for (let i = 0; i < 3000; i++) {
    const p = new Point(i + 0.5, i + 0.25, i + 0.125), q = new Point(0.5, 1.5, 2.5);
    const r = f(p, q);
    s += typeof r === 'number' ? r : r[0] - r[3];
  }
  return s;
}

for (const f of [length, shift, late, swap]) console.log(f.name, warm(f));

for (const field of ['x', 'y', 'z']) {
  for (const v of odd) {
    const line = [];
    for (const f of [length, shift, late, swap]) {
      const p = new Point(1.5, 2.5, 3.5), q = new Point(0.5, 1.5, 2.5);
      p[field] = v;
      const r = f(p, q);
      line.push(typeof r === 'object' ? r.map(show).join(' ') : show(r), show(p.x), show(q.x));
      const same = new Point(1.5, 2.5, 3.5);
      same[field] = v;
      line.push(show(f === shift ? f(same)[3] : f(same, same)), show(same.x));
    }
    console.log(field, typeof v, line.join(', '));
  }
  console.log(warm(length), warm(shift), warm(late), warm(swap));
}

// Fields beyond those in the object, of an object that grew.
function grown(n) {
  const o = {};
  for (let i = 0; i < 30; i++) o['f' + i] = i + n;
  return o;
}
function far(o) {
  const before = o.f27;
  o.f28 = before + o.f29;
  return before * o.f28 - o.f26;
}
let sum = 0;
for (let i = 0; i < 3000; i++) sum += far(grown(0.5));
for (const v of odd) {
  for (const name of ['f26', 'f27', 'f28', 'f29']) {
    const o = grown(0.5);
    o[name] = v;
    sum = show(far(o)) + show(o.f28);
    console.log(name, sum);
  }
}

// Variables of the module and of a closure.
let level = 0.5;
function raise(by) {
  const before = level;
  level = before + by;
  return before * 2 - level;
}
function meter() {
  let reading = 0.5;
  return {
    add(by) {
      const before = reading;
      reading = before + by;
      return before * 2 - reading;
    },
    put(v) { reading = v; },
  };
}
const m = meter();
let total = 0;
for (let i = 0; i < 5000; i++) total += raise(0.25) + m.add(0.125);
console.log(total);
for (const v of odd) {
  level = v;
  m.put(v);
  console.log(show(raise(0.5)), show(level), show(m.add(1.5)), show(m.add(0.5)));
  level = 0.5;
  m.put(0.25);
  for (let i = 0; i < 300; i++) total += raise(0.25) + m.add(0.125);
}
console.log(total);

// A field that is read, whose check fails inside a callee that was inlined.
function scale(p, by) { return p.x * by.z; }
function twice(p, q) {
  const a = p.y;
  const b = scale(p, q);
  return a - b;
}
total = 0;
for (let i = 0; i < 5000; i++) total += twice(new Point(0.5, 1.5, 2.5), new Point(i, i, i + 0.5));
console.log(total);
for (const v of odd) {
  console.log(
    show(twice(new Point(v, 1.5, 2.5), new Point(1, 2, 3.5))),
    show(twice(new Point(0.5, v, 2.5), new Point(1, 2, 3.5))),
    show(twice(new Point(0.5, 1.5, 2.5), new Point(1, 2, v))),
  );
}
