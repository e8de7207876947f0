'use strict';
// One site, twelve shapes: an interpreter of expression trees with a class per operator, and records of many forms.
const bench = require('./lib/harness').bench;

class Num { constructor(v) { this.v = v; } eval() { return this.v; } }
class Var { constructor(n) { this.n = n; } eval(env) { return env[this.n]; } }
class Add { constructor(l, r) { this.l = l; this.r = r; } eval(env) { return this.l.eval(env) + this.r.eval(env); } }
class Sub { constructor(l, r) { this.l = l; this.r = r; } eval(env) { return this.l.eval(env) - this.r.eval(env); } }
class Mul { constructor(l, r) { this.l = l; this.r = r; } eval(env) { return (this.l.eval(env) * this.r.eval(env)) % 65521; } }
class Neg { constructor(x) { this.x = x; } eval(env) { return -this.x.eval(env); } }
class Min { constructor(l, r) { this.l = l; this.r = r; } eval(env) { return Math.min(this.l.eval(env), this.r.eval(env)); } }
class Max { constructor(l, r) { this.l = l; this.r = r; } eval(env) { return Math.max(this.l.eval(env), this.r.eval(env)); } }
class Less { constructor(l, r) { this.l = l; this.r = r; } eval(env) { return this.l.eval(env) < this.r.eval(env) ? 1 : 0; } }
class If { constructor(c, t, e) { this.c = c; this.t = t; this.e = e; } eval(env) { return this.c.eval(env) !== 0 ? this.t.eval(env) : this.e.eval(env); } }
class And { constructor(l, r) { this.l = l; this.r = r; } eval(env) { return this.l.eval(env) & this.r.eval(env); } }
class Shift { constructor(l, n) { this.l = l; this.n = n; } eval(env) { return this.l.eval(env) >> this.n; } }

let seed = 11;
function next(n) {
  seed = (seed * 1309 + 13849) & 65535;
  return seed % n;
}

function tree(depth) {
  if (depth === 0) return next(2) === 0 ? new Num(next(100)) : new Var(['a', 'b', 'c'][next(3)]);
  const sub = () => tree(depth - 1);
  switch (next(10)) {
    case 0: return new Add(sub(), sub());
    case 1: return new Sub(sub(), sub());
    case 2: return new Mul(sub(), sub());
    case 3: return new Neg(sub());
    case 4: return new Min(sub(), sub());
    case 5: return new Max(sub(), sub());
    case 6: return new Less(sub(), sub());
    case 7: return new If(sub(), sub(), sub());
    case 8: return new And(sub(), sub());
    default: return new Shift(sub(), 1 + next(3));
  }
}

function record(i) {
  const record = { id: i };
  for (let bit = 0; bit < 4; bit++) if ((i >> bit) & 1) record['field' + bit] = bit;
  record.total = i * 3;
  return record;
}

const TREE = tree(9);
const RECORDS = Array.from({ length: 64 }, (_, i) => record(i % 16));

bench(() => {
  let sum = 0;
  for (let i = 0; i < 40; i++) sum += TREE.eval({ a: i, b: i * 3, c: 7 - i });
  for (let round = 0; round < 50; round++) {
    for (const record of RECORDS) sum += record.total + record.id;
  }
  return sum;
}, -108095);
