'use strict';
// Associativity fails as IEEE says, and nothing is fused or reordered.
console.log((0.1 + 0.2) + 0.3, 0.1 + (0.2 + 0.3));
console.log(1e16 + 1 - 1e16, 1e16 - 1e16 + 1, 1 + 1e16 - 1e16);
let sum = 0;
for (let i = 0; i < 1000; i++) sum += 0.1;
console.log(sum);
let product = 1;
for (let i = 1; i <= 25; i++) product *= i;
console.log(product);
let h = 0;
for (let i = 1; i <= 1000; i++) h += 1 / i;
console.log(h);
const a = 134217729 * 134217727;
console.log(a, 94906267 * 94906267, 94906267 * 94906267 - 9007199515875289);
console.log(0.1 * 0.1 - 0.01, 3 * 1.1, 1.1 + 2.2);
