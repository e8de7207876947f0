'use strict';
// Missing arguments are undefined, extra ones are evaluated and dropped.
function f(a, b, c) { return `${a} ${b} ${c}`; }
console.log(f(), f(1), f(1, 2), f(1, 2, 3), f(1, 2, 3, 4));
let n = 0;
const count = () => ++n;
console.log(f(count(), count(), count(), count(), count()), n);
console.log(f.length, ((a) => a).length, (() => 0).length, f.name, (() => 0).name, (function () {}).name);
const named = () => 0;
const obj = { m() {}, p: () => 0, q: function () {}, ['comp' + 1]: () => 0 };
console.log(named.name, obj.m.name, obj.p.name, obj.q.name, obj.comp1.name);
function noReturn() {}
function emptyReturn() { return; }
console.log(noReturn(), emptyReturn());
