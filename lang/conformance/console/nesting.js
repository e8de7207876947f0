'use strict';
// Depth limit, empty containers, nested arrays in objects.
console.log({ a: { b: { c: { d: 1 } } } });
console.log([[[[1]]]], [[[[]]]], [[[{}]]], { a: { b: { c: {} } } }, { a: { b: { c: [] } } });
console.log({ a: [1, { b: [2, { c: 3 }] }] });
console.log({}, [], [{}], [[]], { a: {} , b: [] });
console.log([{ x: 1, y: 2 }, { x: 3, y: 4 }]);
console.log({ list: [1, 2, 3], fn() {}, arrow: () => 0, cls: class Foo {}, anon: (() => function () {})(), nested: { deep: { deeper: { deepest: 1 } } } });
