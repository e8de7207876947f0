'use strict';
// finally and labelled jumps, generators of odd control flow.
function labelled() {
  const log = [];
  outer: for (let i = 0; i < 3; i++) {
    try {
      for (let j = 0; j < 3; j++) {
        try {
          if (j === 1 && i === 0) continue outer;
          if (i === 1) break outer;
          log.push(`${i}${j}`);
        } finally { log.push('in' + j); }
      }
    } finally { log.push('out' + i); }
  }
  return log.join(' ');
}
console.log(labelled());
function nestedReturn() {
  const log = [];
  const f = () => { try { try { return 'a'; } finally { log.push(1); } } finally { log.push(2); } };
  return [f(), log];
}
console.log(nestedReturn());
function throwInFinally() { try { try { throw new Error('first'); } finally { throw new Error('second'); } } catch (e) { return e.message; } }
console.log(throwInFinally());
function valueKept() { let i = 0; const next = () => ++i; try { return next(); } finally { next(); next(); } }
console.log(valueKept());
function deepFinally(n) { if (n === 0) return []; const log = deepFinally(n - 1); try { log.push('t' + n); return log; } finally { log.push('f' + n); } }
console.log(deepFinally(4).join(' '));
