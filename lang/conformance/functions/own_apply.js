// Sloppy code that hands its `arguments` to a method named as a function's own: what that stores is seen in the parameters.
function store(x, list) {
  list[0] = 88;
}
function sum(x, y, target) {
  var total = 0;
  for (var i = 0; i < 50; i++) {
    total += x + y;
    if (i > 10) target.apply(null, arguments);
  }
  return total;
}
var own = { apply: store };
console.log(sum(3, 5, own), sum(3, 5, own), sum(3, 5, function () {}));

function strictSum(x, y, target) {
  'use strict';
  var total = 0;
  for (var i = 0; i < 50; i++) {
    total += x + y;
    if (i > 10) target.apply(null, arguments);
  }
  return total;
}
console.log(strictSum(3, 5, own), strictSum(3, 5, own));

class Caller {
  call(list) {
    list[1] = 'stored';
  }
}
function forward(a, b, slice) {
  slice.call(arguments);
  return [a, b];
}
console.log(forward(1, 2, new Caller()), forward(1, 2, Array.prototype.slice));
