'use strict';
// Constructors that look at `arguments` and are not inlined: with more and fewer arguments, with `new.target`, with objects of
// their own as results, with exceptions.
function Class() {
  const made = function () { if (this.init) this.init.apply(this, arguments); };
  return made;
}
const kinds = [];
for (let k = 0; k < 6; k++) {
  const Kind = Class();
  Kind.prototype = { kind: k, init(a, b) { this.a = a; if (b !== undefined) this.b = b; if (a === "throw") throw new Error("init " + k); } };
  kinds.push(Kind);
}
function Count() { this.n = arguments.length; this.last = arguments[arguments.length - 1]; this.target = new.target === Count; }
function Other() { this.lost = arguments.length; if (arguments.length > 2) return { given: arguments[2] }; return 7; }
function big(x) {
  let s = 0;
  // Enough to use up what may be inlined.
  for (const K of kinds) { const o = new K(x, x & 1 ? 1 : undefined); s += o.a + o.kind + (o.b || 0); }
  const a = new Count(), b = new Count(x), c = new Count(x, 2, 3), d = new Other(x), e = new Other(1, 2, x);
  s += a.n + b.n + c.n + c.last + d.lost + e.given + (a.target ? 1 : 0) + (a instanceof Count ? 1 : 0) + (e instanceof Other ? 100 : 0);
  return s;
}
let total = 0;
for (let i = 0; i < 20000; i++) total += big(i % 10);
console.log(total);
for (const K of kinds) {
  try { new K("throw"); } catch (e) { console.log(e.message); }
}
console.log(new Count(1, 2).n, Count.call({}, 1), new Other(1).lost, new Other(1, 2, 3).given);
