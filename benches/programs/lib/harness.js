'use strict';
// Runs one kernel again and again and tells how long each run took, so that steady state and warm-up can be told apart.
//
// Output: a line `ns_per_iteration N` per run, then `result R`. The number of runs is the program's first argument. Each
// result is checked: a wrong one is an error, not a fast time.
exports.bench = function (run, expected) {
  const iterations = Number(process.argv[2] || 20);
  const times = [];
  let result;
  for (let i = 0; i < iterations; i++) {
    const start = performance.now();
    result = run();
    times.push((performance.now() - start) * 1e6);
    if (result !== expected) throw new Error('wrong result ' + result + ' instead of ' + expected);
  }
  for (const time of times) console.log('ns_per_iteration ' + Math.round(time));
  console.log('result ' + result);
};
