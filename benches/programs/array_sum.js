'use strict';
// Element loads: integers, doubles, and a running maximum.
const bench = require('./lib/harness').bench;

const ints = [];
const doubles = [];
for (let i = 0; i < 100000; i++) {
  ints.push((i * 7919) % 10007);
  doubles.push(((i * 104729) % 10007) / 8);
}

function sum(list) {
  let s = 0;
  for (let i = 0; i < list.length; i++) s += list[i];
  return s;
}

function longestRise(list) {
  let best = 0;
  let length = 1;
  for (let i = 1; i < list.length; i++) {
    if (list[i] > list[i - 1]) length++;
    else length = 1;
    if (length > best) best = length;
  }
  return best;
}

function run() {
  let total = 0;
  for (let k = 0; k < 10; k++) total += sum(ints) + sum(doubles) + longestRise(ints);
  return total;
}

bench(run, 5628423551.25);
