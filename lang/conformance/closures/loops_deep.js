'use strict';
// Closures created in nested loops and try blocks keep their own scopes.
const fs = [];
for (let i = 0; i < 3; i++) {
  for (let j = 0; j < 3; j++) {
    const k = i * 3 + j;
    try {
      let inner = k;
      if (k % 2) throw inner;
      fs.push(() => 'even ' + inner + ' ' + i + j);
    } catch (e) {
      fs.push(() => 'odd ' + e + ' ' + i + j);
      e = e + 100;
    }
  }
}
console.log(fs.map((f) => f()).join('\n'));
