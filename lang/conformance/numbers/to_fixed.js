'use strict';
// toFixed rounds the exact binary value, not the decimal one.
const values = [0, 1, 1.005, 1.45, 2.5, 0.5, 1.5, -1.5, 123.456, 1e21, 0.000001, -0.0000001, 99.995, 1e-10, 10.235];
for (const v of values) console.log(v.toFixed(0), v.toFixed(1), v.toFixed(2), v.toFixed(5));
console.log((1.25).toFixed(1), (1.35).toFixed(1), (-2.345).toFixed(2), (1000000000000000128).toFixed(0), NaN.toFixed(2), (0.1).toFixed(20));
try { (1).toFixed(101); } catch (e) { console.log(e.name + ': ' + e.message); }
try { (1).toFixed(-1); } catch (e) { console.log(e.name + ': ' + e.message); }
