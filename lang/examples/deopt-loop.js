'use strict';
// A deopt loop, and its end. Watch it with
//
//   petrel run --trace-deopt lang/examples/deopt-loop.js
//   petrel run --trace-deopt --policy naive lang/examples/deopt-loop.js
//
// For three rounds every price is a whole number of cents, and `charge` is optimized for that. From round 4 on one
// price in a hundred is missing. The default policy learns from the first failures, and the loop ends; the naive one
// compiles the same guess again and again.
function charge(item) {
  return item.cents * item.quantity;
}

function bill(items) {
  let sum = 0;
  for (let i = 0; i < items.length; i++) sum += charge(items[i]) || 0;
  return sum;
}

const complete = [];
const patchy = [];
for (let i = 0; i < 5000; i++) {
  complete.push({ cents: 100 + i % 900, quantity: 1 + i % 3 });
  patchy.push({ cents: i % 100 === 99 ? undefined : 100 + i % 900, quantity: 1 + i % 3 });
}

for (let round = 1; round <= 12; round++) {
  performance.mark('iteration');
  let sum = 0;
  for (let k = 0; k < 20; k++) sum += bill(round < 4 ? complete : patchy);
  console.log('round', round, round < 4 ? 'complete' : 'patchy', sum);
}
