'use strict';
// Hot stores: existing property, transitions, different shapes, setters.
function setX(o, v) { o.x = v; return o; }
let o = { x: 0 };
for (let i = 0; i < 20000; i++) setX(o, i);
console.log(o);
let last;
for (let i = 0; i < 20000; i++) last = setX({}, i);
console.log(last);
for (let i = 0; i < 20000; i++) last = setX({ y: i }, i);
console.log(last);
let calls = 0;
const withSetter = { set x(v) { calls += v; } };
for (let i = 0; i < 1000; i++) setX(withSetter, 2);
console.log(calls, Object.keys(setX([1], 5)));
const child = Object.create(withSetter);
setX(child, 3);
console.log(calls, Object.keys(child));
const frozen = Object.freeze({ x: 1 });
try { setX(frozen, 2); } catch (e) { console.log(e.message); }
try { setX(undefined, 2); } catch (e) { console.log(e.message); }
setX(o, 'string now');
console.log(o);
