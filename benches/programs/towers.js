'use strict';
// Towers of Hanoi with linked disks: recursion, fields that are null or an object, errors that never happen.
const bench = require('./lib/harness').bench;

class Disk {
  constructor(size) {
    this.size = size;
    this.below = null;
  }
}

class Towers {
  constructor(height) {
    this.piles = [null, null, null];
    this.moves = 0;
    for (let size = height; size > 0; size--) this.push(new Disk(size), 0);
  }
  push(disk, pile) {
    const top = this.piles[pile];
    if (top !== null && disk.size >= top.size) throw new Error('a big disk on a small one');
    disk.below = top;
    this.piles[pile] = disk;
  }
  pop(pile) {
    const top = this.piles[pile];
    if (top === null) throw new Error('an empty pile');
    this.piles[pile] = top.below;
    top.below = null;
    return top;
  }
  move(count, from, to) {
    if (count === 1) {
      this.push(this.pop(from), to);
      this.moves++;
      return;
    }
    const other = 3 - from - to;
    this.move(count - 1, from, other);
    this.move(1, from, to);
    this.move(count - 1, other, to);
  }
}

bench(() => {
  const towers = new Towers(14);
  towers.move(14, 0, 1);
  return towers.moves;
}, 16383);
