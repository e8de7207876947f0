'use strict';
// Side effects before a deopting operation happen once, those after it once.
let effects = 0;
function eff(v) { effects++; return v; }
function f(a, b) { return eff(a) + eff(b) * eff(a); }
let s = 0;
for (let i = 0; i < 20000; i++) s += f(i, 2);
console.log(s, effects, f(1.5, 2), f('3', 2), f(2147483647, 2147483647), effects);
const log = [];
const probe = (n, v) => ({ valueOf() { log.push(n); return v; } });
function g(x, y, z) { return x - y * z; }
for (let i = 0; i < 20000; i++) s += g(i, 1, 2);
console.log(s, g(probe('x', 10), probe('y', 2), probe('z', 3)), log.join());
const o = { n: 0 };
function h(v) { o.n++; const r = v + 1; o.n++; return r; }
for (let i = 0; i < 20000; i++) h(i);
h(0.5); h('s'); h({}); h(2147483647);
console.log(o.n);
function idx(arr) { let i = 0; arr[i++] = arr[i++] + arr[i++]; return i; }
let k = 0;
for (let i = 0; i < 20000; i++) k += idx([1, 2, 3]);
const mixed = [1, 'a', 'b'];
k += idx(mixed);
console.log(k, mixed);
