'use strict';
// Module-level bindings seen and changed from functions.
let counter = 0;
const fixed = { total: 0 };
var flag = false;
function bump(n) { counter += n; fixed.total++; flag = !flag; return counter; }
console.log(bump(1), bump(2), bump(3), counter, fixed.total, flag);
function reader() { return lateLet; }
let lateLet = 'set';
console.log(reader());
lateLet = 'changed';
console.log(reader());
let fn = (x) => x + 1;
function callFn(v) { return fn(v); }
console.log(callFn(1));
fn = (x) => x * 100;
console.log(callFn(1));
fn = null;
try { callFn(1); } catch (e) { console.log(e.message); }
