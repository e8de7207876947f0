'use strict';
// Getters and setters on a hot path, replaced by a plain property.
class Acc { constructor() { this._v = 1; } get v() { return this._v; } set v(x) { this._v = x + 1; } }
const a = new Acc();
let s = 0;
for (let i = 0; i < 20000; i++) { s += a.v; a.v = i % 10; }
console.log(s);
const b = Object.create({ v: 5 });
function read(o) { return o.v; }
for (let i = 0; i < 20000; i++) s += read(i % 2 ? a : b);
console.log(s);
const thrower = { get v() { throw new Error('getter'); } };
try { read(thrower); } catch (e) { console.log(e.message); }
