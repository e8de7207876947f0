'use strict';
// Exceptions leave inlined frames and are caught outside.
function check(v) { if (v % 1000 === 999) throw new Error('bad ' + v); return v; }
function middle(v) { return check(v) + 1; }
function outer(n) {
  let s = 0, caught = 0, last = '';
  for (let i = 0; i < n; i++) {
    try { s += middle(i); } catch (e) { caught++; last = e.message; }
  }
  return [s, caught, last];
}
console.log(outer(20000));
console.log(outer(20000));
function noCatch(n) { let s = 0; for (let i = 0; i < n; i++) s += middle(i % 999); return s; }
console.log(noCatch(20000));
try { let s = 0; for (let i = 0; i < 20000; i++) s += middle(i % 998 + (i > 15000 ? 500 : 0)); console.log(s); } catch (e) { console.log(e.message); }
