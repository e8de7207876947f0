'use strict';
// Writing length truncates or extends.
const a = [1, 2, 3, 4];
a.length = 2;
console.log(a, a[2], a.length);
a.length = 5;
console.log(a, a.length);
a.length = 0;
console.log(a, a.push('new'), a);
for (const bad of [-1, 1.5, 'x', 4294967296]) try { a.length = bad; } catch (e) { console.log(e.name + ': ' + e.message); }
a.length = '3';
console.log(a, a.length);
a[a.length] = 'appended';
console.log(a);
const d = [1.5, 2.5, 3.5];
d.length = 1;
d.push(4);
console.log(d);
a.length++;
console.log(a.length);
