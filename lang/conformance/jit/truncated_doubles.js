'use strict';
// ToInt32 of doubles of every size: below and above 2^31, 2^53 and 2^63, fractions, and what is no number.

const edges = [0, -0, 0.5, -0.5, 0.9999999999999999, -1.5, 2147483647, 2147483647.5, 2147483648, -2147483648, -2147483648.9,
    -2147483649, 4294967295, 4294967296, 4294967297.7, -4294967297.7, 2 ** 51 - 0.5, 2 ** 51 + 1, 2 ** 52 + 3, 2 ** 53 - 1, 2 ** 53,
    -(2 ** 53) + 7, 2 ** 60 + 2 ** 20, 2 ** 62 + 2 ** 12, 2 ** 63 - 1024, 2 ** 63, 2 ** 63 + 2048, -(2 ** 63), -(2 ** 63) - 2048, 2 ** 64,
    -(2 ** 64) - 4096, 3 * 2 ** 63, 2 ** 80 + 2 ** 30, -(2 ** 80) - 2 ** 30, 2 ** 83 + 2 ** 31, 2 ** 84, -(2 ** 83), 1e300, -1e300,
    Number.MAX_VALUE, Number.MIN_VALUE, 9.176e18, -9.176e18, Infinity, -Infinity, NaN];

const low = x => x | 0;
const sum = (a, b) => (a + b) | 0;
const shifted = (x, n) => x * 3 >>> n;
const not = x => ~(x / 2);

function all(list) {
    const out = [];
    for (const x of list) out.push(low(x), sum(x, 1), shifted(x, 1), not(x));
    return out.join(' ');
}
const first = all(edges);
console.log(first);
for (let i = 0; i < 300; i++) if (all(edges) !== first) throw new Error('round ' + i);

// By arithmetic, so that the double never was a tagged value.
function powers(base, rounds) {
    let x = 1, h = 0;
    for (let i = 0; i < rounds; i++) {
        x = x * base;
        h = (h * 31 + (x | 0)) | 0;
        if (x > 1e30 || x < -1e30) x = x % 1000003 + 0.25;
    }
    return h;
}
for (const base of [1.5, -3, 7.25, 65537, -1048577.5]) console.log(base, powers(base, 5000));

// Doubles live across a conversion keep their values.
function across(a, rounds) {
    let s = 0, x = 0.1, y = 0.2, z = 0.3;
    for (let i = 0; i < rounds; i++) {
        const k = (a[i % a.length] * x) | 0;
        s = (s + k) | 0;
        x += 0.125;
        y = y * 0.5 + x;
        z -= y;
    }
    return [s, x, y, z].join(' ');
}
console.log(across(edges, 10000));
