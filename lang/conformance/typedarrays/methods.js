'use strict';
// Every method, on every kind, with the arguments that matter.
const kinds = [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array, Float64Array];
function attempt(f) {
  try { return f(); } catch (e) { return e.name + ': ' + e.message; }
}
const indices = [undefined, 0, 1, 2, 5, 9, -1, -2, -9, NaN, Infinity, -Infinity, 1.7, '2', null];
for (const K of kinds) {
  const make = () => new K([5, 3, 8, 1, 9, 2]);
  const out = [];
  for (const i of indices) {
    out.push(make().at(i), make().indexOf(8, i), make().lastIndexOf(3, i), make().includes(9, i));
    for (const j of [undefined, 2, -1, 9]) {
      out.push(make().slice(i, j).join(), make().subarray(i, j).join(), make().fill(7, i ?? 0, j).join(), make().copyWithin(1, i, j).join(), make().copyWithin(i, j).join());
    }
    out.push(attempt(() => make().with(i, 4).join()));
  }
  console.log(K.name, out.join('|'));
  const a = make();
  console.log(a.map(x => x * 100), a.filter(x => x > 2), a.find(x => x > 5), a.findIndex(x => x > 5), a.findLast(x => x > 5), a.findLastIndex(x => x > 5));
  console.log(a.some(x => x > 8), a.every(x => x > 0), a.reduce((s, x) => s + x), a.reduceRight((s, x, i) => s + x + ':' + i + ' ', ''), a.join('-'), a.join(undefined), a.toString());
  const seen = [];
  console.log(a.forEach(function (x, i, all) { seen.push(x, i, all === a, this.k); }, { k: 1 }), seen.join());
  console.log(a.reverse(), a.toReversed(), a.sort(), a.toSorted((x, y) => y - x), a);
  console.log([...a.keys()], [...a.values()], [...a.entries()], [...a], a[Symbol.iterator] === a.values, a.keys().next());
  a.set([100, 200], 2); a.set(new Float64Array([1.5, -1]), 4); a.set({ length: 1, 0: '6' });
  console.log(a, attempt(() => a.set([1, 2, 3], 4)), attempt(() => a.set([1], -1)), attempt(() => a.set(null)), attempt(() => a.set('12')), a);
  console.log(new K(0).reduce((x, y) => x, 3), attempt(() => new K(0).reduce((x, y) => x)), attempt(() => a.map(3)), attempt(() => a.sort(null)), attempt(() => a.forEach()), attempt(() => a.toSorted(1)));
}
// Views into one buffer overlap.
const b = new ArrayBuffer(8);
const bytes = new Uint8Array(b);
bytes.set([1, 2, 3, 4, 5, 6, 7, 8]);
bytes.set(bytes.subarray(0, 4), 2);
console.log(bytes);
new Uint16Array(b, 0, 2).set(bytes.subarray(4, 6));
console.log(bytes, bytes.subarray(2).byteOffset, bytes.subarray(2).buffer === b, bytes.slice(2).buffer === b);
bytes.copyWithin(3, 1, 6);
console.log(bytes, bytes.subarray(2, 6).subarray(1).byteOffset, bytes.subarray(6, 2).length);
// Sorting: NaN last, -0 first, comparison functions called as V8 calls them.
console.log(new Float64Array([3, NaN, -0, 0, -Infinity, Infinity, -5, NaN, 0, -0]).sort());
console.log(new Uint32Array([4294967295, 1, 2147483648, 0]).sort(), new Int8Array([5, -5, 100, -128]).sort());
const log = [];
console.log(new Int8Array([4, 1, 3, 2, 5, 0, 7]).sort((x, y) => { log.push(x + '/' + y); return x - y; }).join(), log.join(' '));
console.log(new Int8Array([4, 1, 3, 2]).sort(() => NaN), new Int8Array([4, 1, 3, 2]).sort(() => -1), new Int8Array([4, 1, 3, 2]).sort((x, y) => x < y));
console.log(attempt(() => new Int8Array(3).sort(() => { throw new Error('in sort'); })));
for (const m of ['length', 'byteLength', 'byteOffset', 'buffer']) {
  const d = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Int8Array.prototype), m);
  console.log(m, d.get.name, d.set, d.enumerable, d.configurable, attempt(() => d.get.call([])), attempt(() => Int8Array.prototype[m]));
}
for (const m of ['at', 'fill', 'join', 'map', 'set', 'slice', 'subarray', 'sort', 'keys', 'with', 'toReversed']) {
  console.log(m, Int8Array.prototype[m].length, attempt(() => Int8Array.prototype[m].call([1], () => 1)));
}
console.log(Array.prototype.map.call(new Int8Array([1, 2]), x => x * 200), Array.from(new Uint8Array([1, 2])), Array.prototype.concat.call([], new Int8Array(1)).length);
console.log(Math.max(...new Float32Array([1.5, 2.5])), Object.entries(new Int8Array([7])), { ...new Int8Array([7, 8]) }, JSON.stringify({ a: new Float32Array([1.5, NaN]) }));
const [p, q = 5, ...rest] = new Uint8Array([1]);
console.log(p, q, rest, Array.prototype.includes.call(new Float64Array([NaN]), NaN), [].concat(new Int8Array(1)));
for (const i in new Int8Array(3)) console.log(i, typeof i);
const proto = Object.create(new Int8Array([1, 2]));
console.log(proto[0], proto[5], 5 in proto, attempt(() => proto.length));
proto[0] = 9; proto[7] = 1;
console.log(Object.keys(proto), proto[0]);
