'use strict';
// Assignments to names that nothing declares: sloppy code makes properties of the global object, strict code assigns only
// what is there.
require('./lib/undeclared.js');
function attempt(f) {
  try { return f(); } catch (e) { return e.name + ': ' + e.message; }
}
console.log(attempt(() => { missing = 1; }), typeof missing);
globalThis.there = 1;
console.log(attempt(() => { there = 2; there += 3; there++; return there; }), globalThis.there);
console.log(attempt(() => { [there, missing] = [7, 8]; }), there);
console.log(attempt(() => { for (missing of [1]); }), attempt(() => missing++), attempt(() => { missing ??= 1; }));
console.log(counter, attempt(() => { counter = 'strict'; return counter; }));
delete globalThis.there;
console.log(attempt(() => { there = 1; }), attempt(() => there));
