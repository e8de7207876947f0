'use strict';
// Code that was thrown away for one reason still has activations, and these must be told when an assumption falls.
let max = 60;
let count = 0;
let g = function () { return 'old'; };
function f(b) {
  if (b) f(b - 1);
  else g = { apply(x, y) { count += y[0]; return 'new'; } };
  return g.apply(null, [b]);
}
console.log(f(max), count);

class Shape { area() { return 1; } }
function deep(n, s) {
  let sum = 0;
  if (n > 0) sum += deep(n - 1, s);
  else if (s.change) Shape.prototype.area = () => 100;
  return sum + s.area();
}
const plain = new Shape(), odd = new Shape();
odd.change = true;
for (let i = 0; i < 200; i++) deep(20, plain);
console.log(deep(20, plain), deep(20, odd), deep(20, plain));
