'use strict';
// Escape times over a grid: doubles in local variables, an inner loop whose trip count varies, bits gathered into bytes.
const bench = require('./lib/harness').bench;

function image(size) {
  let checksum = 0;
  let byte = 0;
  let bits = 0;
  for (let y = 0; y < size; y++) {
    const ci = (2 * y) / size - 1;
    for (let x = 0; x < size; x++) {
      const cr = (2 * x) / size - 1.5;
      let zr = 0;
      let zi = 0;
      let zr2 = 0;
      let zi2 = 0;
      let i = 0;
      while (i < 50 && zr2 + zi2 <= 4) {
        zi = 2 * zr * zi + ci;
        zr = zr2 - zi2 + cr;
        zr2 = zr * zr;
        zi2 = zi * zi;
        i++;
      }
      byte = (byte << 1) | (i < 50 ? 0 : 1);
      if (++bits === 8 || x === size - 1) {
        byte <<= 8 - bits;
        checksum = (checksum * 31 + byte) | 0;
        byte = 0;
        bits = 0;
      }
    }
  }
  return checksum;
}

bench(() => image(200), 92861490);
