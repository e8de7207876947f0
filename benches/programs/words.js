'use strict';
// Regular text work: split, fold case, count words in an object and a Map, sort by frequency, join.
const bench = require('./lib/harness').bench;

const STEMS = ['storm', 'bird', 'wave', 'sail', 'cloud', 'wind', 'rope', 'mast', 'deck', 'salt', 'foam', 'tide'];
const lines = [];
let seed = 42;
for (let i = 0; i < 200; i++) {
  const words = [];
  for (let j = 0; j < 12; j++) {
    seed = (seed * 1309 + 13849) & 65535;
    const stem = STEMS[seed % STEMS.length];
    words.push(seed % 3 === 0 ? stem.toUpperCase() : seed % 5 === 0 ? stem + 's' : stem);
  }
  lines.push(words.join(' ') + (i % 2 === 0 ? '.' : ','));
}
const TEXT = lines.join('\n');

function isLetter(code) {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
}

function strip(word) {
  let end = word.length;
  while (end > 0 && !isLetter(word.charCodeAt(end - 1))) end--;
  return end === word.length ? word : word.slice(0, end);
}

function report() {
  const counts = {};
  const firsts = new Map();
  TEXT.split('\n').forEach((line, number) => {
    for (const raw of line.split(' ')) {
      const word = strip(raw).toLowerCase();
      counts[word] = (counts[word] || 0) + 1;
      if (!firsts.has(word)) firsts.set(word, number);
    }
  });
  const words = Object.keys(counts).sort((a, b) => counts[b] - counts[a] || (a < b ? -1 : 1));
  const rows = words.map((word) => `${word.padEnd(10)}${String(counts[word]).padStart(5)} ${firsts.get(word)}`);
  return rows.join('\n').length + rows.filter((row) => row.includes('s ')).length;
}

bench(report, 368);
