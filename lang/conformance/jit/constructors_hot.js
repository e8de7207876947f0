'use strict';
// Hot allocation: functions, classes, fields, escaping and not.
class Vec { constructor(x, y) { this.x = x; this.y = y; } add(o) { return new Vec(this.x + o.x, this.y + o.y); } dot(o) { return this.x * o.x + this.y * o.y; } }
let acc = new Vec(0, 0);
let d = 0;
for (let i = 0; i < 20000; i++) { acc = acc.add(new Vec(i, 0.5)); d += new Vec(1, 2).dot(new Vec(i, 1)); }
console.log(acc, d);
function Old(a) { this.a = a; if (a % 2) this.odd = true; }
let odd = 0;
for (let i = 0; i < 20000; i++) if (new Old(i).odd) odd++;
console.log(odd);
class F { count = 0; list = []; add(v) { this.list.push(v); this.count++; return this; } }
let total = 0;
for (let i = 0; i < 10000; i++) total += new F().add(i).add(2).list.length;
console.log(total);
function Maybe(i) { if (i % 1000 === 0) return { replaced: true }; this.i = i; }
let rep = 0;
for (let i = 0; i < 20000; i++) if (new Maybe(i).replaced) rep++;
console.log(rep);
Vec.prototype.extra = 1;
console.log(new Vec(1, 2).extra, acc.extra);
