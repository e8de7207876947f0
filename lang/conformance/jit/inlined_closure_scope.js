'use strict';
// An inlined closure whose scope is known when it is compiled: the scopes made inside it have that one as their parent,
// which closures that outlive the call still read.

function f(p) {
  let s = 0;
  const make = (n) => ({ go() { let i = 0; return { next() { return p + n + i++; } }; } });
  const again = [];
  for (let i = 0; i < 40; i++) {
    const o = make(i);
    again.push(o);
    if (i > 20) s += again[i - 20].go().next();
  }
  return s;
}
for (let p = 0; p < 30; p++) console.log(f(p));

const iterate = (p) => {
  const it = (n) => ({ [Symbol.iterator]() { let i = 0; return { next() { return { done: i > n + (p & 1), value: i++ }; } }; } });
  let s = 0;
  for (let i = 0; i < 6; i++) for (const v of it(i)) s += v;
  return s;
};
for (let p = 0; p < 30; p++) console.log(iterate(p));
