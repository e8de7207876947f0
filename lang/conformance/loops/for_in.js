'use strict';
// for-in: integer keys first, then insertion order, inherited last.
const o = { b: 1, a: 2, 3: 'x', 1: 'y' };
for (const k in o) console.log(k, o[k], typeof k);
function P() { this.own = 1; }
P.prototype.inherited = 2;
for (const k in new P()) console.log(k);
for (const i in ['x', 'y']) console.log(i, typeof i);
for (const k in null) console.log('never', k);
for (const k in undefined) console.log('never', k);
let last;
for (last in { p: 1, q: 2 });
console.log(last);
const d = { a: 1, b: 2, c: 3 };
for (const k in d) { console.log(k); delete d.b; }
class C { m() {} f = 1; }
for (const k in new C()) console.log(k);
