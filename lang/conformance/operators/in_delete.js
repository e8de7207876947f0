'use strict';
// in and delete on objects, arrays and prototypes.
const o = { a: undefined, b: 1 };
console.log('a' in o, 'b' in o, 'c' in o, delete o.b, 'b' in o, delete o.toString, 'toString' in o);
const a = [1, 2, 3];
console.log(0 in a, 3 in a, '1' in a, 'length' in a, 'push' in a, delete a[0], 0 in a, a);
for (const bad of ['str', 5, null, undefined]) try { 'x' in bad; } catch (e) { console.log(e.name + ': ' + e.message); }
try { delete a.length; } catch (e) { console.log(e.name + ': ' + e.message); }
try { delete null.x; } catch (e) { console.log(e.name + ': ' + e.message); }
class C { m() {} }
const c = new C();
c.x = 1;
console.log('m' in c, delete c.m, 'm' in c, delete c.x, 'x' in c);
