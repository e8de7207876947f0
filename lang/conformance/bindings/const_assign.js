'use strict';
// Assigning to a const throws, after the right side has been evaluated.
const log = [];
function side(v) { log.push(v); return v; }
const k = 1;
const o = { n: 1 };
try { k = side(2); } catch (e) { console.log(e.name + ': ' + e.message); }
try { k += side(3); } catch (e) { console.log(e.name + ': ' + e.message); }
try { k++; } catch (e) { console.log(e.name + ': ' + e.message); }
o.n = 2;
console.log(k, o, log);
for (const i of [1, 2]) { try { i = side(9); } catch (e) { console.log(e.message); } }
try { for (const i = 0; i < 2; i++) console.log('once', i); } catch (e) { console.log(e.message); }
