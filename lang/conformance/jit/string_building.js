'use strict';
// Strings built and scanned in hot loops.
let s = '';
for (let i = 0; i < 20000; i++) s += String.fromCharCode(97 + i % 26);
console.log(s.length, s.slice(-5));
let h = 0;
for (let i = 0; i < s.length; i++) h = (h * 31 + s.charCodeAt(i)) | 0;
console.log(h);
let vowels = 0;
for (let i = 0; i < s.length; i++) if (s[i] === 'a' || s[i] === 'e' || s[i] === 'i') vowels++;
console.log(vowels);
const counts = {};
for (let i = 0; i < 20000; i++) { const w = 'w' + i % 13; counts[w] = (counts[w] || 0) + 1; }
console.log(Object.keys(counts).length, counts.w0);
function at(str, i) { return str[i]; }
let u = 0;
for (let i = 0; i < 20000; i++) if (at('abc', i % 5) === undefined) u++;
console.log(u, at('日本', 1), at([9], 0));
let t = '';
for (let i = 0; i < 3000; i++) { t = t + i; if (t.length > 200) t = t.slice(100); }
console.log(t);
let cmp = 0;
for (let i = 0; i < 20000; i++) if ('k' + i < 'k5') cmp++;
console.log(cmp);
