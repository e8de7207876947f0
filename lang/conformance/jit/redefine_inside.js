'use strict';
// The hot loop itself replaces the method it calls: lazy deopt inside the caller.
class W { work(i) { return i; } }
const w = new W();
function run(n, at) {
  let s = 0;
  for (let i = 0; i < n; i++) {
    s += w.work(i);
    if (i === at) W.prototype.work = function (k) { return -k; };
  }
  return s;
}
console.log(run(20000, -1), run(20000, 15000), run(20000, -1));
W.prototype.work = function (i) { if (i === 12345) W.prototype.work = (k) => 1; return i * 2; };
console.log(run(20000, -1), run(20000, -1));
