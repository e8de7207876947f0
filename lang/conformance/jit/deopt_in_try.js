'use strict';
// A type change inside a hot try block: the handler still works afterwards.
function f(v, i) {
  let before = i;
  try {
    before += v.x;
    if (i % 500 === 0) throw new Error('t');
    return before;
  } catch (e) {
    return before * -1;
  }
}
let s = 0;
for (let i = 0; i < 20000; i++) s += f({ x: 1 }, i);
for (let i = 0; i < 2000; i++) s += f({ y: 0, x: 0.5 }, i);
for (let i = 0; i < 2000; i++) s += f(i % 2 ? null : { x: 2 }, i);
console.log(s);
