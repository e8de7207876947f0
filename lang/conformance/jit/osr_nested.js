'use strict';
// OSR in an inner loop, with the outer loop's state alive.
function grid(n) {
  let s = 0;
  const rows = [];
  for (let i = 0; i < n; i++) {
    let row = 0;
    for (let j = 0; j < 3000; j++) { row += i ^ j; if (j % 1000 === 999) s += row % 7; }
    rows.push(row);
  }
  return [s, rows.length, rows[n - 1]];
}
console.log(grid(2), grid(12));
let total = 0;
for (let i = 0; i < 100; i++) for (let j = 0; j < 100; j++) for (let k = 0; k < 5; k++) total += i * j - k;
console.log(total);
outer: for (let i = 0; i < 300; i++) { for (let j = 0; j < 300; j++) { if ((i * j) % 1009 === 1008) continue outer; if (i * j > 80000) break outer; total++; } }
console.log(total);
let w = 0, x = 100000;
while (x > 0) { do { x -= 3; w++; } while (x % 5 !== 0); x--; }
console.log(w, x);
