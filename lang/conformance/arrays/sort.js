'use strict';
// Default order by string, comparators, stability, undefined last.
console.log([10, 9, 1, 100, -1].sort(), [3, 1, 2].sort((a, b) => a - b), [3, 1, 2].sort((a, b) => b - a), ['b', undefined, 'a'].sort(), [, 1, undefined, 0].sort());
console.log([true, false, null, undefined, NaN, 1, 'x', [2]].sort(), [0.5, -0.5, 1e21, 1e-7].sort(), [].sort(), [1].sort());
const people = [];
for (let i = 0; i < 40; i++) people.push({ id: i, age: i * 7 % 5 });
people.sort((a, b) => a.age - b.age);
console.log(people.map((p) => p.age + ':' + p.id).join(' '));
const a = [];
let seed = 7;
for (let i = 0; i < 500; i++) { seed = (seed * 1103515245 + 12345) % 2147483648; a.push(seed % 1000); }
const s = a.slice().sort((x, y) => x - y);
let ok = true;
for (let i = 1; i < s.length; i++) if (s[i - 1] > s[i]) ok = false;
console.log(ok, s[0], s[250], s[499], s === s.sort());
try { [2, 1].sort(() => { throw new Error('in comparator'); }); } catch (e) { console.log(e.message); }
console.log([3, 2, 1].sort(() => 0), [1, 2, 3, 4].sort((x, y) => (x % 2) - (y % 2)), ['B', 'a', 'C'].sort((x, y) => x.toLowerCase() < y.toLowerCase() ? -1 : 1));
