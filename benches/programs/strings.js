'use strict';
// Building, scanning and splitting strings; counting words in an object.
const bench = require('./lib/harness').bench;

const words = 'the storm petrel walks on water before the wind and the sea rise'.split(' ');

function run() {
  let text = '';
  for (let i = 0; i < 20000; i++) text += words[(i * 7) % words.length] + ' ';
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (hash * 31 + text.charCodeAt(i)) | 0;
  const counts = {};
  for (const word of text.split(' ')) counts[word] = (counts[word] || 0) + 1;
  let upper = 0;
  for (let i = 0; i < text.length; i++) if (text[i] === 'e' || text[i] === 't') upper++;
  return hash + counts.the + upper + text.slice(100, 200).toUpperCase().length;
}

bench(run, -884713632);
