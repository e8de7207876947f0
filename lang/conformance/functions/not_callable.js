'use strict';
// The messages of calling what cannot be called.
const o = { a: 1, nested: { deep: null } };
const arr = [1];
const tries = [
  () => o.a(), () => o.missing(), () => o.nested.deep(), () => o.nested.deep.more(), () => arr[0](), () => arr[7](),
  () => { let f; f(); }, () => { const f = 5; f(); }, () => new o.a(), () => new (() => 0)(), () => { const k = 'dyn'; o[k](); },
  () => o.nested.deep.x, () => o.nope.x, () => { o.nope.x = 1; }, () => { null.x; }, () => { undefined.x; }, () => o.nope[0], () => { o.nope['a' + 1]; }, () => [].reduce((a, b) => a),
  () => [1].map(5), () => [1].forEach(), () => [3, 1].sort(7),
];
for (const t of tries) try { t(); console.log('no error'); } catch (e) { console.log(e.name + ': ' + e.message); }
