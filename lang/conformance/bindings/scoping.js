'use strict';
// Block scope, shadowing, var hoisting.
let x = 'outer';
{
  let x = 'inner';
  console.log(x);
  { const x = 'innermost'; console.log(x); }
}
console.log(x);
function hoisted() {
  console.log(v, typeof later);
  var v = 1;
  if (true) { var v = 2; }
  for (var i = 0; i < 3; i++) { var inside = i; }
  console.log(v, i, inside, later());
  function later() { return 'called before definition'; }
}
hoisted();
console.log(typeof declaredBelow, declaredBelow());
function declaredBelow() { return 'function declarations hoist'; }
var twice = 1;
var twice;
console.log(twice);
const a = 1, b = a + 1, c = a + b;
let d;
console.log(a, b, c, d);
switch (1) { case 1: { let x = 'case'; console.log(x); } }
{
  function blockFn() { return 'block function'; }
  console.log(blockFn());
}
console.log(typeof blockFn);
