'use strict';
// Division is always real division, integral results included.
console.log(6 / 3, 7 / 2, -7 / 2, 1 / 3, 0 / 5, 5 / 0, -5 / 0, 0 / 0, 2147483648 / 2, -2147483648 / -1, 1e300 / 1e-300);
console.log(Math.floor(7 / 2), (7 / 2) | 0, (-7 / 2) | 0, Math.floor(-7 / 2), ~~(9 / 4));
let x = 1000000;
const steps = [];
while (x > 0.01) { steps.push(x); x /= 7; }
console.log(steps);
