'use strict';
// -0 must survive every operation that can produce it, and vanish where it should.
function sign(v) { return v === 0 ? (1 / v > 0 ? '+0' : '-0') : String(v); }
const zero = 0;
const neg = -zero;
console.log(sign(neg), sign(zero), neg === zero, Object.is(neg, zero));
console.log(sign(0 * -1), sign(-1 * 0), sign(0 * 1), sign(-5 * 0), sign(0 / -3), sign(-0 + 0), sign(-0 - 0), sign(-0 + -0));
console.log(sign(-4 % 2), sign(4 % -2), sign(-0 % 5), sign(0 % 5), sign(-1 % 1));
console.log(sign(Math.round(-0.4)), sign(Math.ceil(-0.5)), sign(Math.floor(-0)), sign(Math.trunc(-0.9)), sign(Math.sqrt(-0)));
console.log(sign(Math.min(0, -0)), sign(Math.max(0, -0)), sign(Math.max(-0, -0)), sign(Math.abs(-0)));
console.log(sign(-0 | 0), sign(~~-0), sign(-0 >>> 0), sign(-0 << 1));
console.log(-0, [-0], { z: -0 }, String(-0), `${-0}`, '' + -0, (-0).toFixed(2), JSON.stringify(-0), JSON.stringify([-0]));
console.log(sign(+'-0'), sign(Number('-0')), sign(parseFloat('-0')), sign(parseInt('-0')));
let n = -0;
n++;
console.log(n);
let m = 0;
m = -m;
console.log(sign(m), sign(-m), sign(m * m), sign(m ** 3), sign(m ** 2));
let k = 1;
k--;
console.log(sign(k), sign(-k));
