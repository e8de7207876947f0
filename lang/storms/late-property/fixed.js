'use strict';
// An in-memory cache with scores for eviction. From iteration 60 of 400 on, some entries get pinned.
// The constructor gives every entry the property from the start, so there is one shape only.
//
//   node fixed.js [ITERATIONS]
const iterations = Number(process.argv[2] || 400);
const pinsAt = iterations * 3 / 20;

class Entry {
  constructor(key, size) {
    this.key = key;
    this.size = size;
    this.uses = 0; this.pinned = false;
  }
}

function score(entry) {
  return entry.uses * 16 - entry.size;
}

function coldest(entries) {
  let low = 1e9;
  for (let i = 0; i < entries.length; i++) {
    const s = score(entries[i]);
    if (s < low) low = s;
  }
  return low;
}

const entries = [];
for (let i = 0; i < 10000; i++) entries.push(new Entry('k' + i, 100 + (i * 13) % 400));

let sum = 0;
for (let n = 0; n < iterations; n++) {
  performance.mark('iteration');
  if (n >= pinsAt) entries[(n * 197) % 10000].pinned = true;
  entries[(n * 31) % 10000].uses += 1;
  sum = (sum + coldest(entries) + 1000) % 1000003;
}
console.log('coldest scores', sum, 'after', iterations, 'iterations');
