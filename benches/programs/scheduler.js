'use strict';
// A small operating system's scheduler: tasks of five kinds exchange packets through queues. Objects, interfaces,
// linked lists, state flags; nothing is numeric for long.
const bench = require('./lib/harness').bench;

class Packet {
  constructor(kind, value) {
    this.kind = kind;
    this.value = value;
    this.next = null;
  }
}

class Queue {
  constructor() {
    this.head = null;
    this.tail = null;
    this.length = 0;
  }
  put(packet) {
    packet.next = null;
    if (this.tail === null) this.head = packet;
    else this.tail.next = packet;
    this.tail = packet;
    this.length++;
  }
  take() {
    const packet = this.head;
    if (packet === null) return null;
    this.head = packet.next;
    if (this.head === null) this.tail = null;
    this.length--;
    return packet;
  }
}

class Task {
  constructor(id, priority) {
    this.id = id;
    this.priority = priority;
    this.inbox = new Queue();
    this.held = false;
    this.runs = 0;
    this.next = null;
  }
  ready() {
    return !this.held && this.inbox.head !== null;
  }
}

class Worker extends Task {
  constructor(id, priority) {
    super(id, priority);
    this.seed = 49734321 + id;
  }
  step(system, packet) {
    this.seed = (this.seed * 1309 + 13849) & 65535;
    packet.value = (packet.value + this.seed) & 1023;
    system.send(this.seed % 2 === 0 ? system.deviceA : system.deviceB, packet);
  }
}

class Handler extends Task {
  constructor(id, priority) {
    super(id, priority);
    this.handled = 0;
  }
  step(system, packet) {
    this.handled++;
    if (packet.kind === 1) system.send(system.worker, packet);
    else {
      packet.kind = 1;
      system.sleepers.put(packet);
      if (system.sleepers.length > 8) while (system.sleepers.head !== null) system.send(this, system.sleepers.take());
    }
  }
}

class Device extends Task {
  constructor(id, priority, delay) {
    super(id, priority);
    this.delay = delay;
    this.pending = null;
    this.sum = 0;
  }
  step(system, packet) {
    this.sum = (this.sum * 3 + packet.value) & 0xffffff;
    packet.kind = packet.value % this.delay === 0 ? 2 : 1;
    system.send(system.handler, packet);
  }
}

class Idle extends Task {
  constructor(id, priority, budget) {
    super(id, priority);
    this.budget = budget;
    this.control = 1;
  }
  ready() {
    return this.budget > 0;
  }
  step(system) {
    this.budget--;
    if ((this.control & 1) === 0) {
      this.control >>= 1;
      system.deviceA.held = !system.deviceA.held;
    } else {
      this.control = (this.control >> 1) ^ 0xd008;
      system.deviceB.held = false;
      system.deviceA.held = false;
    }
    while (system.sleepers.head !== null) system.send(system.handler, system.sleepers.take());
  }
}

class System {
  constructor(rounds) {
    this.sleepers = new Queue();
    this.sent = 0;
    this.worker = new Worker(1, 10);
    this.handler = new Handler(2, 20);
    this.deviceA = new Device(3, 30, 3);
    this.deviceB = new Device(4, 40, 5);
    this.idle = new Idle(5, 0, rounds);
    this.tasks = null;
    for (const task of [this.idle, this.worker, this.handler, this.deviceA, this.deviceB]) {
      task.next = this.tasks;
      this.tasks = task;
    }
    for (let i = 0; i < 12; i++) this.send(this.handler, new Packet(1 + (i % 2), i * 17));
  }
  send(task, packet) {
    this.sent++;
    task.inbox.put(packet);
  }
  run(limit) {
    let steps = 0;
    let task = this.tasks;
    while (task !== null && steps < limit) {
      if (task.ready()) {
        task.runs++;
        steps++;
        task.step(this, task.inbox.take());
        task = task.priority > 15 ? task : this.tasks;
      } else task = task.next;
    }
    return steps;
  }
}

function run() {
  const system = new System(1000);
  const steps = system.run(200000);
  return steps + system.sent + system.handler.handled + system.deviceA.sum + system.deviceB.sum;
}

bench(run, 14777221);
