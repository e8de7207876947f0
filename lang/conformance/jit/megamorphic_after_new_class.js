'use strict';
// A stable site meets new classes one after another.
function speak(a) { return a.sound().length; }
let s = 0;
const made = [];
for (let k = 0; k < 8; k++) {
  const C = class { sound() { return 'x'.repeat(k + 1); } };
  made.push(new C());
  for (let i = 0; i < 3000; i++) s += speak(made[i % made.length]);
}
console.log(s);
