'use strict';
function mk(k) { return { get v() { return k; }, set v(x) { this.q = k + x; } }; }
function rd(o) { return o.v; }
function wr(o) { o.v = 1; return o.q; }
let s = ''; const l = [mk(1), mk(2), mk(3)];
for (let i = 0; i < 30000; i++) { const r = rd(l[i % 3]) + wr(l[i % 3]) * 10; if (i > 29990) s += r + ' '; }
console.log(s);
