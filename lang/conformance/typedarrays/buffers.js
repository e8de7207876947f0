'use strict';
// ArrayBuffer and DataView.
function attempt(f) {
  try { return f(); } catch (e) { return e.name + ': ' + e.message; }
}
console.log(new ArrayBuffer(), new ArrayBuffer(3), new ArrayBuffer('2').byteLength, new ArrayBuffer(1.9).byteLength, ArrayBuffer.length, ArrayBuffer.name);
console.log(attempt(() => ArrayBuffer(1)), attempt(() => new ArrayBuffer(-1)), attempt(() => new ArrayBuffer(2 ** 53)), attempt(() => new ArrayBuffer(2 ** 52)));
const b = new ArrayBuffer(10);
new Uint8Array(b).set([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
for (const args of [[], [2], [2, 5], [-3], [-3, -1], [5, 2], [100], [NaN, 4], ['1', '3'], [0, undefined]]) console.log(args, b.slice(...args));
console.log(ArrayBuffer.isView(b), ArrayBuffer.isView(new Int8Array(1)), ArrayBuffer.isView(new DataView(b)), ArrayBuffer.isView(), ArrayBuffer.isView([]));
console.log(attempt(() => ArrayBuffer.prototype.byteLength), attempt(() => ArrayBuffer.prototype.slice.call({})), Object.prototype.toString.call(b), String(b));
const sizes = { Int8: 1, Uint8: 1, Int16: 2, Uint16: 2, Int32: 4, Uint32: 4, Float32: 4, Float64: 8 };
const values = [0, -0, 1, -1, 127, 128, 255, 256, 32768, 65535, 65536, 2147483648, 4294967295, 1.5, -2.75, NaN, Infinity, 1e300, 1e-310, '12', null, undefined, { valueOf: () => 3 }];
const v = new DataView(new ArrayBuffer(16), 1, 14);
for (const [type, size] of Object.entries(sizes)) {
  const line = [];
  for (const x of values) {
    for (const little of [true, false, undefined, 0, 'yes']) {
      v['set' + type](3, x, little);
      line.push(v['get' + type](3, little), v['get' + type](3, !little), v.getUint8(3));
    }
  }
  console.log(type, line.map(x => Object.is(x, -0) ? '-0' : x).join(' '));
  console.log(attempt(() => v['get' + type](15 - size)), attempt(() => v['get' + type](14 - size)), attempt(() => v['get' + type](-1)), attempt(() => v['set' + type](14, 1)), attempt(() => v['get' + type]()), attempt(() => v['get' + type]('2')), v['set' + type].length, v['get' + type].length, attempt(() => DataView.prototype['get' + type].call({}, 0)));
}
console.log(v, v.byteLength, v.byteOffset, v.buffer.byteLength, new DataView(b, 4), new DataView(b, 10).byteLength);
console.log(attempt(() => DataView(b)), attempt(() => new DataView(1)), attempt(() => new DataView(b, 11)), attempt(() => new DataView(b, 1, 10)), attempt(() => new DataView(b, -1)), attempt(() => new DataView(b, 0, -1)), attempt(() => new DataView(new Int8Array(1))));
console.log(attempt(() => DataView.prototype.byteLength), attempt(() => DataView.prototype.byteOffset), attempt(() => DataView.prototype.buffer), Object.prototype.toString.call(v));
// One buffer, asked for late.
const t = new Float64Array(4);
t[1] = 2.5;
const view = new DataView(t.buffer);
console.log(view.getFloat64(8, true), t.buffer === t.buffer, t.buffer.byteLength, new Float64Array(t.buffer, 8, 1));
view.setFloat64(0, -1, true);
console.log(t, t.subarray(1).buffer === t.buffer, new Uint8Array(t.buffer, 7, 2));
class Chunk extends ArrayBuffer { get half() { return this.byteLength / 2; } }
const chunk = new Chunk(6);
console.log(chunk.half, chunk.slice(2).half, chunk, chunk.slice(1) instanceof Chunk);
console.log([new ArrayBuffer(2)], { a: { b: { c: new ArrayBuffer(1) } } }, new ArrayBuffer(120), Object.assign(new ArrayBuffer(1), { x: 1 }));
console.log(new Uint8Array(150), Float64Array.from({ length: 20 }, (_, i) => i * 1.5), [new Int16Array(2)], { a: { b: { c: new Int8Array(1) } } });
console.log(Object.assign(new Uint8Array(2), { foo: 1 }), Object.setPrototypeOf(new Uint8Array(1), null), new Int8Array(0), `${new Uint8Array([1, 2])}`);
console.log('%o', new Uint8Array([1]));
console.log('%s %d %j', new Uint8Array([1, 2]), new Uint8Array([3]), new Uint8Array([1, 2]));
console.log(Uint8Array, Uint8Array.prototype, Object.getPrototypeOf(Uint8Array), new Uint8Array(1)[Symbol.iterator]());
