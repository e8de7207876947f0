'use strict';
// Literals: shorthand, computed, numeric keys, methods, ordering.
const x = 1;
const key = 'dyn';
const o = { x, [key]: 2, [key + 2]: 3, 'quoted key': 4, 5: 'five', 1: 'one', m() { return this.x; }, nested: { a: [1, { b: 2 }] }, undefined: 0, null: 1 };
console.log(o);
console.log(Object.keys(o), o.m(), o['quoted key'], o[5], o['5'], o[key], o.nested.a[1].b);
console.log({ a: 1, a: 2 }, { b: 1, a: 2, 10: 'x', 2: 'y', '-1': 'z', '01': 'w' });
console.log({}.x, ({ a: { b: { c: 1 } } }).a.b.c, { 'a-b': 1, aB: 2, $: 3, _: 4, 'é': 5, '': 6 });
const order = [];
const t = (v) => { order.push(v); return v; };
const seq = { [t('k1')]: t('v1'), [t('k2')]: t('v2') };
console.log(order.join(), seq);
