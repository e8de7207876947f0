'use strict';
// Property access on primitives reaches the prototype, and misses are undefined.
console.log((5).foo, 'abc'.foo, true.foo, (5).toFixed(1), true.toString(), 'abc'.length, (1.5).toString());
const get = (v, k) => v[k];
console.log(get('abc', 'length'), get('abc', 1), get('abc', '2'), get(5, 'x'), get([1, 2], 'length'), get('abc', 'x'));
for (const v of [undefined, null]) {
  try { get(v, 'x'); } catch (e) { console.log(e.name + ': ' + e.message); }
}
try { 'abc'.foo(); } catch (e) { console.log(e.message); }
try { (5).foo.bar; } catch (e) { console.log(e.message); }
try { 'use'.length = 5; } catch (e) { console.log(e.name + ': ' + e.message); }
try { (5).x = 1; } catch (e) { console.log(e.name + ': ' + e.message); }
