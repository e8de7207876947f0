'use strict';
// Functions as values: composition, currying, callbacks, properties on functions.
const compose = (f, g) => (x) => f(g(x));
const inc = (x) => x + 1;
const dbl = (x) => x * 2;
console.log(compose(inc, dbl)(5), compose(dbl, inc)(5), [inc, dbl, inc].reduce((acc, f) => compose(f, acc), (x) => x)(3));
const curry = (f) => (a) => (b) => (c) => f(a, b, c);
console.log(curry((a, b, c) => a + b * c)(1)(2)(3));
function tagged() { tagged.calls = (tagged.calls || 0) + 1; return tagged.calls; }
tagged(); tagged();
console.log(tagged.calls, Object.keys(tagged));
const table = { add: (a, b) => a + b, sub: (a, b) => a - b };
for (const op of ['add', 'sub']) console.log(op, table[op](7, 2));
console.log((function () { return 'iife'; })(), (() => 'arrow iife')(), !function () { return false; }());
const pipeline = [(s) => s.trim(), (s) => s.toUpperCase(), (s) => s + '!'];
console.log(pipeline.reduce((v, f) => f(v), '  hey '));
