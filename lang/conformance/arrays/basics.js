'use strict';
// Literals, length, indexing, identity.
const a = [1, 'two', [3], { four: 4 }, null, undefined, , 8];
console.log(a, a.length, a[0], a[7], a[99], a[-1], a['1'], a['length']);
a[0] = 'one';
a[8] = 9;
a['9'] = 10;
a.prop = 'named';
console.log(a, a.length, Object.keys(a));
console.log([] === [], [1] == 1, [1, 2] == '1,2', [].length, [,].length, [, ,].length, [1, , 2]);
const b = a;
b.push('shared');
console.log(a[a.length - 1], a === b, Array.isArray(a), Array.isArray({ length: 0 }), typeof a);
const m = [[1, 2], [3, 4]];
m[1][0] += 10;
console.log(m, m[1][0], m[0].length, m.length);
