'use strict';
// A little virtual machine written with switch.
function run(code) {
  const stack = [];
  let pc = 0, steps = 0;
  for (;;) {
    steps++;
    switch (code[pc++]) {
      case 'push': stack.push(code[pc++]); break;
      case 'add': stack.push(stack.pop() + stack.pop()); break;
      case 'mul': stack.push(stack.pop() * stack.pop()); break;
      case 'dup': stack.push(stack[stack.length - 1]); break;
      case 'dec': stack[stack.length - 1]--; break;
      case 'jnz': { const target = code[pc++]; if (stack[stack.length - 1] !== 0) pc = target; break; }
      case 'swap': { const a = stack.pop(), b = stack.pop(); stack.push(a, b); break; }
      case 'halt': return [stack, steps];
      default: throw new Error('bad opcode ' + code[pc - 1] + ' at ' + (pc - 1));
    }
  }
}
console.log(run(['push', 2, 'push', 3, 'add', 'dup', 'mul', 'halt']));
console.log(run(['push', 10, 'dec', 'jnz', 2, 'halt']));
try { run(['nope']); } catch (e) { console.log(e.message); }
function days(m, leap) { switch (m) { case 2: return leap ? 29 : 28; case 4: case 6: case 9: case 11: return 30; default: return 31; } }
let total = 0;
for (let m = 1; m <= 12; m++) total += days(m, true);
console.log(total);
