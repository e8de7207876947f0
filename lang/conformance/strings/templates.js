'use strict';
// Template literals: nesting, multi-line, coercion, evaluation order.
const name = 'petrel';
const n = 3;
console.log(`hello ${name}, ${n} + ${n} = ${n + n}`, ``, `${n}`, `a${1}${2}b`, `\`esc\` \${no}`);
console.log(`line one
line two ${'nested ' + `inner ${n * 2}`}`);
console.log(`${null} ${undefined} ${true} ${[1, 2]} ${{}} ${-0} ${NaN}`);
const order = [];
function tick(v) { order.push(v); return v; }
console.log(`${tick('a')}-${tick('b')}-${tick('c')}`, order.join(''));
console.log(`${(() => { let s = 0; for (let i = 0; i < 5; i++) s += i; return s; })()}`);
console.log(`tab\tnewline\\n unicode \u0041`);
try { console.log(`${{ toString() { throw new Error('from toString'); } }}`); } catch (e) { console.log(e.message); }
