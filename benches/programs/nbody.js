'use strict';
// Five bodies: doubles in object fields.
const bench = require('./lib/harness').bench;

class Body {
  constructor(x, y, z, vx, vy, vz, mass) {
    this.x = x;
    this.y = y;
    this.z = z;
    this.vx = vx;
    this.vy = vy;
    this.vz = vz;
    this.mass = mass;
  }
}

function system() {
  return [
    new Body(0, 0, 0, 0, 0, 0, 39.47841760435743),
    new Body(4.84143144246472, -1.16032004402743, -0.10362204447112, 0.60632639299583, 2.81198684491626, -0.02521836165989, 0.03769367487039),
    new Body(8.34336671824458, 4.1247985641243, -0.40352341711432, -1.01077434617879, 1.82566237123041, 0.00841576137658, 0.01128632613197),
    new Body(12.8943695621391, -15.1111514016986, -0.22330757889266, 1.08279100644153, 0.86871301816961, -0.01083263740136, 0.00172372405705),
    new Body(15.3796971148509, -25.919314609988, 0.17925877295037, 0.97909073224389, 0.59469899864767, -0.03475595551117, 0.00203368686992),
  ];
}

function advance(bodies, dt) {
  for (let i = 0; i < bodies.length; i++) {
    const a = bodies[i];
    for (let j = i + 1; j < bodies.length; j++) {
      const b = bodies[j];
      const dx = a.x - b.x;
      const dy = a.y - b.y;
      const dz = a.z - b.z;
      const d2 = dx * dx + dy * dy + dz * dz;
      const mag = dt / (d2 * Math.sqrt(d2));
      a.vx -= dx * b.mass * mag;
      a.vy -= dy * b.mass * mag;
      a.vz -= dz * b.mass * mag;
      b.vx += dx * a.mass * mag;
      b.vy += dy * a.mass * mag;
      b.vz += dz * a.mass * mag;
    }
  }
  for (let i = 0; i < bodies.length; i++) {
    const body = bodies[i];
    body.x += dt * body.vx;
    body.y += dt * body.vy;
    body.z += dt * body.vz;
  }
}

function run() {
  const bodies = system();
  for (let i = 0; i < 20000; i++) advance(bodies, 0.01);
  return Math.round((bodies[1].x + bodies[2].y) * 1e6);
}

bench(run, -4592946);
