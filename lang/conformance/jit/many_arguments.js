'use strict';
// More arguments than registers, from hot code, inlined or not.
function ten(a, b, c, d, e, f, g, h, i, j) { return a + b * 2 + c * 3 + d * 4 + e * 5 + f * 6 + g * 7 + h * 8 + i * 9 + j * 10; }
let s = 0;
for (let i = 0; i < 20000; i++) s += ten(i, 1, 2, 3, 4, 5, 6, 7, 8, 9);
console.log(s, ten(1, 2, 3), ten('a', 1, 2, 3, 4, 5, 6, 7, 8, 9), ten(0.5, 1, 2, 3, 4, 5, 6, 7, 8, 9.5));
class V { constructor(a, b, c, d, e, f, g, h) { this.sum = a + b + c + d + e + f + g + h; } }
for (let i = 0; i < 20000; i++) s += new V(1, 2, 3, 4, 5, 6, 7, i).sum;
console.log(s);
