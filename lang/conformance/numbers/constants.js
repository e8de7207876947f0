'use strict';
// Number's constants and predicates.
console.log(Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, Number.MAX_VALUE, Number.MIN_VALUE, Number.EPSILON);
console.log(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN);
const probes = [0, -0, 1.5, NaN, Infinity, '5', null, undefined, 2 ** 53 - 1, 2 ** 53, -(2 ** 53), 1e300];
for (const p of probes) console.log(p, Number.isInteger(p), Number.isSafeInteger(p), Number.isFinite(p), Number.isNaN(p));
