'use strict';
// What is said where there is nothing to destructure, and where: a default of the first property changes both.
const o = undefined, n = null, p = {};
const t = [
  () => { let { q = 1 } = o; }, () => { let { q: v = 1 } = n; }, () => { let { q = 1 } = null; }, () => { let { q } = undefined; }, () => { let { q: { r } } = undefined; }, () => { let { q = 1 } = undefined; }, () => { let { q: v } = void 0; }, () => { let { q: v = 1 } = void 0; },
  () => { let { q = 1 } = p.x; }, () => { (({ q = 1 }) => q)(); }, () => { (({ q }) => q)(undefined); }, () => { let q; ({ q = 1 } = undefined); }, () => { let q; ({ q } = undefined); }, () => { let { q = 1, ...r } = undefined; }, () => { let { ...r } = undefined; }, () => { let {} = undefined; }, () => { for (const { q = 1 } of [undefined]); }, () => { var { q = 1 } = undefined; }, () => { const { ['a' + 1]: z = 1 } = undefined; }, () => { let { q = 1 } = (0, undefined); }, () => { let { s, q = 1 } = undefined; },  () => { let { q = 1, s } = undefined; },
];
for (const f of t) { try { f(); console.log('ok'); } catch (e) { console.log(e.message, '|', String(f).slice(6, 60)); } }
const where = [
  () => { let { q: v = 1 } = null; },
  () => { let v; ({ q: v = 1 } = null); },
  () => { let v; ({ v = 1 } = null); },
  () => { let v = {}; ({ q: v.x = 1 } = null); },
  () => { (({ q: v = 1 }) => v)(); },
  () => { let { 'q r': v = 1 } = null; },
  () => { let { 5: v = 1 } = null; },
  () => { let { q: [a] = [1] } = null; },
  () => { let { q: { a } = 1 } = null; },
  () => { let { z: { q = 1 } } = { z: null }; },
  () => { let { z: { q } } = { z: null }; },
];
for (const f of where) {
  try {
    f();
    console.log('ok');
  } catch (e) {
    console.log(e.message, '|', e.stack.split('\n')[1].replace(/.*:(\d+:\d+)\)?$/, '$1'));
  }
}
function f({ abc = 1, d }) {
  return abc + d;
}
try {
  f();
} catch (e) {
  console.log(e.message, e.stack.split('\n')[1].replace(/.*:(\d+:\d+)\)?$/, '$1'));
}
