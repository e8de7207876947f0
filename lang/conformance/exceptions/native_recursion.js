'use strict';
// Natives that call each other through the program's objects, without a function of the program in between.
function ends(what, f) {
  try {
    f();
    console.log(what, 'ended');
  } catch (e) {
    console.log(what, e instanceof RangeError, e.message);
  }
}

ends('an error that is its own name', () => {
  const e = new Error();
  e.name = e;
  return '' + e;
});

ends('an array whose toString sorts', () => {
  const a = [];
  a.push(a, a);
  a.toString = a.sort;
  return a.toString();
});

ends('toString that is toJSON', () => '' + { toString: Date.prototype.toJSON });

ends('an array whose join is toString', () => {
  const a = [1];
  a.join = a.toString;
  return '' + a;
});

ends('bound functions of bound functions', () => {
  let f = function () { return 1; };
  for (let i = 0; i < 100; i++) f = f.bind(null);
  return f();
});
