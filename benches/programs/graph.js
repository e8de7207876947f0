'use strict';
// Shortest paths with a binary heap, then strongly connected components by recursion: objects that point at each other.
const bench = require('./lib/harness').bench;

class Node {
  constructor(id) {
    this.id = id;
    this.edges = [];
    this.distance = Infinity;
    this.index = -1;
    this.low = -1;
    this.onStack = false;
  }
}

class Edge {
  constructor(target, weight) {
    this.target = target;
    this.weight = weight;
  }
}

class Heap {
  constructor() {
    this.items = [];
  }
  push(key, node) {
    const items = this.items;
    let at = items.length;
    const item = { key, node };
    items.push(item);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (items[parent].key <= key) break;
      items[at] = items[parent];
      at = parent;
    }
    items[at] = item;
  }
  pop() {
    const items = this.items;
    const top = items[0];
    const last = items.pop();
    const n = items.length;
    if (n === 0) return top;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= n) break;
      if (child + 1 < n && items[child + 1].key < items[child].key) child++;
      if (items[child].key >= last.key) break;
      items[at] = items[child];
      at = child;
    }
    items[at] = last;
    return top;
  }
}

function build(n) {
  const nodes = [];
  for (let i = 0; i < n; i++) nodes.push(new Node(i));
  let seed = 7;
  for (const node of nodes) {
    for (let j = 0; j < 4; j++) {
      seed = (seed * 1309 + 13849) & 65535;
      node.edges.push(new Edge(nodes[seed % n], 1 + (seed % 17)));
    }
  }
  return nodes;
}

function shortest(nodes) {
  const heap = new Heap();
  nodes[0].distance = 0;
  heap.push(0, nodes[0]);
  while (heap.items.length > 0) {
    const { key, node } = heap.pop();
    if (key > node.distance) continue;
    for (const edge of node.edges) {
      const distance = key + edge.weight;
      if (distance < edge.target.distance) {
        edge.target.distance = distance;
        heap.push(distance, edge.target);
      }
    }
  }
  let sum = 0;
  for (const node of nodes) if (node.distance < Infinity) sum += node.distance;
  return sum;
}

function components(nodes) {
  let next = 0;
  let count = 0;
  const stack = [];
  const visit = (node) => {
    node.index = node.low = next++;
    stack.push(node);
    node.onStack = true;
    for (const { target } of node.edges) {
      if (target.index < 0) {
        visit(target);
        node.low = Math.min(node.low, target.low);
      } else if (target.onStack) {
        node.low = Math.min(node.low, target.index);
      }
    }
    if (node.low === node.index) {
      count++;
      let member;
      do {
        member = stack.pop();
        member.onStack = false;
      } while (member !== node);
    }
  };
  for (const node of nodes) if (node.index < 0) visit(node);
  return count;
}

bench(() => {
  const nodes = build(1500);
  return shortest(nodes) * 1000 + components(nodes);
}, 58904022);
