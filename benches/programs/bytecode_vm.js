'use strict';
// A stack machine in one loop: a dense switch, an operand stack in an array, jumps.
const bench = require('./lib/harness').bench;

const PUSH = 0;
const LOAD = 1;
const STORE = 2;
const ADD = 3;
const SUB = 4;
const MUL = 5;
const LESS = 6;
const JUMP = 7;
const JUMP_IF_NOT = 8;
const MOD = 9;
const HALT = 10;

// sum = 0; i = 0; while (i < n) { if (i % 3 < 1) sum = sum + i * 2; i = i + 1 }
const CODE = [
  PUSH, 0, STORE, 0, PUSH, 0, STORE, 1,
  LOAD, 1, LOAD, 2, LESS, JUMP_IF_NOT, 45,
  LOAD, 1, PUSH, 3, MOD, PUSH, 1, LESS, JUMP_IF_NOT, 35,
  LOAD, 0, LOAD, 1, PUSH, 2, MUL, ADD, STORE, 0,
  LOAD, 1, PUSH, 1, ADD, STORE, 1, JUMP, 8, HALT,
  HALT,
];

function run(code, n) {
  const stack = [];
  const slots = [0, 0, n];
  let pc = 0;
  for (;;) {
    switch (code[pc++]) {
      case PUSH: stack.push(code[pc++]); break;
      case LOAD: stack.push(slots[code[pc++]]); break;
      case STORE: slots[code[pc++]] = stack.pop(); break;
      case ADD: {
        const b = stack.pop();
        stack.push(stack.pop() + b);
        break;
      }
      case SUB: {
        const b = stack.pop();
        stack.push(stack.pop() - b);
        break;
      }
      case MUL: {
        const b = stack.pop();
        stack.push(stack.pop() * b);
        break;
      }
      case MOD: {
        const b = stack.pop();
        stack.push(stack.pop() % b);
        break;
      }
      case LESS: {
        const b = stack.pop();
        stack.push(stack.pop() < b ? 1 : 0);
        break;
      }
      case JUMP: pc = code[pc]; break;
      case JUMP_IF_NOT: pc = stack.pop() === 0 ? code[pc] : pc + 1; break;
      case HALT: return slots[0];
      default: throw new Error('bad opcode at ' + (pc - 1));
    }
  }
}

bench(() => run(CODE, 10000), 33336666);
