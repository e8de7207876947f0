'use strict';
// Keyed access with strings, ints, doubles, and canonical index strings.
const o = {};
const keys = ['a', 1, '1', 1.5, '01', -0, 0, '-0', 1e21, 4294967295, 4294967294, -1, NaN, Infinity, true, null, undefined];
for (const k of keys) o[k] = String(k);
console.log(Object.keys(o).length, Object.keys(o));
const get = (obj, k) => obj[k];
console.log(keys.map((k) => get(o, k)));
let s = 0;
const rec = { x: 1, y: 2, z: 3 };
const names = ['x', 'y', 'z', 'missing'];
for (let i = 0; i < 40; i++) { const v = rec[names[i % 4]]; s += v === undefined ? 100 : v; }
console.log(s);
const map = {};
for (let i = 0; i < 200; i++) { const k = 'key' + (i * 7 % 31); map[k] = (map[k] | 0) + i; }
console.log(Object.keys(map).length, map.key0, map.key30);
