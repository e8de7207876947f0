'use strict';
// Variables of the top level that are `undefined` until their first assignment count as constants afterwards, until the next.
var settings;
let counter;
var table = [1, 2, 3];
function read() { return settings === undefined ? -1 : settings.step; }
function next() { return counter === undefined ? "none" : counter; }
function sum() { let s = 0; for (let i = 0; i < table.length; i++) s += table[i]; return s; }
function assign(v) { settings = v; }
function run() { let s = 0; for (let i = 0; i < 20000; i++) s += read(); return s; }
function many() { let last; for (let i = 0; i < 20000; i++) last = next(); return last; }
console.log(run(), many(), sum());
assign({ step: 1 });
counter = 5;
console.log(run(), many(), sum());
assign({ step: 2 });
counter = 6;
console.log(run(), many());
assign(undefined);
counter = undefined;
console.log(run(), many());
assign({ step: 3 });
counter = 7;
console.log(run(), many());
for (let i = 0; i < 20000; i++) { counter = i; assign(i & 1 ? undefined : { step: i }); if (i % 4000 === 0) console.log(next(), read()); }
table = [4, 5];
console.log(sum());
var late = later();
function later() { return late; }
console.log(late, later());
late = 1;
for (let i = 0; i < 20000; i++) later();
console.log(later());
late = 2;
console.log(later());
