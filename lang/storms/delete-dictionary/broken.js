'use strict';
// A pool of connections. A connection that is idle has no owner. From iteration 60 of 400 on, connections are given back.
//
//   node broken.js [ITERATIONS]
const iterations = Number(process.argv[2] || 400);
const givesBackAt = iterations * 3 / 20;

class Connection {
  constructor(id) {
    this.id = id;
    this.owner = id % 7;
    this.bytes = 100 + id % 50;
  }
}

function release(connection) {
  delete connection.owner;
}

function traffic(connection) {
  return connection.bytes + (connection.owner ? 8 : 4);
}

function sweep(pool) {
  let sum = 0;
  for (let i = 0; i < pool.length; i++) sum += traffic(pool[i]);
  return sum;
}

const pool = [];
for (let i = 0; i < 10000; i++) pool.push(new Connection(i));

// Which connection is given back when; where there is none, a spare one, so that the loop below has no branch to guess at.
const spare = new Connection(10000);
const given = [];
for (let n = 0; n < iterations; n++) {
  given.push(n >= givesBackAt && n % 2 === 0 ? pool[(n * 197) % 10000] : spare);
}

let total = 0;
for (let n = 0; n < iterations; n++) {
  performance.mark('iteration');
  release(given[n]);
  total = (total + sweep(pool)) % 1000003;
}
console.log('traffic', total, 'after', iterations, 'iterations');
