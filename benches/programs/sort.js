'use strict';
// Quicksort written by hand, and the builtin with a comparator.
const bench = require('./lib/harness').bench;

function numbers(n) {
  const list = [];
  let seed = 42;
  for (let i = 0; i < n; i++) {
    seed = (seed * 16807) % 2147483647;
    list.push(seed % 100000);
  }
  return list;
}

function quicksort(a, lo, hi) {
  while (lo < hi) {
    const pivot = a[(lo + hi) >> 1];
    let i = lo;
    let j = hi;
    while (i <= j) {
      while (a[i] < pivot) i++;
      while (a[j] > pivot) j--;
      if (i <= j) {
        const t = a[i];
        a[i] = a[j];
        a[j] = t;
        i++;
        j--;
      }
    }
    if (j - lo < hi - i) {
      quicksort(a, lo, j);
      lo = i;
    } else {
      quicksort(a, i, hi);
      hi = j;
    }
  }
}

function run() {
  const a = numbers(50000);
  quicksort(a, 0, a.length - 1);
  const b = numbers(20000).sort((x, y) => x - y);
  let check = 0;
  for (let i = 0; i < a.length; i += 100) check = (check * 31 + a[i]) | 0;
  for (let i = 0; i < b.length; i += 100) check = (check * 31 + b[i]) | 0;
  return check;
}

bench(run, -1156481793);
