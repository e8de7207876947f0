'use strict';
// The largest singular value of an infinite matrix: nested loops over doubles, one small function called in the innermost.
const bench = require('./lib/harness').bench;

function entry(i, j) {
  return 1 / (((i + j) * (i + j + 1)) / 2 + i + 1);
}

function multiply(v, out) {
  const n = v.length;
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += entry(i, j) * v[j];
    out[i] = sum;
  }
}

function multiplyTransposed(v, out) {
  const n = v.length;
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += entry(j, i) * v[j];
    out[i] = sum;
  }
}

function norm(n) {
  const u = [];
  const v = [];
  const scratch = [];
  for (let i = 0; i < n; i++) {
    u.push(1);
    v.push(0);
    scratch.push(0);
  }
  for (let i = 0; i < 10; i++) {
    multiply(u, scratch);
    multiplyTransposed(scratch, v);
    multiply(v, scratch);
    multiplyTransposed(scratch, u);
  }
  let uv = 0;
  let vv = 0;
  for (let i = 0; i < n; i++) {
    uv += u[i] * v[i];
    vv += v[i] * v[i];
  }
  return Math.sqrt(uv / vv).toFixed(9);
}

bench(() => norm(100), '1.274219991');
