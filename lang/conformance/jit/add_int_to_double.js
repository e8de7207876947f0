'use strict';
// A hot int sum meets a double halfway.
function add(a, b) { return a + b; }
let s = 0;
for (let i = 0; i < 20000; i++) s = add(s, i);
console.log(s);
for (let i = 0; i < 20000; i++) s = add(s, 0.5);
console.log(s);
for (let i = 0; i < 100; i++) s = add(s, i);
console.log(s);
