'use strict';
// A service that is restarted: one request is tried, then traffic comes and meets cold code. Everything is compiled within a
// second or two, but until then the slowest requests take many times as long.
//
//   node broken.js [ITERATIONS]
const iterations = Number(process.argv[2] || 200);

function parse(i) {
  let sum = 0;
  for (let k = 0; k < 40; k++) sum = (sum * 31 + (i ^ k)) % 65521;
  return sum;
}

function validate(value) {
  let bits = 0;
  for (let v = value; v > 0; v >>= 1) bits += v & 1;
  return bits;
}

function render(value, bits) {
  let sum = value;
  for (let k = 0; k < 30; k++) sum = (sum + bits * k) % 65521;
  return sum;
}

function request(n) {
  let sum = 0;
  for (let i = 0; i < 20; i++) {
    const value = parse(n * 20 + i);
    sum = (sum + render(value, validate(value))) % 65521;
  }
  return sum;
}

function rehearse(times) {
  for (let n = 0; n < times; n++) request(n);
}

rehearse(1);
let total = 0;
for (let n = 0; n < iterations; n++) {
  performance.mark('iteration');
  total = (total + request(n)) % 1000003;
}
console.log('answered', total, 'after', iterations, 'iterations');
