'use strict';
// Transcendental functions are bit-exact with fdlibm as V8 ports it.
for (let i = -10; i <= 10; i++) {
  const x = i * 0.7;
  console.log(x, Math.sin(x), Math.cos(x), Math.tan(x), Math.exp(x), Math.atan(x));
}
for (let i = 1; i <= 10; i++) console.log(i, Math.log(i), Math.log2(i), Math.log10(i), Math.sqrt(i), Math.cbrt(i), Math.sinh(i / 4), Math.cosh(i / 4), Math.tanh(i / 4));
console.log(Math.pow(1.0000001, 1e7), Math.pow(10, 308), Math.pow(10, -5), Math.sin(1e6), Math.cos(1e10), Math.exp(700), Math.pow(2.5, 3.5));
