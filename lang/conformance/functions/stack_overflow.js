'use strict';
// Unbounded recursion is a RangeError that can be caught, again and again.
function forever(n) { return forever(n + 1) + 1; }
for (let i = 0; i < 3; i++) {
  try { forever(0); } catch (e) { console.log(e instanceof RangeError, e.name, e.message); }
}
let depth = 0;
function viaMethod(o) { depth++; return o.go(o); }
const o = { go: viaMethod };
try { viaMethod(o); } catch (e) { console.log(e.message, depth > 500); }
function inFinally() {
  let reached = 0;
  function rec() { try { return rec(); } finally { reached++; } }
  try { rec(); } catch (e) { console.log(e.name, reached > 500); }
}
inFinally();
const viaSort = () => [2, 1].sort(viaSort);
try { viaSort(); } catch (e) { console.log(e.name); }
class Node2 { constructor() { this.child = new Node2(); } }
try { new Node2(); } catch (e) { console.log(e.name); }
const viaToString = { toString() { return 'x' + viaToString; } };
try { String(viaToString); } catch (e) { console.log(e.name); }
console.log('still alive');
