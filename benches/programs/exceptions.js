'use strict';
// Errors as a way out: thrown through three frames, caught, translated, with finally blocks on the way.
const bench = require('./lib/harness').bench;

class ParseError extends Error {
  constructor(message, position) {
    super(message);
    this.position = position;
  }
}

function digit(text, at) {
  const code = text.charCodeAt(at) - 48;
  if (!(code >= 0 && code <= 9)) throw new ParseError('not a digit', at);
  return code;
}

function number(text, state) {
  let value = 0;
  state.depth++;
  try {
    for (let i = 0; i < text.length; i++) value = value * 10 + digit(text, i);
    return value;
  } finally {
    state.depth--;
  }
}

function tolerant(text, state) {
  try {
    return number(text, state);
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    state.errors++;
    return error.position;
  }
}

const INPUT = [];
for (let i = 0; i < 1000; i++) INPUT.push(i % 10 === 3 ? '12x' + i : String(i * 37));

function search(tree, wanted) {
  if (tree > 4000) return;
  if (tree === wanted) throw tree;
  search(tree * 2, wanted);
  search(tree * 2 + 1, wanted);
}

bench(() => {
  const state = { depth: 0, errors: 0 };
  let sum = 0;
  for (const text of INPUT) sum += tolerant(text, state);
  for (let wanted = 100; wanted < 120; wanted++) {
    try {
      search(1, wanted);
    } catch (found) {
      sum += found;
    }
  }
  return sum * 1000 + state.errors + state.depth;
}, 16641290100);
