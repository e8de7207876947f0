'use strict';
// Every way to make a typed array, and what is refused by an exception.
const kinds = [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array, Float64Array];
function attempt(label, f) {
  try { console.log(label, f()); } catch (e) { console.log(label, e.name + ': ' + e.message, e instanceof Error); }
}
for (const K of kinds) {
  console.log(K.name, K.length, K.BYTES_PER_ELEMENT, K.prototype.BYTES_PER_ELEMENT);
  console.log(new K(), new K(3), new K(undefined), new K(null), new K('2'), new K(1.9), new K(true));
  console.log(new K([1, 2.7, -3, '4', null, undefined, [7], {}]));
  console.log(new K(new Set([5, 6])), new K({ length: 2, 0: 9, 1: 8, 2: 7 }), new K('3'));
  console.log(new K(new Float64Array([300.5, -1.5, NaN, Infinity, 4294967297])));
  console.log(K.from([1, 2, 3]), K.from([1, 2, 3], (x, i) => x * 10 + i), K.from({ length: 3 }, (_, i) => i), K.from('123'));
  console.log(K.of(), K.of(1, 2, '3'), K.from(new Map([[1, 2]]).keys()));
  const b = new ArrayBuffer(32);
  console.log(new K(b).length, new K(b, 8).length, new K(b, 8, 2).length, new K(b, 16, 1).byteOffset, new K(b, 32).length);
  attempt('call', () => K(1));
  attempt('negative', () => new K(-1));
  attempt('huge', () => new K(2 ** 53));
  attempt('offset', () => new K(b, -1));
  attempt('offset', () => new K(b, 40));
  attempt('length', () => new K(b, 8, 100));
  attempt('length', () => new K(b, 8, -1));
  attempt('alignment', () => new K(b, 1).length);
  attempt('multiple', () => new K(new ArrayBuffer(3)).length);
  attempt('symbol', () => new K({ valueOf() { throw new TypeError('no number'); }, length: 1, get 0() { throw new RangeError('element'); } }));
}
const Abstract = Object.getPrototypeOf(Int8Array);
attempt('abstract', () => new Abstract());
attempt('abstract', () => Abstract());
attempt('from', () => Int8Array.from());
attempt('from', () => Int8Array.from([1], 3));
attempt('of', () => Int8Array.of.call({}, 1));
attempt('from', () => Int8Array.from.call(undefined, [1]));
console.log(Abstract.name, Abstract.length, Object.getOwnPropertyNames(Abstract), Object.getOwnPropertyNames(Uint8Array));
console.log(Object.getPrototypeOf(Uint8Array.prototype) === Abstract.prototype, new Uint8Array(1) instanceof Abstract);
console.log(Object.prototype.toString.call(new Float32Array(1)), String(new Int16Array([1, -2])), Array.isArray(new Int8Array(1)));
class Bytes extends Uint8Array {
  constructor(...args) { super(...args); this.tag = 'mine'; }
  sum() { let s = 0; for (const x of this) s += x; return s; }
}
const mine = new Bytes([1, 2, 300]);
console.log(mine, mine.sum(), mine.map(x => x + 1), mine.slice(1), mine.subarray(1), mine.filter(x => x > 1), mine instanceof Uint8Array);
console.log(Bytes.from([1, 2]), Bytes.of(3), mine.toReversed(), mine.with(0, 9), mine.toSorted());
const copy = new Uint8Array(mine);
mine[0] = 77;
console.log(copy[0], mine[0], mine.constructor.name, copy.constructor.name);
