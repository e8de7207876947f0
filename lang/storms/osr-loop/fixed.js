'use strict';
// One loop that never ends, as the main loop of a server: it is entered in the middle (OSR), and left when something odd comes.
//
//   node fixed.js [ITERATIONS]
const iterations = Number(process.argv[2] || 400);
const messages = 10000;

const inbox = [];
for (let i = 0; i < messages; i++) inbox.push({ size: i % 97, weight: 2 });
const late = inbox.slice();
for (let i = 49; i < messages; i += 50) late[i] = odd(i);

function odd(i) {
  return { size: i % 97, weight: 2 };
}

const schedule = [];
for (let n = 0; n <= iterations; n++) schedule.push(n <= iterations * 3 / 20 ? inbox : late);

function serve(rounds) {
  let load = 0;
  let box = inbox;
  for (let i = 0, n = 0; n < rounds; i++) {
    if (i === messages) i = 0;
    if (i === 0) {
      performance.mark('iteration');
      n += 1;
      load %= 65521;
      box = schedule[n];
    }
    const message = box[i];
    load += message.size * message.weight;
  }
  return load;
}

// A first short run, so that the loop's end is no news when the long one comes to it.
console.log('load', serve(iterations / 20), serve(iterations * 19 / 20), 'after', iterations, 'iterations');
