'use strict';
// toString with a radix.
const ints = [0, 1, 10, 35, 36, 255, -255, 4294967295, 2 ** 53];
for (const v of ints) console.log(v.toString(2), v.toString(8), v.toString(16), v.toString(36), v.toString());
console.log((0.5).toString(2), (255.5).toString(16), (0.1).toString(3).slice(0, 12), NaN.toString(2), (-Infinity).toString(16));
try { (5).toString(1); } catch (e) { console.log(e.name, e.message); }
try { (5).toString(37); } catch (e) { console.log(e.name, e.message); }
console.log(Number('12').toString(), (25).toString(undefined));
