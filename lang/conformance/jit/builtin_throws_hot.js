'use strict';
// Errors thrown by the runtime itself inside optimized code.
function len(s) { return s.length; }
let n = 0, errors = 0;
for (let i = 0; i < 20000; i++) n += len('abc');
for (let i = 0; i < 200; i++) try { n += len(i % 2 ? null : [1]); } catch (e) { errors++; }
console.log(n, errors);
function callIt(f) { return f(2); }
for (let i = 0; i < 20000; i++) n += callIt((x) => x);
for (const bad of [undefined, null, 5, 'f', {}, []]) try { callIt(bad); } catch (e) { console.log(e.message); }
const k = 1;
function assign(doIt) { if (doIt) k = 2; return k; }
for (let i = 0; i < 20000; i++) n += assign(false);
try { assign(true); } catch (e) { console.log(e.message); }
console.log(n);
