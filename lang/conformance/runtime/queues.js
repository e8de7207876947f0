'use strict';
// Arrays as queues: short and very long ones, of every kind of element, and what else happens to them meanwhile.
function drain(a) {
  let n = 0, sum = 0;
  while (a.length > 0) { const v = a.shift(); sum += typeof v === 'object' ? v.v : v; n++; }
  return n + ':' + sum;
}
for (const n of [1, 2, 3, 10, 1999, 2500]) {
  const ints = [], doubles = [], objects = [];
  for (let i = 0; i < n; i++) { ints.push(i); doubles.push(i + 0.5); objects.push({ v: i }); }
  console.log(n, drain(ints), drain(doubles), drain(objects), ints.length, ints[0]);
}

// In and out at the same pace; every element is a fresh object.
const q = [];
for (let i = 0; i < 2500; i++) q.push({ id: i, next: null });
let check = 0;
for (let i = 0; i < 6000; i++) {
  const first = q.shift();
  check = (check * 31 + first.id) | 0;
  q.push({ id: i ^ first.id, next: i % 100 === 0 ? first : null });
  if (i % 997 === 0) console.log(i, q.length, q[0].id, q[q.length - 1].id, q.indexOf(first));
}
console.log(check);

// Shifted arrays are arrays like any other.
const a = [];
for (let i = 0; i < 3500; i++) a.push(i);
for (let i = 0; i < 1000; i++) a.shift();
console.log(a[0], a[2499], a[2500], a.length, a.slice(0, 3).join(), a.concat([1]).length, a.indexOf(1500));
a.unshift(-1);
a[a.length] = 'x';
a[a.length + 5] = 1.5;
console.log(a[0], a.length, a[2501], a[2504], 2503 in a, a.shift(), a.shift(), a.length);
a.length = 10;
a.push(7);
console.log(a.join());
a.sort((x, y) => y - x);
a.reverse();
console.log(a.shift(), a.splice(2, 3).join(), a.map(x => x + 1).join());

// Shifting what is being iterated.
const walked = [];
const w = [];
for (let i = 0; i < 3000; i++) w.push(i);
for (const v of w) { if (v % 2 === 0) w.shift(); if (v % 500 === 0) walked.push(v); }
console.log(walked.join(), w.length);
w.forEach((v, i) => { if (i < 3) w.shift(); });
console.log(w.length, w[0]);

// Breadth first over a graph.
const size = 4000;
const seen = new Array(size).fill(false);
const frontier = [0];
seen[0] = true;
let visited = 0;
while (frontier.length) {
  const n = frontier.shift();
  visited++;
  for (const m of [(n * 2 + 1) % size, (n * 3 + 2) % size, (n + 7) % size]) if (!seen[m]) { seen[m] = true; frontier.push(m); }
}
console.log(visited);
