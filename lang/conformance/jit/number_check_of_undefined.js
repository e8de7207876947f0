'use strict';
// A number is wanted of what is always undefined: what stands behind the check is never reached, and is of no type.

let index = 1;
const text = 'g';
function f() {
  const { w, p = text } = index;
  void (Math.min(0, w) + '');
  return text[index];
}
for (let i = 0; i < 80; i++) if (f() !== undefined) console.log(i);
index = 0;
console.log(f());
