'use strict';
// The methods of console are bound functions: their text has no name, though they have one.
for (const f of [console.log, console.error, console.group, console.timeEnd])
  console.log(String(f), f.name, f.length);
console.log(console.log < function f() {}, `${console.dir}` === String((() => 1).bind()));
