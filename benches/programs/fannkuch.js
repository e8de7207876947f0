'use strict';
// Pancake flips of every permutation: small integer arrays, reversals, a counting loop that is hard to predict.
const bench = require('./lib/harness').bench;

function flips(n) {
  const perm = [];
  const work = [];
  const count = [];
  for (let i = 0; i < n; i++) {
    perm.push(i);
    work.push(0);
    count.push(0);
  }
  let most = 0;
  let checksum = 0;
  let turn = 0;
  let r = n;
  for (;;) {
    while (r !== 1) {
      count[r - 1] = r;
      r--;
    }
    for (let i = 0; i < n; i++) work[i] = perm[i];
    let here = 0;
    let first = work[0];
    while (first !== 0) {
      for (let low = 0, high = first; low < high; low++, high--) {
        const t = work[low];
        work[low] = work[high];
        work[high] = t;
      }
      here++;
      first = work[0];
    }
    if (here > most) most = here;
    checksum += turn % 2 === 0 ? here : -here;
    for (;;) {
      if (r === n) return checksum * 1000 + most;
      const rotated = perm[0];
      for (let i = 0; i < r; i++) perm[i] = perm[i + 1];
      perm[r] = rotated;
      count[r]--;
      if (count[r] > 0) break;
      r++;
    }
    turn++;
  }
}

bench(() => flips(8), 1616022);
