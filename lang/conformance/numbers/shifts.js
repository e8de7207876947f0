'use strict';
// Shift counts are taken modulo 32, operands modulo 2**32.
const values = [0, 1, -1, 31, 32, 33, 255, 2147483647, -2147483648, 4294967295, 4294967296, 1.9, -1.9, NaN, Infinity, 1e20, -1e20];
for (const v of values) {
  console.log(v, v << 1, v << 31, v >> 1, v >> 31, v >>> 0, v >>> 1, v >>> 31);
}
console.log(1 << 32, 1 << 33, 1 << -1, 1 >> 32, -1 >>> 32, 1 << 31, 1 << 30 << 1, -1 >>> 31);
console.log(5 & 3, 5 | 3, 5 ^ 3, ~5, ~-1, ~0, ~2147483647, ~1.5, ~NaN, ~'7', ~null, ~undefined);
console.log(-5 & 255, -5 | 0, 4294967295 | 0, 4294967296.7 | 0, 2147483648 | 0, 1e10 | 0, -1e10 | 0, 1e100 | 0);
console.log('8' >> 1, true << 3, null | 5, undefined | 5, '0x10' | 0, 'x' | 0);
let acc = 1;
for (let i = 0; i < 40; i++) acc = (acc << 1) ^ (acc >>> 27);
console.log(acc);
let u = -1;
u >>>= 0;
console.log(u, u + 1, u * 2);
