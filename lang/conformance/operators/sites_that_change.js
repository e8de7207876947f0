'use strict';
// Instructions that learn what they meet, and then meet something else: one site each, fed in turn.
const show = (name, values) => console.log(name, values.map((v) => Object.is(v, -0) ? '-0' : String(v)).join(' '));
const object = { a: 1 }, other = { a: 1 };
const halves = ['a', 'b'];
const built = halves.join('');
const operands = [null, undefined, 0, -0, 1, 1.5, NaN, true, false, '', 'ab', built, '1', object, other, [1], 2147483648];

function pairs(name, f) {
  let bits = '';
  for (let round = 0; round < 2; round++) {
    for (const a of operands) for (const b of operands) bits += f(a, b) ? 1 : 0;
  }
  console.log(name, bits.length, bits.match(/.{1,34}/g).join('\n'));
}
pairs('===', (a, b) => a === b);
pairs('!==', (a, b) => a !== b);
pairs('==', (a, b) => a == b);
pairs('!=', (a, b) => a != b);
pairs('jump ===', (a, b) => { if (a === b) return 1; return 0; });
pairs('jump !==', (a, b) => { if (a !== b) return 1; return 0; });
pairs('jump ==', (a, b) => { if (a == b) return 1; return 0; });
pairs('jump !=', (a, b) => { if (a != b) return 1; return 0; });

const numbers = [6, 3, 7, 2, 0, -0, -6, 1.5, 2147483647, -2147483648, -1, 1, 4294967296, 1e300, Infinity, NaN];
function table(name, f) {
  const out = [];
  for (let round = 0; round < 2; round++) for (const a of numbers) out.push(...numbers.map((b) => f(a, b)));
  show(name, out);
}
table('/', (a, b) => a / b);
table('*', (a, b) => a * b);
table('-', (a, b) => a - b);
table('+', (a, b) => a + b);
table('|', (a, b) => a | b);
table('&', (a, b) => a & b);
table('^', (a, b) => a ^ b);
table('<', (a, b) => { if (a < b) return 1; return 0; });
table('!<', (a, b) => { if (!(a < b)) return 1; return 0; });
table('>=', (a, b) => { if (a >= b) return 1; return 0; });

const exact = (a, b) => a / b;
show('exact', [[6, 3], [9, 3], [-9, 3], [0, 3], [0, -3], [7, 2], [5, 0], [-2147483648, -1], [1, 3]].map(([a, b]) => exact(a, b)));

class Base { constructor() { this.x = 1; } get g() { return this.x + 10; } m() { return 'base'; } }
class Derived extends Base { constructor() { super(); this.y = 2; } m() { return 'derived ' + super.m() + super.g; } }
const receivers = [new Base(), new Derived(), { x: 5 }, [1, 2], 'text', new Uint8Array(3), 7, Object.create({ x: 'inherited' }), { y: 1, x: 8 }];
const many = receivers[8];
for (let i = 0; i < 20; i++) many['p' + i] = i;
function property(name, f) {
  const out = [];
  for (let round = 0; round < 3; round++) for (const r of receivers) out.push(f(r));
  console.log(name, out.join(' '));
}
property('x', (o) => o.x);
property('length', (o) => o.length);
property('p19', (o) => o.p19);
property('g', (o) => o.g);
property('m', (o) => (o.m ? o.m() : '-'));
property('set', (o) => { if (typeof o === 'object') { o.x = o.x ? 3 : 4; return o.x; } return o; });
Base.prototype.m = () => 'changed';
property('m', (o) => (o.m ? o.m() : '-'));

const at = (o, i) => o[i];
const texts = ['plain', 'w\u{1F600}de', 'r' + built + built + built + built + built, 'a slice of it'.slice(2), '\u00e9\u0100'];
let seen = [];
for (const t of texts) for (let i = -1; i <= t.length; i++) seen.push(at(t, i));
console.log(seen.map((c) => (c === undefined ? '?' : c.charCodeAt(0))).join(' '));
seen = [];
const holes = new Array(4);
for (let round = 0; round < 3; round++) {
  for (let i = 0; i < 5; i++) seen.push(at(holes, i));
  holes[round] = round;
}
console.log(seen.map(String).join(' '), holes);
const put = (o, i, v) => { o[i] = v; };
const filled = new Array(6), frozen = Object.freeze([1, 2]);
for (let i = 0; i < 6; i++) put(filled, i, i);
for (let i = 0; i < 6; i++) put(filled, i, i * 2);
put(filled, 2, 'text');
put(filled, 6, 1.5);
delete filled[3];
put(filled, 3, -0);
try { put(frozen, 0, 9); } catch (e) { console.log(e.message); }
console.log(filled, frozen);

const call = (f, a) => f(a);
const adders = [1, 2, 3].map((n) => (x) => x + n);
const callees = [...adders, Math.abs, String, (x) => -x, parseInt, function () { return arguments.length; }, (x, y) => y];
const results = [];
for (let round = 0; round < 3; round++) for (const f of callees) results.push(call(f, -4.5));
for (let i = 0; i < 6; i++) results.push(call(Math.abs, -i));
try { call(class {}, 1); } catch (e) { results.push(e.message); }
try { call(undefined, 1); } catch (e) { results.push(e.message); }
console.log(results.join(' '));
