'use strict';
// Object.is distinguishes zeros and joins NaNs.
const o = {};
console.log(Object.is(0, -0), Object.is(NaN, NaN), Object.is(o, o), Object.is({}, {}), Object.is('a', 'a'), Object.is(1, 1.0), Object.is(null, undefined));
