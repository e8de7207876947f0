'use strict';
// A function is hot before the binding it reads is initialized.
function read(doIt) { return doIt ? late : 0; }
let s = 0;
for (let i = 0; i < 20000; i++) s += read(false);
let caught = 0;
for (let i = 0; i < 100; i++) try { read(true); } catch (e) { caught++; }
console.log(s, caught);
let late = 5;
for (let i = 0; i < 20000; i++) s += read(true);
console.log(s);
