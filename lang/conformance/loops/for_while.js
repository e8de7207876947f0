'use strict';
// for, while, do-while, and loops that never run.
let out = '';
for (let i = 0; i < 5; i++) out += i;
for (let i = 5; i--;) out += i;
for (let i = 0, j = 10; i < j; i += 3, j -= 2) out += `(${i},${j})`;
for (; ;) { out += 'once'; break; }
let w = 3;
while (w-- > 0) out += 'w' + w;
let d = 0;
do out += 'd' + d; while (++d < 2);
do { out += 'never more'; } while (false);
while (false) out += 'no';
for (let i = 0; i < 0; i++) out += 'no';
console.log(out, w);
let steps = 0;
let n = 27;
while (n !== 1) { n = n % 2 === 0 ? n / 2 : 3 * n + 1; steps++; }
console.log(steps);
let total = 0;
for (let i = 0; i < 10; i++) { for (let j = i; j < 10; j++) { if ((i + j) % 3) continue; total += i * j; } }
console.log(total);
for (var v = 0; v < 3; v++); 
console.log(v);
for (let f = 0; f < 1; f += 0.25) out = f;
console.log(out);
