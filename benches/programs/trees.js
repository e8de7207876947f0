'use strict';
// Allocation: binary trees, made, walked and dropped.
const bench = require('./lib/harness').bench;

class Node {
  constructor(left, right) {
    this.left = left;
    this.right = right;
  }
}

function build(depth) {
  return depth === 0 ? new Node(null, null) : new Node(build(depth - 1), build(depth - 1));
}

function count(node) {
  return node.left === null ? 1 : 1 + count(node.left) + count(node.right);
}

function run() {
  const long = build(14);
  let total = 0;
  for (let depth = 4; depth <= 14; depth += 2) {
    const times = 1 << (14 - depth);
    for (let i = 0; i < times; i++) total += count(build(depth));
  }
  return total + count(long);
}

bench(run, 228010);
