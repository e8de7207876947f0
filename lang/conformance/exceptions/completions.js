'use strict';
// try, catch and finally with every kind of completion in every position.
const log = [];
function run(tryDoes, catchDoes, finallyDoes) {
  for (let i = 0; i < 2; i++) {
    try {
      log.push('t');
      if (tryDoes === 'throw') throw new Error('from try');
      if (tryDoes === 'return') return 'try returned';
      if (tryDoes === 'break') break;
      if (tryDoes === 'continue') continue;
    } catch (e) {
      log.push('c');
      if (catchDoes === 'throw') throw new Error('from catch');
      if (catchDoes === 'return') return 'catch returned';
      if (catchDoes === 'break') break;
      if (catchDoes === 'continue') continue;
    } finally {
      log.push('f');
      if (finallyDoes === 'throw') throw new Error('from finally');
      if (finallyDoes === 'return') return 'finally returned';
      if (finallyDoes === 'break') break;
      if (finallyDoes === 'continue') continue;
    }
    log.push('e');
  }
  return 'fell through';
}
const kinds = ['normal', 'throw', 'return', 'break', 'continue'];
for (const a of kinds) for (const b of a === 'throw' ? kinds : ['normal']) for (const c of kinds) {
  log.length = 0;
  let result;
  try { result = run(a, b, c); } catch (e) { result = 'threw ' + e.message; }
  console.log(a, b, c, '=>', result, log.join(''));
}
