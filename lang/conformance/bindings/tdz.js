'use strict';
// Reading or writing a let, const or class before its declaration throws.
function attempt(label, f) {
  try { console.log(label, f()); } catch (e) { console.log(label, e.name + ': ' + e.message); }
}
attempt('let', () => { const r = early; let early = 1; return r; });
attempt('const', () => { const r = k + 1; const k = 1; return r; });
attempt('class', () => { const r = new C(); class C {} return r; });
attempt('assign', () => { w = 5; let w = 1; return w; });
attempt('typeof', () => { const r = typeof q; let q; return r; });
attempt('self', () => { let s = s + 1; return s; });
attempt('update', () => { u++; let u = 0; return u; });
attempt('closure early', () => { const f = () => later; const r = f(); let later = 2; return r; });
attempt('closure late', () => { const f = () => later; let later = 2; return f(); });
attempt('module early', () => moduleLevel);
let moduleLevel = 'ready';
attempt('module late', () => moduleLevel);
attempt('shadow', () => { let z = 1; { const r = z; let z = 2; return r; } });
attempt('switch', () => { switch (1) { case 0: let t = 1; return t; case 1: return t; } });
attempt('loop', () => { for (let i = 0; i < 2; i++) { if (i === 1) return p; let p = i; } });
