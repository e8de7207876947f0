'use strict';
// Moving bodies hashed into cells of a grid, pairs tested within a cell; cells kept in a balanced tree.
const bench = require('./lib/harness').bench;

class TreeNode {
  constructor(key, value) {
    this.key = key;
    this.value = value;
    this.left = null;
    this.right = null;
    this.priority = (key * 7919 + 104729) & 65535;
  }
}

// A treap: a search tree by key, a heap by priority.
class Treap {
  constructor() {
    this.root = null;
    this.size = 0;
  }
  get(key) {
    let node = this.root;
    while (node !== null) {
      if (key === node.key) return node.value;
      node = key < node.key ? node.left : node.right;
    }
    return null;
  }
  put(key, value) {
    this.root = this.insert(this.root, key, value);
  }
  insert(node, key, value) {
    if (node === null) {
      this.size++;
      return new TreeNode(key, value);
    }
    if (key === node.key) {
      node.value = value;
      return node;
    }
    if (key < node.key) {
      const left = (node.left = this.insert(node.left, key, value));
      if (left.priority > node.priority) {
        node.left = left.right;
        left.right = node;
        return left;
      }
    } else {
      const right = (node.right = this.insert(node.right, key, value));
      if (right.priority > node.priority) {
        node.right = right.left;
        right.left = node;
        return right;
      }
    }
    return node;
  }
  forEach(visit) {
    const walk = (node) => {
      if (node === null) return;
      walk(node.left);
      visit(node.key, node.value);
      walk(node.right);
    };
    walk(this.root);
  }
}

class Body {
  constructor(id, x, y, vx, vy) {
    this.id = id;
    this.x = x;
    this.y = y;
    this.vx = vx;
    this.vy = vy;
  }
  move(dt) {
    this.x += this.vx * dt;
    this.y += this.vy * dt;
    if (this.x < 0 || this.x > 100) this.vx = -this.vx;
    if (this.y < 0 || this.y > 100) this.vy = -this.vy;
  }
  near(other) {
    const dx = this.x - other.x;
    const dy = this.y - other.y;
    return dx * dx + dy * dy < 1;
  }
}

function simulate(count, frames) {
  const bodies = [];
  let seed = 11;
  const next = () => (seed = (seed * 1309 + 13849) & 65535) / 65536;
  for (let i = 0; i < count; i++) bodies.push(new Body(i, next() * 100, next() * 100, next() * 10 - 5, next() * 10 - 5));
  let hits = 0;
  for (let frame = 0; frame < frames; frame++) {
    const cells = new Treap();
    for (const body of bodies) {
      body.move(0.1);
      const key = Math.floor(body.x / 5) * 32 + Math.floor(body.y / 5);
      const cell = cells.get(key);
      if (cell === null) cells.put(key, [body]);
      else cell.push(body);
    }
    cells.forEach((key, cell) => {
      for (let i = 0; i < cell.length; i++) {
        for (let j = i + 1; j < cell.length; j++) if (cell[i].near(cell[j])) hits += 1 + (key & 1);
      }
    });
  }
  return hits;
}

bench(() => simulate(300, 20), 299);
