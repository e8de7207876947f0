'use strict';
// Numbers that are computed as doubles and are whole, as often as not, where other code trusts that they are int32.
class Cell {
  constructor(v) {
    this.v = v;
  }
  bounce() {
    this.v = -Math.abs(this.v);
    this.v += 3;
    this.v = Math.abs(this.v);
    return this.v | 0;
  }
  shrink(f) {
    this.v = f(this.v);
    return this.v;
  }
}
const cells = [];
for (let i = 0; i < 40; i++) cells.push(new Cell(i - 20));
let sum = 0;
for (let i = 0; i < 4000; i++) sum += cells[i % 40].bounce();
console.log(sum, cells[3].v, cells[39].v);

const functions = [
  v => Math.floor(v / 2),
  v => Math.ceil(v * 0.7),
  v => Math.round(v - 0.4),
  v => Math.trunc(-v),
  v => Math.min(v, 7.5),
  v => Math.max(v, -3),
  v => v % 5,
  v => -v,
  v => v >>> 0,
];
for (const f of functions) {
  const values = [0, -0, 1, -1, 2147483647, 2147483648, -2147483648, -2147483649, 0.5, -0.5, NaN, Infinity, 1e300, 7];
  const table = {};
  for (let round = 0; round < 300; round++) {
    for (const v of values) {
      const cell = new Cell(v);
      const r = cell.shrink(f);
      if (round === 299) console.log(String(f), v, Object.is(r, -0) ? '-0' : r, r === cell.v || r !== r);
      table[r] = (table[r] || 0) + 1;
    }
  }
  console.log(Object.keys(table).join(' '));
}

// Where paths meet, a field is what one of them has stored.
class Range {
  constructor() {
    this.at = 0;
    this.turns = 0;
  }
  step(by, mode) {
    this.at += by;
    if (this.at > 100) {
      this.at = mode === 'half' ? 50.5 : mode === 'text' ? '50' : 50;
      this.turns++;
    }
    if (this.at < 0) {
      this.at = 10;
      this.turns--;
    } else if (mode === 'other') {
      other.at = this.at;
    }
    return this.at;
  }
}
const other = new Range();
const range = new Range();
let seen = 0;
for (let i = 0; i < 6000; i++) {
  const mode = i === 2500 ? 'half' : i === 4000 ? 'text' : i % 11 === 0 ? 'other' : '';
  const r = range.step(i % 5 === 0 ? -13 : 9, mode);
  seen += Number(r);
  if (typeof r === 'string') range.at = 3;
}
console.log(seen, range.at, range.turns, other.at);
