'use strict';
// Loops whose variables change representation, ranges at their edges, objects that escape late, polymorphic sites that
// widen: each function is called with a number that decides when its speculation fails.
const S = (r) => Object.is(r, -0) ? '-0' : typeof r === 'string' ? `"${r}"` : Array.isArray(r) ? `[${r.map(S)}]` : typeof r === 'object' && r ? '{' + Object.keys(r).map((k) => k + ':' + S(r[k])) + '}' : String(r);
function run(name, f, n = 40) { const seen = []; for (let i = 0; i < n; i++) { let r; try { r = f(i); } catch (e) { r = e instanceof Error ? e.name + ':' + e.message : e; } seen.push(S(r)); } console.log(name, seen.join(' ')); }
// nested loops with phis that change representation at inner/outer levels
run('phi1', (p) => { let a = 0, b = 1.5, c = p; for (let i = 0; i < 20; i++) { for (let j = 0; j < 6; j++) { const t = a; a = c; c = b; b = t; if (p === 30 && i === 10 && j === 3) a = 'x'; } if (i === p) { a = a + 1; } } return [a, b, c]; });
run('phi2', (p) => { let x = -0; for (let i = 0; i < 30; i++) { x = i === p ? 0.5 : x * -1; } return x; });
run('phi3', (p) => { let x = 1, y; for (let i = 0; i < 40; i++) { if (i % 8 === 7) { y = x; } x = (x * 3) | 0; if (p > 30 && i === 20) y = undefined; } return y + 1; });
run('int64', (p) => { let x = p, s = 0; for (let i = 0; i < 50; i++) { x = x * 2 + 1; s = (s + x) % 1000003; } return [x, s]; });
run('u32', (p) => { let h = 2166136261 >>> 0; for (let i = 0; i < 30; i++) { h = (h ^ (i + p)) >>> 0; h = Math.imul(h, 16777619) >>> 0; } return h; });
run('u32b', (p) => { let h = 0xffffffff; for (let i = 0; i < 30; i++) { h = (h >>> 1) + (h & 1 ? 0x80000000 : 0); if (h > 0xf0000000) h -= p; } return h; });
run('mixcmp', (p) => { let n = 0; const vs = [1, 1.5, -0, NaN, '1', null, undefined, p, String(p), true]; for (const a of vs) for (const b of vs) { n = n * 2 % 99991; if (a < b) n++; if (a >= b) n += 2; if (a == b) n += 4; if (a === b) n += 8; } return n; });
run('ranges', (p) => { const a = [0, 1, 2, 3, 4, 5, 6, 7]; let s = 0; for (let i = p - 5; i < p + 5; i++) { const v = a[i]; s += v === undefined ? 100 : v; if (i >= 0 && i < a.length) s += a[i]; if (i + 1 < a.length) s += a[i + 1] | 0; } return s; });
run('ranges2', (p) => { const a = []; let s = 0; for (let i = 0; i <= p % 12; i++) a[i] = i; for (let i = a.length - 1; i >= -1; i--) s += a[i] === undefined ? 1000 : a[i]; for (let i = 0; i < a.length; i += 2) { if (i === 6) a.length = 4; s += a[i] || 0; } return s; });
run('lenloop', (p) => { const a = [1, 2, 3]; let s = 0; for (let i = 0; i < a.length; i++) { s += a[i]; if (a.length < 10 && i % 2 === 0) a.push(s > 20 ? s + 0.5 : s); if (p === 33 && i === 4) a[2] = 'q'; } return s; });
run('strindex', (p) => { let t = '', s = 'hello' + p; for (let i = -1; i < 9; i++) { t += s[i] === undefined ? '_' : s[i]; const c = s.charCodeAt(i); t += c !== c ? 'n' : c & 7; } return t; });
const objs = [{ x: 1 }, { x: 1.5, y: 2 }, { y: 1, x: 'a' }, Object.create({ x: 9 }), { get x() { return 4; } }, [1], 's', 5, null];
run('poly', (p) => { let s = ''; const lim = p < 15 ? 1 : p < 20 ? 2 : p < 25 ? 5 : 9; for (let i = 0; i < 12; i++) s += objs[i % lim].x; return s; });
run('polyset', (p) => { const os = [{ x: 1 }, { y: 1, x: 2 }, Object.freeze({ x: 3 }), {}, Object.create({ set x(v) { this.z = v; } })]; const lim = p < 20 ? 2 : 5; for (let i = 0; i < 10; i++) { os[i % lim].x = p + i; if (p === 38) os[0]['k' + i] = i; } return os.slice(0, lim); });
class V { constructor(x, y) { this.x = x; this.y = y; } add(o) { return new V(this.x + o.x, this.y + o.y); } dot(o) { return this.x * o.x + this.y * o.y; } }
let leaked = null;
run('escape', (p) => { let acc = new V(0, 0); for (let i = 0; i < 25; i++) { const d = new V(i, i * 0.5); acc = acc.add(d); if (i === p) leaked = d; if (p === 30 && i === 12) d.z = 5; if (acc.dot(d) < 0) throw acc; } return [acc.x, acc.y, leaked && leaked.x]; });
run('escape2', (p) => { let out = []; for (let i = 0; i < 15; i++) { const pair = [i, i + 1]; const o = { pair, sum: pair[0] + pair[1] }; if (p > 20 && i === 7) { o.sum = o.sum + 'z'; out.push(o); } if (o.sum % 9 === 0) out.push(o.sum); } return out; });
run('arrays in loop', (p) => { let a = [1, 2], b = [0.5], t; for (let i = 0; i < 12; i++) { t = a; a = b; b = t; a[i & 3] = p > 25 ? { v: i } : i; } return [a, b]; });
run('throwinline', (p) => { const f = (x) => { if (x === p) throw 'T' + x; return x + 1; }; const g = (x) => f(x) + f(x + 1); let s = 0; for (let i = 0; i < 30; i++) { try { s += g(i); } catch (e) { s += e.length; } finally { s |= 1; } } return s; });
run('deepinline', (p) => { const a = (x) => x + 1, b = (x) => a(x) * 2, c = (x) => b(x) - a(x), d = (x) => c(x) + b(x), e = (x) => d(x) % 7; let s = 0; for (let i = 0; i < 20; i++) s += e(p > 30 && i === 11 ? String(i) : p > 25 && i === 5 ? 0.5 : i); return s; });
let glob = 1; const setGlob = (v) => { glob = v; };
run('globals', (p) => { let s = 0; for (let i = 0; i < 20; i++) { s += glob; if (i === 10) setGlob(p === 20 ? 2.5 : p === 30 ? 'g' : p); } return s; });
let late; run('tdz', (p) => { const f = () => z; if (p % 10 === 9) f(); let z = p; return f() + (late ?? 0); });
run('generic add', (p) => { let s; for (let i = 0; i < 15; i++) { const v = [1, 'b', null, true, undefined, 2.5, [3], { valueOf: () => 7 }][(p > 20 ? i : i & 0) % 8]; s = i ? s + v : v; } return s; });
run('update', (p) => { const o = { n: p > 30 ? 'q' : p > 20 ? 2147483647 : 0 }, a = [p > 25 ? 0.5 : 0, -2147483648]; let r = []; for (let i = 0; i < 6; i++) { r.push(o.n++, --a[1], a[0]++, ++o.n); } return r.slice(-5); });
run('labels', (p) => { let n = 0; a: for (let i = 0; i < 8; i++) { b: for (let j = 0; j < 8; j++) { for (const k of [1, 2, 3]) { n += k; if (j === p % 9) continue b; if (i * j === p) continue a; if (n > 300 + p) break a; } } } return n; });
run('Math', (p) => { const x = (p - 20) / 4; return [Math.round(x), Math.floor(x), Math.ceil(x), Math.trunc(x), Math.sign(x), Math.abs(x), Math.sqrt(x), Math.min(x, 1, p), Math.max(), Math.hypot(x, 3), Math.fround(x / 3), Math.clz32(x), Math.pow(x, 3), x % 1.5, Math.cbrt(x)]; });
run('try phi', (p) => { let v = 1; for (let i = 0; i < 20; i++) { try { v = v + 1; if (i === 10 && p > 20) null.x; v = v * 0.5; } catch { v = 'c' + v; } } return v; });
run('spread', (p) => { const f = (a, b, ...c) => [b, a, c.length, ...c]; let r = []; for (let i = 0; i < 6; i++) r = f(...r.slice(0, 3), i, ...(p > 20 ? 'ab' : [p])); return r; });
