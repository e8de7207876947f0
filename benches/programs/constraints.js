'use strict';
// A one-way constraint solver with strengths: virtual calls on small objects of five classes, growing lists, marks.
const bench = require('./lib/harness').bench;

const REQUIRED = 0;
const STRONG = 1;
const NORMAL = 2;
const WEAK = 3;

class Variable {
  constructor(name, value) {
    this.name = name;
    this.value = value;
    this.constraints = [];
    this.determinedBy = null;
    this.mark = 0;
    this.strength = WEAK;
    this.stay = true;
  }
}

class Constraint {
  constructor(strength) {
    this.strength = strength;
  }
  add(planner) {
    this.attach();
    planner.incrementalAdd(this);
  }
  isInput() {
    return false;
  }
}

class UnaryConstraint extends Constraint {
  constructor(variable, strength) {
    super(strength);
    this.output = variable;
    this.satisfied = false;
  }
  attach() {
    this.output.constraints.push(this);
  }
  detach() {
    const at = this.output.constraints.indexOf(this);
    if (at >= 0) this.output.constraints.splice(at, 1);
    this.satisfied = false;
  }
  chooseMethod(mark) {
    this.satisfied = this.output.mark !== mark && this.strength < this.output.strength;
  }
  isSatisfied() {
    return this.satisfied;
  }
  markInputs() {}
  inputsKnown() {
    return true;
  }
  outputVariable() {
    return this.output;
  }
  recalculate() {
    this.output.strength = this.strength;
    this.output.stay = !this.isInput();
    if (this.output.stay) this.execute();
  }
  unsatisfy() {
    this.satisfied = false;
  }
}

class Stay extends UnaryConstraint {
  execute() {}
}

class Edit extends UnaryConstraint {
  isInput() {
    return true;
  }
  execute() {}
}

class BinaryConstraint extends Constraint {
  constructor(a, b, strength) {
    super(strength);
    this.a = a;
    this.b = b;
    this.direction = 0;
  }
  attach() {
    this.a.constraints.push(this);
    this.b.constraints.push(this);
  }
  chooseMethod(mark) {
    if (this.a.mark === mark) {
      this.direction = this.b.mark !== mark && this.strength < this.b.strength ? 1 : 0;
    } else if (this.b.mark === mark) {
      this.direction = this.strength < this.a.strength ? -1 : 0;
    } else if (this.a.strength > this.b.strength) {
      this.direction = this.strength < this.a.strength ? -1 : 0;
    } else {
      this.direction = this.strength < this.b.strength ? 1 : 0;
    }
  }
  isSatisfied() {
    return this.direction !== 0;
  }
  inputVariable() {
    return this.direction > 0 ? this.a : this.b;
  }
  outputVariable() {
    return this.direction > 0 ? this.b : this.a;
  }
  markInputs(mark) {
    this.inputVariable().mark = mark;
  }
  inputsKnown(mark) {
    const input = this.inputVariable();
    return input.mark === mark || input.stay || input.determinedBy === null;
  }
  recalculate() {
    const input = this.inputVariable();
    const output = this.outputVariable();
    output.strength = this.strength > input.strength ? this.strength : input.strength;
    output.stay = input.stay;
    if (output.stay) this.execute();
  }
  unsatisfy() {
    this.direction = 0;
  }
}

class Equal extends BinaryConstraint {
  execute() {
    this.outputVariable().value = this.inputVariable().value;
  }
}

class Scale extends BinaryConstraint {
  constructor(a, factor, offset, b, strength) {
    super(a, b, strength);
    this.factor = factor;
    this.offset = offset;
  }
  attach() {
    super.attach();
    this.factor.constraints.push(this);
    this.offset.constraints.push(this);
  }
  markInputs(mark) {
    super.markInputs(mark);
    this.factor.mark = mark;
    this.offset.mark = mark;
  }
  execute() {
    if (this.direction > 0) this.b.value = this.a.value * this.factor.value + this.offset.value;
    else this.a.value = ((this.b.value - this.offset.value) / this.factor.value) | 0;
  }
}

class Planner {
  constructor() {
    this.currentMark = 0;
  }
  newMark() {
    return ++this.currentMark;
  }
  incrementalAdd(constraint) {
    const mark = this.newMark();
    let overridden = this.satisfy(constraint, mark);
    while (overridden !== null) overridden = this.satisfy(overridden, mark);
  }
  satisfy(constraint, mark) {
    constraint.chooseMethod(mark);
    if (!constraint.isSatisfied()) {
      if (constraint.strength === REQUIRED) throw new Error('a required constraint fails');
      return null;
    }
    constraint.markInputs(mark);
    const output = constraint.outputVariable();
    const overridden = output.determinedBy;
    if (overridden !== null) overridden.unsatisfy();
    output.determinedBy = constraint;
    this.propagate(constraint, mark);
    output.mark = mark;
    return overridden;
  }
  propagate(constraint, mark) {
    const todo = [constraint];
    while (todo.length > 0) {
      const next = todo.pop();
      if (next.outputVariable().mark === mark) throw new Error('a cycle');
      next.recalculate();
      this.consumers(next.outputVariable(), todo);
    }
  }
  consumers(variable, into) {
    for (const constraint of variable.constraints) {
      if (constraint !== variable.determinedBy && constraint.isSatisfied()) into.push(constraint);
    }
  }
  plan(sources) {
    const mark = this.newMark();
    const plan = [];
    const todo = sources.slice();
    while (todo.length > 0) {
      const constraint = todo.pop();
      if (constraint.outputVariable().mark !== mark && constraint.inputsKnown(mark)) {
        plan.push(constraint);
        constraint.outputVariable().mark = mark;
        this.consumers(constraint.outputVariable(), todo);
      }
    }
    return plan;
  }
}

function chain(length) {
  const planner = new Planner();
  const variables = [];
  for (let i = 0; i <= length; i++) variables.push(new Variable('v' + i, 0));
  for (let i = 0; i < length; i++) new Equal(variables[i], variables[i + 1], REQUIRED).add(planner);
  new Stay(variables[length], STRONG).add(planner);
  const edit = new Edit(variables[0], NORMAL - 1);
  edit.strength = REQUIRED;
  edit.add(planner);
  const plan = planner.plan([edit]);
  let sum = 0;
  for (let i = 0; i < 50; i++) {
    variables[0].value = i;
    for (const constraint of plan) constraint.execute();
    sum += variables[length].value;
  }
  return sum;
}

function projection(count) {
  const planner = new Planner();
  const factor = new Variable('factor', 10);
  const offset = new Variable('offset', 1000);
  const inputs = [];
  let output = null;
  for (let i = 0; i < count; i++) {
    const input = new Variable('in', i);
    output = new Variable('out', i);
    new Stay(input, NORMAL).add(planner);
    new Scale(input, factor, offset, output, REQUIRED).add(planner);
    inputs.push(input);
  }
  let sum = 0;
  for (let round = 0; round < 5; round++) {
    for (const input of inputs) {
      input.value += round;
      for (const constraint of input.constraints) {
        if (constraint.isSatisfied()) constraint.execute();
      }
    }
    sum += output.value;
  }
  return sum;
}

bench(() => chain(300) + projection(500), 31375);
