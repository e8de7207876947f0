'use strict';
// Functions of the library have lines of their own in stack traces: where they throw themselves, where they call back, where
// they call each other, in every tier. `call`, `apply` and bound functions have none, nor has the Array constructor.
function boom() { throw new Error('boom'); }
const bad = { toString: boom, valueOf: boom };
const tests = [
  // They throw.
  function repeat() { return 'x'.repeat(-1); }, function parse() { return JSON.parse('{'); },
  function fixed() { return (1).toFixed(101); }, function radix() { return (5).toString(99); },
  function array() { return new Array(-1); }, function arrayCalled() { return Array(-1); },
  function from() { return Array.from(null); }, function keys() { return Object.keys(null); },
  function define() { return Object.defineProperty(1, 'a', {}); }, function assign() { return Object.assign(null); },
  function reduce() { return [].reduce((a, b) => a + b); }, function get() { return Map.prototype.get.call({}, 1); },
  function map() { return new Map(5); }, function set() { return new Set(5); }, function mapCalled() { return Map(); },
  function weak() { return new WeakMap().set(1, 2); }, function number() { return Number(Symbol.iterator); },
  function point() { return String.fromCodePoint(-1); }, function create() { return Object.create(5); },
  function iso() { return new Date(NaN).toISOString(); }, function regexp() { return new RegExp('('); },
  function circular() { const o = {}; o.o = o; return JSON.stringify(o); },
  function typed() { return new Float64Array(-1); }, function frozen() { return Object.freeze([1]).push(2); },
  function uri() { return decodeURIComponent('%'); }, function int() { return parseInt(Symbol.iterator); },
  function nobody() { return Array.prototype.slice.call(null); }, function own() { return Object.prototype.hasOwnProperty.call(null, 'a'); },
  function bind() { return Function.prototype.bind.call(1); }, function pad() { return 'a'.padStart(1e10); },
  function size() { return Object.getOwnPropertyDescriptor(Map.prototype, 'size').get.call({}); },
  function next() { return [][Symbol.iterator]().next.call(5); }, function symbol() { return new Symbol(); },
  function applied() { return JSON.parse.apply(JSON, ['{']); }, function called() { return JSON.parse.call(null, '{'); },
  function spread() { return new Set(...[5]); }, function keyFor() { return Symbol.keyFor(1); },
  function renamed() { return { foo: Array.prototype.map }.foo(5); }, function notConstructor() { return new parseInt(1); },
  // They call back.
  function each() { [1].forEach(boom); }, function mapped() { return [1].map(() => boom()); },
  function sorted() { return [2, 1].sort(boom); }, function replaced() { return 'abc'.replace('b', boom); },
  function revived() { return JSON.parse('[1]', () => boom()); }, function json() { return JSON.stringify({ toJSON: () => boom() }); },
  function sets() { new Set([1]).forEach(boom); }, function maps() { new Map([[1, 2]]).forEach(() => boom()); },
  function made() { return Array.from([1], boom); }, function typedMap() { return new Int8Array([1]).map(() => boom()); },
  function max() { return Math.max(bad); }, function maxBound() { return Math.max.bind(null, bad)(); },
  function maxApplied() { return Math.max.apply(null, [1, bad]); }, function string() { return new String(bad); },
  function text() { return String(bad); }, function flat() { return [1].flatMap(boom); },
  // They call each other.
  function nested() { return [1].map(new Map().get); }, function joined() { return String([bad]); },
  function bound() { return [1].map(JSON.parse.bind(null, '{')); },
  function deep() { [[3, 1]].forEach((a) => a.sort(() => 'x'.replace(/x/, boom))); },
];
class List extends Array {}
class Table extends Map { constructor() { super(5); } }
class Plain extends Set {}
tests.push(function list() { List.of(1).forEach(boom); }, function table() { return new Table(); },
  function plain() { return new Plain(5); }, function sized() { return new List(-1); });
// Of the program's own functions only those without a receiver: optimized code does not know the others'.
const lines = (e) => e.stack.split('\n').map((l) => l.trim().replace(/\((\/|[A-Z]:).*[\/\\]([^\/\\]+:\d+:\d+)\)/, '($2)'))
  .filter((l) => l.endsWith('(<anonymous>)') || (/^at (new )?\w+ \(builtin/.test(l) && !/^at (boom|toJSON) /.test(l)));
for (const f of tests) {
  const seen = new Set();
  for (let i = 0; i < 400; i++) {
    try { f(); seen.add('nothing'); } catch (e) { if (i % 25 === 0) seen.add(lines(e).slice(0, 5).join('\n  ')); }
  }
  for (const s of seen) console.log(`${f.name}\n  ${s}`);
}
// An error's own constructors are left out, unless the error is another one.
try { throw new TypeError(bad); } catch (e) { console.log(lines(e).slice(0, 3).join('\n')); }
console.log(lines(Error()).slice(0, 1), lines(new RangeError('r')).slice(0, 1));
class Own extends Error { constructor(m) { super(m); this.name = 'Own'; } }
function own() { return new Own('o'); }
console.log(lines(own()).slice(0, 1));
const captured = {};
[1].forEach(function capture() { Error.captureStackTrace(captured); });
console.log(lines(captured).slice(0, 2));
[1].forEach(function capture() { Error.captureStackTrace(captured, capture); });
console.log(lines(captured).slice(0, 1));
