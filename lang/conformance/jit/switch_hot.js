'use strict';
// Hot switch over ints, strings and changing types.
function op(code, v) { switch (code) { case 0: return v + 1; case 1: return v - 2; case 2: return v ^ 3; case 3: case 4: v += 5; default: return v & 1023; case 'str': return v + 7; } }
let v = 0;
for (let i = 0; i < 20000; i++) v = op(i % 6, v);
console.log(v);
for (let i = 0; i < 20000; i++) v = op(i % 2 ? 'str' : i % 6, v);
console.log(v, op(1.0, 5), op('1', 5), op(null, 5), op(-0, 5));
function name(s) { switch (s) { case 'alpha': return 1; case 'be' + 'ta': return 2; case 'gamma': return 3; } return 0; }
const words = ['alpha', 'beta', 'gamma', 'delta'];
let n = 0;
for (let i = 0; i < 20000; i++) n += name(words[i % 4]) * name('al' + 'pha');
console.log(n);
