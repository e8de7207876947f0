'use strict';
// Array(n), Array.of, Array.from.
console.log(Array(3), new Array(3).length, Array(1, 2), new Array('3'), Array.of(3), Array.of(), Array());
console.log(Array.from([1, 2]), Array.from('abc'), Array.from({ length: 3 }), Array.from({ length: 3 }, (v, i) => i * i), Array.from({ length: 2, 0: 'a', 1: 'b' }), Array.from([1, 2], (x) => x + 1));
for (const n of [-1, 1.5, 4294967296]) try { new Array(n); } catch (e) { console.log(e.name + ': ' + e.message); }
