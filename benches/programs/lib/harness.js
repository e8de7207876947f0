'use strict';
// Runs one kernel again and again and tells how long each run took, so that steady state and warm-up can be told apart.
//
// Output: a line `ns_per_iteration N` per run, then `result R`. The program's first argument is how many runs are wanted,
// or, with `ms` behind it, for how long the program should run (at least 10 runs, at most 20,000). Each result is
// checked: a wrong one is an error, not a fast time.
const MOST = 20000;
const LEAST = 10;

exports.bench = function (run, expected) {
  const wanted = process.argv[2] || '20';
  const timed = wanted.endsWith('ms');
  const iterations = timed ? MOST : Number(wanted);
  const budget = timed ? Number(wanted.slice(0, -2)) : Infinity;
  const times = [];
  const begin = performance.now();
  let result;
  for (let i = 0; i < iterations; i++) {
    const start = performance.now();
    result = run();
    const end = performance.now();
    times.push((end - start) * 1e6);
    if (result !== expected) throw new Error('wrong result ' + result + ' instead of ' + expected);
    if (end - begin > budget && i + 1 >= LEAST) break;
  }
  for (const time of times) console.log('ns_per_iteration ' + Math.round(time));
  console.log('result ' + result);
};
