'use strict';
// One long loop at module level whose variables change type.
let v = 0;
let kind = '';
for (let i = 0; i < 60000; i++) {
  if (i === 20000) v = v + 0.5;
  if (i === 40000) v = 'n' + v;
  if (typeof v === 'number') v += 1;
  else if (v.length < 40) v += i % 10;
}
console.log(v);
function inner() {
  let a = 1, b = 2;
  for (let i = 0; i < 40000; i++) { const t = a; a = b; b = t; if (i === 30000) a = { valueOf() { return 10; } }; }
  return [typeof a, typeof b, a + b];
}
console.log(inner());
