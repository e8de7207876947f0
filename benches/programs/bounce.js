'use strict';
// Balls in a box: a random-number object, small methods, booleans out of comparisons.
const bench = require('./lib/harness').bench;

class Random {
  constructor() {
    this.seed = 74755;
  }
  next() {
    this.seed = (this.seed * 1309 + 13849) & 65535;
    return this.seed;
  }
}

class Ball {
  constructor(random) {
    this.x = random.next() % 500;
    this.y = random.next() % 500;
    this.vx = (random.next() % 300) - 150;
    this.vy = (random.next() % 300) - 150;
  }
  bounce() {
    let bounced = false;
    this.x += this.vx;
    this.y += this.vy;
    if (this.x > 500) {
      this.x = 500;
      this.vx = -Math.abs(this.vx);
      bounced = true;
    }
    if (this.x < 0) {
      this.x = 0;
      this.vx = Math.abs(this.vx);
      bounced = true;
    }
    if (this.y > 500) {
      this.y = 500;
      this.vy = -Math.abs(this.vy);
      bounced = true;
    }
    if (this.y < 0) {
      this.y = 0;
      this.vy = Math.abs(this.vy);
      bounced = true;
    }
    return bounced;
  }
}

function simulate(count, steps) {
  const random = new Random();
  const balls = [];
  for (let i = 0; i < count; i++) balls.push(new Ball(random));
  let bounces = 0;
  for (let step = 0; step < steps; step++) {
    for (const ball of balls) {
      if (ball.bounce()) bounces++;
    }
  }
  return bounces;
}

bench(() => simulate(100, 200), 5327);
