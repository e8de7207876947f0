'use strict';
// A bytecode interpreter in JavaScript: switch, arrays, calls and type changes all hot.
function run(code, input) {
  const st = [];
  const vars = [input, 0, 0];
  let pc = 0;
  while (true) {
    switch (code[pc++]) {
      case 0: return st.pop();
      case 1: st.push(code[pc++]); break;
      case 2: st.push(vars[code[pc++]]); break;
      case 3: vars[code[pc++]] = st.pop(); break;
      case 4: { const b = st.pop(); st.push(st.pop() + b); break; }
      case 5: { const b = st.pop(); st.push(st.pop() - b); break; }
      case 6: { const b = st.pop(); st.push(st.pop() * b); break; }
      case 7: { const t = code[pc++]; if (st.pop()) pc = t; break; }
      case 8: { const b = st.pop(); st.push(st.pop() < b ? 1 : 0); break; }
    }
  }
}
const loop = [1, 0, 3, 1, 2, 1, 2, 0, 4, 3, 1, 2, 2, 1, 1, 4, 3, 2, 2, 2, 1, 500, 8, 7, 4, 2, 1, 0];
console.log(run(loop, 3), run(loop, 0.5), run(loop, 10000000));
let s = 0;
for (let i = 0; i < 10; i++) s += run(loop, i);
console.log(s);
