'use strict';
// Arguments whose valueOf changes the array that the method works on.
const evil = (a, n, r) => ({ valueOf() { a.length = n; if (n > 0) a.fill(7); return r; } });
const make = () => Array.from({ length: 20 }, (_, i) => i);
for (const [name, ...args] of [['slice', 2], ['splice', 2], ['fill', 2], ['indexOf', 2], ['includes', 2], ['lastIndexOf', 2], ['copyWithin', 2], ['with', 2], ['at', 2], ['toSpliced', 2], ['flat', 2]]) {
  for (const n of [0, 1, 5, 40]) {
    const a = make();
    try {
      const r = name === 'fill' ? a.fill('f', evil(a, n, 0)) : name === 'indexOf' || name === 'includes' || name === 'lastIndexOf' ? a[name](15, evil(a, n, args[0])) : name === 'splice' ? a.splice(evil(a, n, 2), 3, 'x') : name === 'with' ? a.with(evil(a, n, 2), 'w') : a[name](evil(a, n, args[0]));
      console.log(name, n, r === a ? 'same' : r, a);
    } catch (e) { console.log(name, n, e.name, e.message); }
  }
}
const b = make(); console.log(b.splice(1, { valueOf() { b.length = 3; return 1; } }, 'p', 'q', 'r'), b);
const c = make(); console.log(c.splice(1, { valueOf() { c.length = 3; return 10; } }, 'p'), c);
const d = [3, 1, 2]; d.sort((x, y) => { d.length = 0; return x - y; }); console.log(d);
const e = make(); console.log(e.includes(undefined, { valueOf() { e.length = 0; return 0; } }));
const f = [1, 2, 3, 4]; console.log(f.map((x, i) => { if (i === 0) f.splice(1, 2); return x; }), f); const g = [1, 2, 3]; console.log(g.forEach((x) => g.unshift(x)), g); const h = [1, 2, 3]; console.log(h.reduce((acc, x, i) => { h.pop(); return acc + x; }, 0));
const m = new Map([[{ toString() { return 'k'; } }, 1]]); m.forEach((v, k) => m.delete(k)); console.log(m.size); console.log([1, 2, 3].join({ toString() { return '+'; } }), 'abc'.replace({ toString() { return 'b'; } }, { toString() { return 'X'; } }), 'abc'.slice({ valueOf() { return 1; } }));
const j = { a: 1, get b() { delete this.c; return 2; }, c: 3, d: 4 }; console.log(Object.entries(j), Object.keys(j)); const k = { a: 1, get b() { delete this.c; return 2; }, c: 3 }; console.log(JSON.stringify(k), Object.assign({}, { get x() { delete this.y; return 1; }, y: 2 }));
