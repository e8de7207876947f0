'use strict';
// Arrows take this from where they stand; functions from how they are called.
const o = {
  v: 1,
  method() { return [1, 2].map((x) => x + this.v); },
  arrowIn() { return () => this.v; },
  fnIn() { return function () { return this; }; },
};
console.log(o.method(), o.arrowIn()(), o.fnIn()());
const loose = o.method;
try { loose(); } catch (e) { console.log(e.name + ': ' + e.message); }
const arrow = o.arrowIn();
console.log(arrow.call({ v: 99 }));
function Timer() { this.n = 0; const tick = () => { this.n++; return this; }; tick(); tick(); this.tick = tick; }
const t = new Timer();
t.tick();
console.log(t.n);
console.log((() => ({ a: 1 }))(), (() => { })(), ((a, b) => a + b)(1, 2), (x => x * 2)(4));
function returnsThis() { return this; }
console.log(returnsThis(), returnsThis.call(5), returnsThis.call('s'), returnsThis.call(null), typeof returnsThis.call(true), ({ returnsThis }).returnsThis() !== undefined);
