'use strict';
// A float kernel whose input turns into ints, then strings.
function horner(c, x) { let r = 0; for (let i = c.length - 1; i >= 0; i--) r = r * x + c[i]; return r; }
let s = 0;
for (let i = 0; i < 5000; i++) s += horner([0.5, 1.5, -2.25, 3], i / 1000);
console.log(s);
for (let i = 0; i < 5000; i++) s += horner([1, 2, 3], i % 5);
console.log(s, horner(['1', 2], 3), horner([1, , 3], 2), horner([], 5), horner([null, true], 2));
function mandel(w, h, max) { let total = 0; for (let y = 0; y < h; y++) for (let x = 0; x < w; x++) { const cr = x / w * 3 - 2, ci = y / h * 2 - 1; let zr = 0, zi = 0, n = 0; while (zr * zr + zi * zi < 4 && n < max) { const t = zr * zr - zi * zi + cr; zi = 2 * zr * zi + ci; zr = t; n++; } total += n; } return total; }
console.log(mandel(30, 20, 50));
