'use strict';
// A module binding that never changed is treated as a constant, until it changes.
let factor = 3;
let helper = (x) => x + 1;
function work(n) { let s = 0; for (let i = 0; i < n; i++) s += helper(i) * factor; return s; }
console.log(work(20000));
factor = 5;
console.log(work(20000));
helper = (x) => x - 1;
console.log(work(20000));
factor = 0.5;
console.log(work(20000));
helper = String;
factor = 1;
console.log(work(100));
function selfChange(n) { let s = 0; for (let i = 0; i < n; i++) { s += factor; if (i === 15000) factor = 100; } return s; }
console.log(selfChange(20000), factor);
function redefined(x) { return x * 2; }
function callIt(n) { let s = 0; for (let i = 0; i < n; i++) s += redefined(i); return s; }
console.log(callIt(20000));
redefined = function (x) { return x; };
console.log(callIt(20000));
