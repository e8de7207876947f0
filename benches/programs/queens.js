'use strict';
// Eight queens by backtracking: boolean arrays in fields, recursion, early returns.
const bench = require('./lib/harness').bench;

class Board {
  constructor(size) {
    this.size = size;
    this.rows = new Array(size).fill(true);
    this.rising = new Array(2 * size).fill(true);
    this.falling = new Array(2 * size).fill(true);
    this.placed = new Array(size).fill(-1);
    this.solutions = 0;
  }
  isFree(row, column) {
    return this.rows[row] && this.rising[column + row] && this.falling[column - row + this.size - 1];
  }
  mark(row, column, free) {
    this.rows[row] = free;
    this.rising[column + row] = free;
    this.falling[column - row + this.size - 1] = free;
  }
  place(column) {
    if (column === this.size) {
      this.solutions++;
      return;
    }
    for (let row = 0; row < this.size; row++) {
      if (this.isFree(row, column)) {
        this.placed[column] = row;
        this.mark(row, column, false);
        this.place(column + 1);
        this.mark(row, column, true);
      }
    }
  }
}

bench(() => {
  const board = new Board(8);
  board.place(0);
  return board.solutions;
}, 92);
