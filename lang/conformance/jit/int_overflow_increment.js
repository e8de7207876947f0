'use strict';
// ++ and -- cross the int32 range in OSR'd loops.
let up = 2147483647 - 15000;
for (let i = 0; i < 30000; i++) up++;
let down = -2147483648 + 15000;
for (let i = 0; i < 30000; i++) down--;
console.log(up, down);
const o = { n: 2147483640 };
function tick(p) { return p.n++; }
let last = 0;
for (let i = 0; i < 20000; i++) last = tick(o);
console.log(last, o.n);
const a = [2147483640];
for (let i = 0; i < 20000; i++) a[0]++;
console.log(a);
