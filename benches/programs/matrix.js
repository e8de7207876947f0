'use strict';
// Dense matrices as arrays of arrays: products and an LU decomposition with pivoting.
const bench = require('./lib/harness').bench;

function random(n, seed) {
  const rows = [];
  let s = seed;
  for (let i = 0; i < n; i++) {
    const row = [];
    for (let j = 0; j < n; j++) {
      s = (s * 1309 + 13849) & 65535;
      row.push(s / 65536 + (i === j ? 1 : 0));
    }
    rows.push(row);
  }
  return rows;
}

function multiply(a, b) {
  const n = a.length;
  const out = [];
  for (let i = 0; i < n; i++) {
    const row = [];
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let k = 0; k < n; k++) sum += a[i][k] * b[k][j];
      row.push(sum);
    }
    out.push(row);
  }
  return out;
}

function determinant(m) {
  const a = m.map((row) => row.slice());
  const n = a.length;
  let det = 1;
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(a[i][k]) > Math.abs(a[pivot][k])) pivot = i;
    if (pivot !== k) {
      const t = a[k];
      a[k] = a[pivot];
      a[pivot] = t;
      det = -det;
    }
    const top = a[k];
    det *= top[k];
    for (let i = k + 1; i < n; i++) {
      const row = a[i];
      const factor = row[k] / top[k];
      for (let j = k; j < n; j++) row[j] -= factor * top[j];
    }
  }
  return det;
}

bench(() => determinant(multiply(random(60, 1), random(60, 2))).toPrecision(9), '-7.51664335e+23');
