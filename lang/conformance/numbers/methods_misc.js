'use strict';
// toPrecision, toExponential, valueOf.
const values = [0, 123.456, 0.00001, 1e21, 99.99, -5.5];
for (const v of values) console.log(v.toPrecision(1), v.toPrecision(3), v.toPrecision(6), v.toExponential(2), v.toExponential());
console.log((1234.5678).toPrecision(2), (5).valueOf(), 5..toString(), (5).toPrecision());
