'use strict';
// Sorting: stability, the order of comparisons, comparison functions that are no orders.
const log = [];
const cmp = (a, b) => { log.push(a + ':' + b); return a - b; };
for (const a of [[2, 1], [3, 1, 2], [1, 2, 3, 4, 5], [5, 4, 3, 2, 1], [1, 3, 2, 5, 4, 7, 6], [2, 2, 1, 1]]) { log.length = 0; console.log(a.sort(cmp), log.join(' ')); }
let seed = 7; const rnd = () => { seed = (Math.imul(seed, 1103515245) + 12345) >>> 0; return seed >>> 16; };
const hash = (s) => { let h = 0; for (let i = 0; i < s.length; i++) h = (Math.imul(h, 31) + s.charCodeAt(i)) | 0; return h; };
for (const n of [10, 32, 33, 64, 65, 100, 200, 1000]) {
  for (const kind of [0, 1, 2, 3, 4]) {
    const a = Array.from({ length: n }, (_, i) => (kind === 0 ? rnd() : kind === 1 ? i : kind === 2 ? n - i : kind === 3 ? rnd() % 5 : (i % 20) * 3 + ((i / 20) | 0)));
    log.length = 0;
    a.sort(cmp);
    console.log(n, kind, log.length, hash(log.join(' ')), a.every((x, i) => i === 0 || a[i - 1] <= x));
  }
}
const objs = Array.from({ length: 300 }, (_, i) => ({ k: rnd() % 10, i }));
objs.sort((a, b) => a.k - b.k);
console.log(objs.every((o, i) => i === 0 || objs[i - 1].k < o.k || objs[i - 1].i < o.i));
console.log([3, 1, 2].sort((a, b) => a > b), [1, 2, 3, 4].sort(() => -1), [1, 2, 3, 4].sort(() => 1), [1, 2, 3].sort(() => NaN), [1, 2, 3].sort(() => undefined), [5, 1, 4].sort((a, b) => (a < b ? -1 : 1)), [5, 1, 4].sort((a, b) => b > a));
const bad = Array.from({ length: 100 }, (_, i) => (i * 37) % 100); bad.sort((a, b) => a < b); console.log(hash(bad.join()));
const flip = Array.from({ length: 150 }, (_, i) => (i * 37) % 150); let t = 0; flip.sort(() => (t++ % 3) - 1); console.log(hash(flip.join()), t);
try { [3, 2, 1].sort((a, b) => { throw new Error('in compare'); }); } catch (e) { console.log(e.message); }
console.log(['b', 'a', 'C', 'B', 'é', 'z', 'Z', '10', '9', '1'].sort(), [10, 9, 1, 100, 2].sort(), [-1, -2, 0, -0, 5].sort(), [1.5, 1.25, 1e21, 1e-7].sort());
console.log([,3,,1,undefined,2].sort(), [3, undefined, 1].sort((a, b) => b - a), [undefined, , 1].toSorted());
console.log(['b', 'a', 'c', 'B', 'A', 'ä', 'z', '_', '1', '-', ' ', 'aa', 'Aa', 'aA'].sort((x, y) => x.localeCompare(y)), 'a'.localeCompare('b'), 'b'.localeCompare('a'), 'a'.localeCompare('a'), 'a'.localeCompare('A'), 'A'.localeCompare('a'), 'résumé'.localeCompare('resume'), ''.localeCompare('a'));
