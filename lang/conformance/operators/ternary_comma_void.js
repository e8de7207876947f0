'use strict';
// Conditional chains, comma, void, unary plus and minus.
const grade = (n) => n >= 90 ? 'A' : n >= 80 ? 'B' : n >= 70 ? 'C' : 'F';
console.log([95, 85, 75, 5].map(grade), void 0, void 'x', (1, 'last'), +'5', -'5', - -5, +true, -null, +[], -[3], !'' + 1);
let i = 0, j = 10;
for (; i < j; i++, j--);
console.log(i, j);
