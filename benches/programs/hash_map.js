'use strict';
// A hash map written in the language (chains in buckets, rehashing), beside the built-in Map with the same keys.
const bench = require('./lib/harness').bench;

class Entry {
  constructor(hash, key, value, next) {
    this.hash = hash;
    this.key = key;
    this.value = value;
    this.next = next;
  }
}

function hashOf(text) {
  let h = 5381;
  for (let i = 0; i < text.length; i++) h = ((h << 5) + h + text.charCodeAt(i)) | 0;
  return h;
}

class HashMap {
  constructor() {
    this.buckets = new Array(16).fill(null);
    this.size = 0;
  }
  find(hash, key) {
    let entry = this.buckets[hash & (this.buckets.length - 1)];
    while (entry !== null && !(entry.hash === hash && entry.key === key)) entry = entry.next;
    return entry;
  }
  get(key) {
    const entry = this.find(hashOf(key), key);
    return entry === null ? undefined : entry.value;
  }
  set(key, value) {
    const hash = hashOf(key);
    const found = this.find(hash, key);
    if (found !== null) {
      found.value = value;
      return;
    }
    const at = hash & (this.buckets.length - 1);
    this.buckets[at] = new Entry(hash, key, value, this.buckets[at]);
    if (++this.size > this.buckets.length) this.grow();
  }
  grow() {
    const old = this.buckets;
    const buckets = new Array(old.length * 2).fill(null);
    for (let entry of old) {
      while (entry !== null) {
        const next = entry.next;
        const at = entry.hash & (buckets.length - 1);
        entry.next = buckets[at];
        buckets[at] = entry;
        entry = next;
      }
    }
    this.buckets = buckets;
  }
}

const KEYS = [];
for (let i = 0; i < 2000; i++) KEYS.push('key' + ((i * 7919) % 100003));

function count(map) {
  for (let round = 0; round < 3; round++) {
    for (const key of KEYS) map.set(key, (map.get(key) || 0) + key.length);
  }
  let sum = 0;
  for (const key of KEYS) sum += map.get(key);
  return sum;
}

bench(() => count(new HashMap()) * 10 + count(new Map()), 520608);
