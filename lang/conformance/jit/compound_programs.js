'use strict';
// Sieve, bubble sort, n-queens and string reversal, as a smoke of everything at once.
function sieve(n) { const f = []; for (let i = 0; i <= n; i++) f.push(true); let c = 0; for (let i = 2; i <= n; i++) { if (f[i]) { c++; for (let j = i * 2; j <= n; j += i) f[j] = false; } } return c; }
console.log(sieve(10000));
function bubble(a) { for (let i = 0; i < a.length; i++) for (let j = 0; j + 1 < a.length - i; j++) if (a[j] > a[j + 1]) { const t = a[j]; a[j] = a[j + 1]; a[j + 1] = t; } return a; }
const arr = [];
for (let i = 0; i < 150; i++) arr.push(i * 7919 % 1009);
console.log(bubble(arr).slice(0, 8), bubble([2.5, -1, 2]), bubble(['b', 'a']));
function queens(n) { let c = 0; const place = (r, cols, d1, d2) => { if (r === n) { c++; return; } for (let i = 0; i < n; i++) { const a = 1 << i, b = 1 << (r + i), d = 1 << (r - i + n); if (!(cols & a) && !(d1 & b) && !(d2 & d)) place(r + 1, cols | a, d1 | b, d2 | d); } }; place(0, 0, 0, 0); return c; }
console.log(queens(6), queens(7));
function rev(s) { let r = ''; for (let i = s.length - 1; i >= 0; i--) r += s[i]; return r; }
let t = 'deoptimization';
for (let i = 0; i < 2001; i++) t = rev(t);
console.log(t);
