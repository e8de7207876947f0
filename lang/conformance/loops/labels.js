'use strict';
// Labelled break and continue through nested loops and blocks.
const log = [];
outer: for (let i = 0; i < 4; i++) {
  for (let j = 0; j < 4; j++) {
    if (j === 2) continue outer;
    if (i === 2) break outer;
    log.push(`${i}${j}`);
  }
}
console.log(log.join(' '));
block: { if (log.length > 2) break block; console.log('unreached'); }
a: b: for (let i = 0; i < 3; i++) { if (i === 1) continue a; if (i === 2) break b; console.log('ab', i); }
let n = 0;
loop: while (true) { switch (n++) { case 0: continue loop; case 3: break loop; default: continue; } }
console.log(n);
found: for (const row of [[1, 2], [3, 4], [5, 6]]) for (const v of row) { if (v === 4) { console.log('found', v); break found; } }
x: do { n--; if (n > 1) continue x; break; } while (true);
console.log(n);
lbl: try { n = 10; break lbl; } finally { console.log('finally on break', n); }
