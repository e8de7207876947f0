'use strict';
// Takeuchi's function over the lengths of linked lists: deep recursion, allocation, pointer chasing.
const bench = require('./lib/harness').bench;

class Link {
  constructor(value, next) {
    this.value = value;
    this.next = next;
  }
  length() {
    return this.next === null ? 1 : 1 + this.next.length();
  }
}

function make(length) {
  return length === 0 ? null : new Link(length, make(length - 1));
}

function isShorter(x, y) {
  let a = x;
  let b = y;
  while (b !== null) {
    if (a === null) return true;
    a = a.next;
    b = b.next;
  }
  return false;
}

function tail(x, y, z) {
  if (!isShorter(y, x)) return z;
  return tail(tail(x.next, y, z), tail(y.next, z, x), tail(z.next, x, y));
}

bench(() => tail(make(15), make(10), make(6)).length(), 10);
