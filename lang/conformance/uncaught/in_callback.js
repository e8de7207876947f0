'use strict';
// exit: 1
// stderr: Error: from callback 2
console.log([1, 2, 3].map((v) => { if (v === 2) throw new Error('from callback ' + v); return v; }));
