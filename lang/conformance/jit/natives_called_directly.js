'use strict';
// Built-ins that compiled code calls without a detour: what they throw, and what it knows after them.
function attempt(f) {
  try {
    return f();
  } catch (e) {
    return e.name + ': ' + e.message;
  }
}
const o = { x: 1, s: 'ab' };
function mixed(map, key, n) {
  const before = o.x;
  const found = map.get(key);
  const text = o.s.repeat(n) + o.s.slice(1, n).padStart(4, '.') + String(n) + Number('0x1' + n);
  map.set(key, (found || 0) + before);
  return text + map.has(key) + map.get(key) + o.x + Math.sign(n) + Math.clz32(n) + Math.fround(n + 0.1);
}
const map = new Map();
let last = '';
for (let i = 0; i < 3000; i++) last = mixed(map, i % 17, i % 5);
console.log(last, map.size, map.get(3));
console.log(attempt(() => mixed(map, 'k', -1)));
console.log(attempt(() => mixed(new Set(), 'k', 2)));
console.log(attempt(() => mixed({ get: () => 7, set() {}, has: () => 'has' }, 'k', 2)));

const throwing = {
  valueOf() {
    o.x += 100;
    return 2;
  },
  toString() {
    o.s += '!';
    return 'z';
  },
};
function coerced(s, v) {
  const x = o.x;
  const r = s.repeat(v) + s.indexOf(v) + Math.max(v, 1) + parseInt(v);
  return [r, x, o.x, o.s];
}
for (let i = 0; i < 2000; i++) coerced('abc', i % 3);
console.log(coerced('abc', throwing), coerced('abz', throwing), o);
console.log(attempt(() => coerced('abc', Symbol.iterator)), attempt(() => coerced('abc', 1e9)));

function sets(set, v) {
  return set.add(v) === set && set.has(v) && set.size;
}
const set = new Set();
for (let i = 0; i < 2000; i++) sets(set, i % 3 ? i % 50 : 'k' + (i % 7));
console.log(sets(set, NaN), sets(set, NaN), sets(set, -0), set.has(0), [...set].length);
console.log(attempt(() => sets(new Map(), 1)), attempt(() => sets(undefined, 1)));
function deep(n) {
  return n === 0 ? 'x'.repeat(-1) : deep(n - 1);
}
function trace() {
  try {
    return deep(2);
  } catch (e) {
    return e.stack.split('\n').filter(l => !l.includes('<anonymous>')).slice(0, 4).map(l => l.trim().replace(/\(.*[\\/]/, '(')).join(' | ');
  }
}
for (let i = 0; i < 400; i++) last = trace();
console.log(last);
