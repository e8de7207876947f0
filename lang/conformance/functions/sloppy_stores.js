// In sloppy code a store or delete that cannot be done is ignored; in strict code and in the library it throws.
const o = Object.freeze({ a: 1, get g() { return 5; } });
function sloppy(i) { o.a = i; o.b = i; o.g = i; o['a'] = i; delete o.a; }
for (let i = 0; i < 3; i++) sloppy(i);
console.log(o.a, o.b, o.g);
const list = Object.freeze([1, 2]);
list[0] = 9; list.length = 0; list[5] = 1;
console.log(list);
try { list.push(3); } catch (e) { console.log(e.name, e.message); }
function strict() {
  'use strict';
  try { o.a = 2; } catch (e) { console.log(e.message); }
  try { o.b = 2; } catch (e) { console.log(e.message); }
  try { o.g = 2; } catch (e) { console.log(e.message); }
  try { delete o.a; } catch (e) { console.log(e.message); }
}
strict();
'text'.length = 3;
(5).x = 1;
class K { m() { try { o.a = 5; } catch (e) { console.log('class', e.message); } } }
new K().m();
const setter = { set v(x) { 'use strict'; try { o.a = x; } catch (e) { console.log('setter', e.message); } } };
setter.v = 3;
