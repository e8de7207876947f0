'use strict';
// Objects that lose properties: order, enumeration, re-adding, and many of them dying.
function order(o) { return Object.keys(o).join(',') + '|' + Object.values(o).join(',') + '|' + JSON.stringify(o); }

const o = { a: 1, b: 2, c: 3, d: 4 };
delete o.b;
console.log(order(o));
o.b = 5;
o[7] = 'seven';
o[3] = 'three';
console.log(order(o));
delete o[7];
delete o.a;
console.log(order(o), 'a' in o, 7 in o, o.hasOwnProperty('b'));

// Removing most of a big one, from both ends and the middle, and adding again.
const big = {};
for (let i = 0; i < 200; i++) big['k' + i] = i;
for (let i = 0; i < 200; i++) if (i % 3 !== 0) delete big['k' + i];
for (let i = 199; i > 150; i--) delete big['k' + i];
for (let i = 0; i < 40; i++) big['k' + i] = -i;
let text = '';
for (const k in big) text += k + '=' + big[k] + ' ';
console.log(text.length, text.slice(0, 120), Object.keys(big).length);

// Churn: a name comes and goes thousands of times among others.
const churn = { keep: 1 };
for (let i = 0; i < 2000; i++) {
  churn['n' + (i % 37)] = i;
  delete churn['n' + ((i + 18) % 37)];
}
console.log(Object.keys(churn).length, Object.keys(churn).join(' '));

// Thousands of objects in dictionary mode, most of which die.
const alive = [];
for (let i = 0; i < 4000; i++) {
  const p = { x: i, y: i + 1, z: i + 2 };
  delete p.y;
  p.w = i * 2;
  if (i % 100 === 0) alive.push(p);
}
console.log(alive.length, alive.map(p => p.x + p.z + p.w).reduce((a, b) => a + b), alive.every(p => p.y === undefined));

// for-in: what is deleted before its turn is not visited, what is added may not be; prototypes come last.
const parent = { p: 1, q: 2, shared: 3 };
const child = Object.create(parent);
child.one = 1; child.two = 2; child.three = 3; child.shared = 4;
const seen = [];
for (const k in child) {
  seen.push(k);
  if (k === 'one') delete child.two;
  if (k === 'three') delete parent.q;
}
console.log(seen.join(' '));

const gone = { a: 1, b: 2, c: 3 };
const visited = [];
for (const k in gone) {
  visited.push(k);
  if (k === 'a') { delete gone.b; gone.b = 9; }
}
console.log(visited.sort().join(' '));

// Enumerability.
const hidden = {};
Object.defineProperty(hidden, 'secret', { value: 1, enumerable: false });
hidden.open = 2;
const names = [];
for (const k in hidden) names.push(k);
console.log(names.join(), Object.keys(hidden).join(), Object.entries(hidden).join(';'));
Object.prototype.everywhere = 1;
const inherited = [];
for (const k in { own: 1 }) inherited.push(k);
console.log(inherited.join());
delete Object.prototype.everywhere;
for (const k in { own: 1 }) inherited.push(k);
console.log(inherited.join());
