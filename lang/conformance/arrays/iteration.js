'use strict';
// filter, map, forEach, reduce, some, every: arguments, order, early exit.
const a = [5, 1, 4];
const seen = [];
a.forEach((v, i, arr) => seen.push([v, i, arr === a]));
console.log(seen, a.forEach(() => 1));
console.log(a.map((v, i) => v * i), a.filter((v) => v > 2), a.reduce((x, y) => x + y), a.reduce((x, y) => x + y, 'acc:'), a.reduceRight((x, y) => x + '-' + y), a.reduceRight((acc, v, i) => acc + v * i, 0));
let calls = 0;
console.log(a.some((v) => { calls++; return v === 1; }), calls, a.every((v) => { calls++; return v > 4; }), calls, [].some(() => true), [].every(() => false));
console.log(a.map(function (v) { return this.k * v; }, { k: 2 }), [1, 2].filter(Boolean), ['1', '2', '3'].map(Number), ['10', '10', '10'].map((s, i) => parseInt(s, i + 2)));
const grow = [1, 2, 3];
const visited = [];
grow.forEach((v) => { visited.push(v); if (v < 3) grow.push(v * 10); });
console.log(visited, grow);
const shrink = [1, 2, 3, 4];
const left = [];
shrink.forEach((v) => { left.push(v); shrink.pop(); });
console.log(left, shrink);
try { [1, 2].forEach((v) => { if (v === 2) throw new Error('stop at ' + v); }); } catch (e) { console.log(e.message); }
console.log([3, 1, 2].map(String), [[1], [2]].map((x) => x[0]), [1, 2, 3].reduce((acc, v) => { acc[v] = v * v; return acc; }, {}));
