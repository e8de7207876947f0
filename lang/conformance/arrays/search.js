'use strict';
// indexOf, lastIndexOf, includes, find and friends.
const o = {};
const a = [1, 2, '2', NaN, o, undefined, null, 2, , 1];
console.log(a.indexOf(2), a.indexOf('2'), a.indexOf(NaN), a.indexOf(o), a.indexOf({}), a.indexOf(undefined), a.indexOf(1, 1), a.indexOf(1, -1), a.indexOf(99), a.indexOf(1, 50));
console.log(a.lastIndexOf(2), a.lastIndexOf(1), a.lastIndexOf(2, 3), a.lastIndexOf(2, -4), a.includes(NaN), a.includes(undefined), a.includes(1, 1), [, 1].includes(undefined), [, 1].indexOf(undefined), [0].includes(-0), [0].indexOf(-0));
console.log(a.find((v) => typeof v === 'string'), a.findIndex((v) => v === null), a.find((v) => v === 'no'), a.findIndex(() => false), a.findLast((v) => v === 2), a.findLastIndex((v) => v === 2));
console.log([1.5, 2, 3].indexOf(2.0), ['a', 'b'].indexOf('ab'[1]), [1, 2, 3].indexOf(2.5));
