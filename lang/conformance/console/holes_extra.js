'use strict';
// Holes and named properties on arrays.
console.log([, ], [, , 1], [1, , , , 2], Array(5), [undefined, , null]);
const a = [1, 2];
a.name = 'extra';
a[-1] = 'neg';
console.log(a);
const b = [];
b[200] = 1;
console.log(b);
const c = [];
c.only = 'prop';
console.log(c);
