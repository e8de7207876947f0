'use strict';
// Hot % with positive operands meets negatives, zeros and doubles.
function mod(a, b) { return a % b; }
let s = 0;
for (let i = 0; i < 20000; i++) s += mod(i, 7);
console.log(s, mod(-7, 3), 1 / mod(-6, 3), mod(5, 0), mod(5.5, 2), mod(-2147483648, -1), mod(5, -3), mod(2 ** 40, 1000));
for (let i = 0; i < 20000; i++) s += mod(-i, 7);
console.log(s);
let z = 0;
for (let i = 0; i < 20000; i++) { const r = mod(-i, 5); if (Object.is(r, -0)) z++; }
console.log(z);
