'use strict';
// Fallthrough, default in the middle, strict matching, expressions as cases.
function f(v) {
  const out = [];
  switch (v) {
    case 1: out.push('one');
    case 2: out.push('two'); break;
    default: out.push('default');
    case 3: out.push('three');
    case '1': out.push('string one'); break;
    case NaN: out.push('never');
    case null: out.push('null');
  }
  return out.join(' ');
}
for (const v of [1, 2, 3, 4, '1', NaN, null, undefined, 1.0]) console.log(v, '->', f(v));
const order = [];
const t = (v) => { order.push(v); return v; };
switch (t(2)) { case t(1): break; case t(2): order.push('hit'); break; case t(3): break; }
console.log(order.join());
switch (true) { case 1 > 2: console.log('no'); break; case 2 > 1: console.log('range'); }
switch (5) { }
switch (5) { default: }
switch (5) { case 5: { let x = 'scoped'; console.log(x); } }
const scoped = (n) => { switch (n) { case 0: let a = 'zero'; return a; case 1: a = 'assigned'; return a; } };
console.log(scoped(0));
try { scoped(1); } catch (e) { console.log(e.message); }
