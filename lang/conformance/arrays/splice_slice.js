'use strict';
// splice and slice over all argument shapes.
const base = [0, 1, 2, 3, 4, 5];
const cases = [[0], [2], [-2], [99], [-99], [1, 2], [1, 0, 'a'], [1, 1, 'a', 'b'], [0, 6], [2, -1, 'z'], [-3, 2, 'p', 'q', 'r'], [6, 0, 'end'], []];
for (const c of cases) {
  const a = base.slice();
  const removed = Array.prototype.splice.apply(a, c);
  console.log(c, removed, a, a.length);
}
for (const c of [[0], [2], [-2], [1, 3], [1, -1], [-3, -1], [4, 2], [0, 99], [-99, 2]]) console.log(c, base.slice(c[0], c[1]), base.slice(c[0]));
const x = [1, 2, 3];
console.log(x.slice(), x.slice() === x, x.splice(1), x);
