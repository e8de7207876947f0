'use strict';
// Rotations: two shifts of one value, whose distances add up to 32, joined by |, ^ or + and by what stands between them.

const rol = (x, n) => x << n | x >>> (32 - n);
const apart = (x, n) => (x << n) ^ (x >>> (32 - n));
const fixed = x => (x << 5) | (x >>> 27);
const right = x => (x >>> 2) | (x << 30);
const sum = x => ((x << 13) + (x >>> 19)) | 0;
const nearly = x => ((x << 5) | (x >>> 26)) ^ ((x << 5) | (x >> 27));
const chain = (x, y) => x >>> 7 ^ x >>> 18 ^ x >>> 3 ^ x << 25 ^ y ^ x << 14;
const twice = x => (x << 8 | x >>> 24) & 0x00ff00ff | (x >>> 8 | x << 24) & 0xff00ff00;
const same = x => (x << 16) ^ (x >>> 16) ^ (x << 16) ^ (x >>> 16);
function shared(x) {
    const part = (x << 9) ^ 77;
    const whole = part ^ (x >>> 23);
    return (whole * 3 + part) | 0;
}

function run(rounds) {
    let h = 0x12345678, t = 0;
    for (let i = 0; i < rounds; i++) {
        h = (fixed(h) ^ right(h + i)) + sum(h) | 0;
        h = h + chain(h, i) | 0;
        h = h ^ nearly(h) ^ twice(h) ^ same(h + 1);
        h = h + rol(h, i & 63) + shared(h) | 0;
        t = t + apart(h, i % 35) | 0;
    }
    return h + ' ' + t;
}
for (const n of [1, 10, 100, 3000, 3000, 20000]) console.log(n, run(n));

// A distance of 0: both halves are the value, and only | gives it back.
for (let i = 0; i < 2000; i++) {
    if (rol(-5, 0) !== -5 || rol(-5, 32) !== -5 || apart(-5, 0) !== 0 || apart(-5, 64) !== 0) throw new Error('distance 0');
}
console.log(rol(0x80000001, 1), apart(0x80000001, 1), rol(1.5, 31), rol(-1, 7), fixed(undefined), right('12'), rol(NaN, -1));
