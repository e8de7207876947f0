'use strict';
// What a stack trace shows of a frame whose loop optimized code has taken over and left again: one line, at the place where it
// stands, whoever runs it now; and of functions inlined into it, one line each.
function lines() {
  const own = new Error('x').stack.split('\n').filter((line) => line.includes('traces_of_left_loops'));
  const place = (line) => line.trim().replace(/^at /, '').replace(/\(?[^(]*traces_of_left_loops\.js:/, '').replace(')', '');
  return own.slice(1).map(place).join(' < ');
}

// A branch that has never been taken leaves the loop's code in the middle of an iteration.
function work(n, at) {
  let sum = 0;
  let seen = '';
  for (let i = 0; i < n; i++) {
    sum = (sum * 31 + i) % 65521;
    if (i === at) seen = lines();
  }
  return seen + ' ' + sum;
}
const outer = (n, at) => work(n, at);
for (const n of [60000, 60000, 2000, 60000]) console.log(outer(n, n - 1));

// The same in a function that is inlined into the loop.
function visit(i, at) {
  return i === at ? lines() : '';
}
function loop(n, at) {
  let seen = '';
  for (let i = 0; i < n; i++) seen += visit(i, at);
  return seen;
}
for (const n of [60000, 60000, 2000]) console.log(loop(n, n - 1));

// An exception, from there.
function check(i, at) {
  if (i === at) throw new Error(lines());
  return 1;
}
function count(n, at) {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += check(i, at);
  return sum;
}
for (const n of [60000, 2000]) {
  try {
    count(n, n - 1);
  } catch (error) {
    console.log(error.message);
  }
}

// In callbacks inlined into each other.
let said = '';
function run(xs, odd) {
  const lists = xs.map((y) => xs.map((x) =>
    (odd && x === 7 && y === 3 ? (said = lines()) : x + y)));
  return lists.length;
}
const xs = [1, 2, 3, 4, 5, 6, 7, 8];
let total = 0;
for (let i = 0; i < 3000; i++) total += run(xs, false);
for (let i = 0; i < 4; i++) {
  run(xs, true);
  console.log(said);
}
console.log(total);
