'use strict';
// The iteration protocol of the program's own objects, everywhere it is used, and when `return` is called.
function attempt(f) {
  try { return f(); } catch (e) { return e.name + ': ' + e.message; }
}
const log = [];
function range(n, extra = {}) {
  return {
    [Symbol.iterator]() {
      let i = 0;
      log.push('begin');
      return { next() { log.push('next'); return i < n ? { value: i++, done: false } : { value: 'end', done: true }; }, return(v) { log.push('return'); return {}; }, ...extra };
    },
  };
}
function flush(label, v) { console.log(label, v, log.splice(0).join(' ')); }
flush('for', (() => { const out = []; for (const x of range(3)) out.push(x); return out; })());
flush('break', (() => { for (const x of range(3)) if (x === 1) break; })());
flush('continue', (() => { let s = 0; for (const x of range(3)) { if (x === 1) continue; s += x; } return s; })());
flush('return', (() => { for (const x of range(3)) return x; })());
flush('throw', attempt(() => { for (const x of range(3)) throw new Error('body'); }));
flush('label', (() => { outer: for (const x of range(2)) for (const y of range(2)) { if (y === 1) continue outer; if (x === 1) break outer; } })());
flush('finally', (() => { try { for (const x of range(3)) { try { return x; } finally { log.push('inner'); } } } finally { log.push('outer'); } })());
flush('spread', [...range(3)]); flush('spread call', Math.max(...range(3))); flush('spread new', new Array(...range(3)));
flush('destructure', (() => { const [a, b] = range(5); return [a, b]; })());
flush('all', (() => { const [a, b, ...c] = range(5); return [a, b, c]; })());
flush('exact', (() => { const [a, b] = range(2); return [a, b]; })());
flush('short', (() => { const [a, b, c = 'd', d] = range(2); return [a, b, c, d]; })());
flush('empty', (() => { const [] = range(2); })()); flush('hole', (() => { const [, a] = range(3); return a; })());
flush('assign', (() => { let a, o = {}; [a, o.b] = range(3); return [a, o]; })());
flush('default throws', attempt(() => { const [a = 1, b = (() => { throw new Error('d'); })()] = { [Symbol.iterator]: () => ({ next: () => ({ done: false }), return() { log.push('return'); return {}; } }) }; }));
flush('param', (([a, b]) => a + b)(range(3))); flush('from', Array.from(range(3))); flush('from map', Array.from(range(3), (x, i) => x * 10 + i));
flush('from throws', attempt(() => Array.from(range(3), () => { throw new Error('map'); })));
flush('set', new Set(range(3))); flush('map', attempt(() => new Map(range(1)))); flush('map ok', new Map({ [Symbol.iterator]: () => [[1, 2]][Symbol.iterator]() }));
flush('weak', attempt(() => new WeakSet(range(1)))); flush('fromEntries', attempt(() => Object.fromEntries(range(1)))); flush('typed', new Int8Array(range(3)));

flush('return throws', attempt(() => { for (const x of range(3, { return() { throw new TypeError('in return'); } })) break; }));
flush('both throw', attempt(() => { for (const x of range(3, { return() { throw new TypeError('in return'); } })) throw new RangeError('body'); }));
flush('return no object', attempt(() => { for (const x of range(3, { return: () => 5 })) break; }));
flush('return undefined', attempt(() => { for (const x of range(3, { return: undefined })) break; return 'fine'; }));
flush('return not callable', attempt(() => { for (const x of range(3, { return: 7 })) break; }));
flush('next throws', attempt(() => { for (const x of range(3, { next() { throw new RangeError('next'); } })) log.push(x); }));
flush('next no object', attempt(() => { for (const x of range(3, { next: () => 5 })) log.push(x); }));
flush('next not callable', attempt(() => { for (const x of range(3, { next: 5 })) log.push(x); }));
flush('done throws', attempt(() => { for (const x of range(3, { next: () => ({ get done() { throw new Error('done'); } }) })) log.push(x); }));
flush('value throws', attempt(() => { for (const x of range(3, { next: () => ({ done: false, get value() { throw new Error('value'); } }) })) log.push(x); }));
flush('truthy done', (() => { let i = 0; const out = []; for (const x of { [Symbol.iterator]: () => ({ next: () => ({ value: i, done: i++ > 2 ? 'yes' : 0 }) }) }) out.push(x); return out; })());
for (const bad of [5, null, undefined, {}, { [Symbol.iterator]: 5 }, { [Symbol.iterator]: () => 5 }, { [Symbol.iterator]: null }, { [Symbol.iterator]() { return null; } }]) {
  console.log(attempt(() => { for (const x of bad); }), '|', attempt(() => [...bad]), '|', attempt(() => { const [x] = bad; }), '|', attempt(() => new Set(bad).size), '|', attempt(() => Math.max(...bad)));
}
class Tree {
  constructor(v, l, r) { this.v = v; this.l = l; this.r = r; }
  [Symbol.iterator]() {
    const stack = []; let at = this;
    return { next() { while (at) { stack.push(at); at = at.l; } const n = stack.pop(); if (!n) return { done: true, value: undefined }; at = n.r; return { done: false, value: n.v }; }, [Symbol.iterator]() { return this; } };
  }
}
const tree = new Tree(4, new Tree(2, new Tree(1), new Tree(3)), new Tree(6, new Tree(5)));
console.log([...tree], Math.min(...tree), [...tree[Symbol.iterator]()], new Set(tree).size);
let total = 0;
for (let i = 0; i < 400; i++) { for (const v of tree) { if (v > 4) break; total += v; } for (const v of range(4)) total += v; }
console.log(total, log.length);
class Twice extends Array { [Symbol.iterator]() { const inner = super[Symbol.iterator](); return { next: () => { const r = inner.next(); return r.done ? r : { done: false, value: r.value * 2 }; } }; } }
console.log([...Twice.from([1, 2])], Array.from(Twice.of(3)), (() => { const [x] = Twice.of(4); return x; })());



