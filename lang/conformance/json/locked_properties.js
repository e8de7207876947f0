'use strict';
// A reviver may lock what it has not come to yet: such properties stay, without an error.
function lock(key, other, how) {
  return function (k, v) {
    if (k === key) Object.defineProperty(this, other, { configurable: false });
    return k === other ? how : v;
  };
}
console.log(JSON.parse('[1, 2]', lock('0', '1', 22)), JSON.parse('[1, 2]', lock('0', '1', undefined)));
console.log(JSON.parse('{"a": 1, "b": 2}', lock('a', 'b', 22)), JSON.parse('{"a": 1, "b": 2}', lock('a', 'b', undefined)));
console.log(JSON.parse('{"a": 1, "b": 2}', function (k, v) { if (k === 'a') { delete this.b; Object.preventExtensions(this); } return k === 'b' ? 3 : v; }));
console.log(JSON.parse('{"a": [1, {"b": 2}]}', (k, v) => (typeof v === 'number' ? undefined : v)));
// Spaces as objects.
const tree = { a: { b: [1, { c: 2 }] } };
const spaces = new Number(1);
spaces.valueOf = () => 3;
spaces.toString = () => { throw new Error('not asked'); };
console.log(JSON.stringify(tree, null, spaces));
const text = new String('xx');
text.toString = () => '--';
text.valueOf = () => { throw new Error('not asked'); };
console.log(JSON.stringify(tree, null, text));
console.log(JSON.stringify(tree, null, new Boolean(true)), JSON.stringify(tree, null, { valueOf: () => 2 }));
try { const bad = new Number(2); bad.valueOf = () => { throw new RangeError('asked'); }; JSON.stringify(tree, null, bad); } catch (e) { console.log(e.message); }
