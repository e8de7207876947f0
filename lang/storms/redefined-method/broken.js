'use strict';
// A meter whose record method is wrapped by instrumentation when the configuration is read.
// The configuration is read again in every fourth of 400 rounds, and every time the method is replaced by a new, equal one.
//
//   node broken.js [ITERATIONS]
const iterations = Number(process.argv[2] || 400);
const reloadEvery = Math.ceil(iterations / 100);

class Meter {
  constructor() {
    this.count = 0;
    this.sum = 0;
  }
  record(value) {
    this.count += 1;
    this.sum = this.sum + value & 65535;
  }
}

const original = Meter.prototype.record;
function instrument(offset) {
  Meter.prototype.record = function (value) {
    this.count += 1;
    this.sum = this.sum + value + offset & 65535;
  };
}

function feed(meter, values, reload) {
  for (let i = 0; i < values.length; i++) {
    if (i === reload) instrument(1);
    meter.record(values[i]);
  }
}

const values = [];
for (let i = 0; i < 20000; i++) values.push((i * 17) % 97);

instrument(1);
const meter = new Meter();
for (let n = 0; n < iterations; n++) {
  performance.mark('iteration');
  feed(meter, values, n % reloadEvery === 0 ? 5000 : -1);
}
console.log('recorded', meter.count, 'checksum', meter.sum, original === Meter.prototype.record);
