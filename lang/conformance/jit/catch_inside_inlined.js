'use strict';
// The inlined callee catches; the caller never knows.
function risky(v) { if (v % 3 === 0) throw v; return v; }
function safe(v) { try { return risky(v); } catch (e) { return -e; } }
let s = 0;
for (let i = 0; i < 20000; i++) s += safe(i);
console.log(s);
function safeFinally(v, log) { try { return risky(v); } catch (e) { return e * 2; } finally { log.n++; } }
const log = { n: 0 };
for (let i = 0; i < 20000; i++) s += safeFinally(i, log);
console.log(s, log.n);
