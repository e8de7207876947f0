'use strict';
// JSON: every kind of value, replacers, revivers, toJSON, indentation, escapes, order of keys.
const show = (...a) => console.log(JSON.stringify(...a));
show({ a: 1, b: [1, 'x', null, undefined, () => 1, NaN, Infinity, -0, 1e21, 1e-7], c: undefined, d: () => 1, e: { f: {} }, 2: 'two', 1: 'one' });
show(undefined); show(() => 1); show(null); show('a"b\\c\n\u0001\u2028é\ud800\ud83d\ude00'); show([]); show({}); show([[], {}]); show([undefined]); show(new Date(0)); show({ d: new Date(NaN) });
show({ a: [1, { b: 2 }], c: {} }, null, 2); show([1, [2]], null, '--'); show({ a: 1 }, null, 20); show([], null, 2); show({}, null, 2); show({ a: [] }, null, '\t'); show({ a: 1 }, null, 'abcdefghijklmnop'); show({ a: 1 }, null, 0); show({ a: 1 }, null, '');
show({ a: 1, b: 2, c: { a: 3, d: 4 } }, ['a', 'c', 'a']); show({ a: 1, b: 'x' }, (k, v) => (typeof v === 'number' ? v * 2 : v)); show([1, 2], (k, v) => (k === '0' ? undefined : v)); show({ a: { b: 1 } }, function (k, v) { return k === 'b' ? Object.keys(this).length : v; }); show({ 1: 1, 2: 2 }, [1]);
show({ toJSON() { return { x: 1 }; } }); show({ a: { toJSON(k) { return 'key:' + k; } } }); show(new (class { constructor() { this.p = 1; } get q() { return 2; } })()); show(Object.create({ inherited: 1 })); show(new Map([[1, 2]])); show(new Set([1])); show(new Error('x')); show([new Number(1), new String('s'), new Boolean(true)]); show(Object.assign([1], { extra: 2 }));
const p = (s, r) => console.log(JSON.parse(s, r));
p('{"a":[1,2.5,-3e2,true,false,null,"\\u0041\\n\\/"],"b":{"c":{}}}'); p(' [ 1 , 2 ] '); p('"\\ud83d\\ude00"'); p('-0'); p('1E5'); p('{"__proto__":1,"a":2}'); p('{"a":1,"a":2}'); p('{"10":1,"2":2,"b":3}'); p('""'); p('0'); p('123456789012345678901234567890'); p('[[[[[]]]]]');
p('{"a":1,"b":[1,2,{"c":3}]}', (k, v) => (typeof v === 'number' ? v + 1 : v)); p('{"a":1,"b":2}', (k, v) => (k === 'a' ? undefined : v)); p('[1,2,3]', function (k, v) { return Array.isArray(this) && k === '1' ? undefined : v; });
const order = []; JSON.parse('{"a":{"b":1},"c":[2,3]}', (k, v) => { order.push(k); return v; }); console.log(order);
for (const s of ['', '{', '[1,]', '{"a"}', '{a:1}', '01', '1.', '.5', '+1', 'tru', '"a', '"\t"', "'a'", '[1 2]', '{"a":1 "b":2}', 'nulll', '[}', '{"a":}', '\u00a01', '1e', '--1', '"\\x"', '[', '{"a":1,}', 'NaN', 'undefined', '{"a":tru}']) try { JSON.parse(s); console.log('accepted', s); } catch (e) { console.log(e.name + ': ' + e.message); }
const deep = {}; let at = deep; for (let i = 0; i < 50; i++) at = at.n = {}; console.log(JSON.stringify(deep).length, JSON.stringify(JSON.parse(JSON.stringify(deep))) === JSON.stringify(deep));
const big = Array.from({ length: 200 }, (_, i) => ({ id: i, name: 'item ' + i, tags: ['x', 'y'], nested: { ok: i % 2 === 0, v: i / 3 } })); const text = JSON.stringify(big); console.log(text.length, JSON.stringify(JSON.parse(text)) === text, JSON.stringify(big, null, 1).length);
