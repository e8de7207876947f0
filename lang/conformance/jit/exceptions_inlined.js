'use strict';
// Exceptions that are caught in the compiled function they were thrown in, or in one it was inlined into.
class Problem extends Error { constructor(message, code) { super(message); this.code = code; } }
function risky(i) { if (i % 7 === 0) throw new Problem('seven', i); if (i % 11 === 0) throw i; return i; }
function deeper(i) { return risky(i) + 1; }
function guarded(i) { try { return deeper(i); } catch (e) { return e instanceof Problem ? -e.code : -1; } }
function both(i) {
  let trail = '';
  try { trail += 'a'; if (i % 5 === 0) return trail + 'r'; deeper(i); trail += 'b'; } catch (e) { trail += typeof e; } finally { trail += 'f'; }
  return trail;
}
function rethrows(i) { try { deeper(i); return 'fine'; } catch (e) { throw e; } finally { count++; } }
function nested(i) {
  let s = 0;
  for (let k = 0; k < 3; k++) {
    try {
      try { s += risky(i + k); if (s % 4 === 1) continue; if (s % 9 === 2) break; } finally { s += 100; }
    } catch (e) { s += 1; }
  }
  return s;
}
function builtinThrows(o) { try { return o.x.y; } catch (e) { return e.message; } }
function callsNothing(f) { try { return f(); } catch (e) { return e.name + ': ' + e.message; } }
let count = 0, sum = 0, texts = {};
for (let i = 1; i <= 6000; i++) {
  sum = (sum + guarded(i) + nested(i)) | 0;
  const t = both(i); texts[t] = (texts[t] || 0) + 1;
  try { rethrows(i); } catch (e) { sum = (sum ^ (typeof e === 'number' ? e : e.code)) | 0; }
}
console.log(sum, count, JSON.stringify(texts));
for (let i = 0; i < 3000; i++) { builtinThrows({ x: { y: i } }); callsNothing(() => i); }
console.log(builtinThrows({ x: null }), builtinThrows({}), builtinThrows({ x: 3 }));
console.log(callsNothing(undefined), callsNothing(3), callsNothing(() => null.z));
