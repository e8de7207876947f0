'use strict';
// The array shrinks while the hot loop walks it.
function walk(a, at) { let s = 0; for (let i = 0; i < a.length; i++) { s += a[i]; if (i === at) a.length = at + 5; } return s; }
const fresh = () => { const a = []; for (let i = 0; i < 5000; i++) a.push(1); return a; };
let t = 0;
for (let k = 0; k < 10; k++) t += walk(fresh(), -1);
t += walk(fresh(), 100);
console.log(t);
