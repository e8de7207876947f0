'use strict';
// for-of over a string's characters via split, and index loops.
const s = 'petrel';
let out = [];
for (let i = 0; i < s.length; i++) out.push(s[i] + i);
console.log(out.join(' '));
const chars = s.split('');
for (const c of chars) out.push(c);
console.log(out.length, out.indexOf('l'));
let pal = 0;
for (let i = 0; i < 2000; i++) { const t = String(i); if (t === t.split('').reverse().join('')) pal++; }
console.log(pal);
