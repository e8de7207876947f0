'use strict';
// push and pop as a hot stack, with types changing.
function churn(n, make) { const st = []; let s = 0; for (let i = 0; i < n; i++) { st.push(make(i)); st.push(make(i + 1)); const v = st.pop(); if (typeof v === 'number') s += v; else s += v.length; if (st.length > 100) st.length = 10; } return s; }
console.log(churn(20000, (i) => i), churn(20000, (i) => i / 4), churn(20000, (i) => 'k' + (i % 100)), churn(1000, (i) => [1, 2, i]));
const empty = [];
let u = 0;
for (let i = 0; i < 20000; i++) if (empty.pop() === undefined) u++;
console.log(u, empty.length);
