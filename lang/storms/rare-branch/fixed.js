'use strict';
// A decoder of bytes in a protocol. It is tried out before the service opens, with a stream that has no escapes in it: the
// branch that handles them has never been taken, so it is not compiled. Every real stream has some.
//
//   node fixed.js [ITERATIONS]
const iterations = Number(process.argv[2] || 400);

function decode(byte) {
  if (byte === 27) return 256 - byte;
  return byte * 2;
}

function parse(bytes) {
  let sum = 0;
  for (let i = 0; i < bytes.length; i++) sum += decode(bytes[i]);
  return sum;
}

function stream(escapes) {
  const bytes = [];
  for (let i = 0; i < 10000; i++) bytes.push(escapes && i % 50 === 49 ? 27 : 32 + i % 90);
  return bytes;
}

const trial = stream(true);
const real = stream(true);
let rehearsed = 0;
for (let n = 0; n < iterations * 3 / 20; n++) rehearsed += parse(trial);

let total = 0;
for (let n = 0; n < iterations; n++) {
  performance.mark('iteration');
  total = (total + parse(real)) % 1000003;
}
console.log('parsed', total, 'after', iterations, 'iterations', rehearsed > 0);
