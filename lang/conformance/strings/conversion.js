'use strict';
// String() of everything.
class Named { toString() { return 'named!'; } }
const values = [1, -0, 1.5, 'x', true, null, undefined, [], [1, [2, 3]], [null], {}, new Named(), () => 1, NaN];
for (const v of values) console.log(String(v));
console.log(String(), typeof String(1), (123).toString().length, true.toString(), [1, 2].toString(), ({}).toString());
function add(a, b) { return a + b; }
console.log(String(add));
console.log(String(class Foo { bar() { return 1; } }));
console.log('' + ((x) => x * 2));
