'use strict';
// call, apply and bind.
function who(a, b) { return `${this && this.name}:${a}:${b}`; }
const o = { name: 'obj' };
console.log(who.call(o, 1, 2), who.apply(o, [3, 4]), who.apply(o), who.call(undefined, 1), who.apply(null, null));
const bound = who.bind(o, 'x');
console.log(bound('y'), bound.call({ name: 'other' }, 'z'), bound.name, bound.length);
console.log(Math.max.apply(null, [3, 9, 2]), Array.prototype.slice.call([1, 2, 3], 1), Object.prototype.toString.call([]), Object.prototype.toString.call(null));
console.log([].concat.apply([], [[1], [2, 3]]), Array.prototype.map.call('abc', (c) => c + c));
const hasOwn = Object.prototype.hasOwnProperty;
console.log(hasOwn.call(o, 'name'), hasOwn.call(o, 'toString'));
