'use strict';
// Object.keys, values, entries, assign, freeze and friends.
const o = { b: 1, a: 2 };
console.log(Object.keys(o), Object.values(o), Object.entries(o), Object.keys([7, 8]), Object.keys('ab'), Object.entries(['x']));
const target = { a: 1 };
console.log(Object.assign(target, { b: 2 }, null, { a: 3 }), target);
const fz = Object.freeze({ x: 1, inner: { y: 2 } });
try { fz.x = 2; } catch (e) { console.log(e.name + ': ' + e.message); }
try { fz.z = 2; } catch (e) { console.log(e.name + ': ' + e.message); }
try { delete fz.x; } catch (e) { console.log(e.name + ': ' + e.message); }
fz.inner.y = 3;
console.log(fz, Object.isFrozen(fz), Object.isFrozen({}));
console.log(Object.fromEntries([['p', 1], ['q', 2]]), Object.getOwnPropertyNames({ z: 1, y: 2 }));
