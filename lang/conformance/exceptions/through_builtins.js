'use strict';
// Exceptions cross builtins that call back.
const boom = () => { throw new Error('boom'); };
const tries = [
  () => [1].map(boom), () => [1].forEach(boom), () => [1].filter(boom), () => [1, 2].reduce(boom), () => [2, 1].sort(boom), () => [1].find(boom), () => [1].some(boom), () => [1].every(boom),
  () => 'a'.replace('a', boom), () => Array.from([1], boom), () => String({ toString: boom }), () => +{ valueOf: boom }, () => `${{ toString: boom }}`, () => [{ toString: boom }].join(),
  () => ({ get x() { return boom(); } }).x, () => { ({ set x(v) { boom(); } }).x = 1; }, () => new (class { constructor() { boom(); } })(), () => new (class { f = boom(); })(), () => boom.call(null), () => boom.apply(null, []), () => boom.bind(null)(),
  () => JSON.stringify({ toJSON: boom }), () => ({ valueOf: boom }) < 1, () => ({ valueOf: boom }) == 1, () => [1].flatMap(boom), () => ({})[{ toString: boom }],
];
let caught = 0;
for (const t of tries) try { t(); console.log('not thrown'); } catch (e) { if (e.message === 'boom') caught++; else console.log(e.message); }
console.log(caught, tries.length);
