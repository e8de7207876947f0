"use strict";
// What optimized code inlines for the methods of `Array.prototype` that call back.
//
// The library's functions are native. Where a call of one is compiled, its receiver is a plain array and its callback a
// function, the compiler takes the function below instead and inlines it with the callback. Its loop is then the
// caller's, and where the code must be left the interpreter goes on here. So each function says what remains to be done
// once receiver and callback have been found to be good: there are no conversions, and results are plain arrays. `%Name`
// is an operation of the engine, listed with the others in `bytecode/intrinsics.rs`; a program can redefine none of them.

function forEach(callback, thisArg) {
  const length = %ArrayLength(this);
  for (let i = 0; i < length; i++) {
    if (%HasElement(this, i)) %Call(callback, thisArg, %GetElement(this, i), i, this);
  }
}

function map(callback, thisArg) {
  const length = %ArrayLength(this);
  const result = %NewArray(length);
  for (let i = 0; i < length; i++) {
    if (%HasElement(this, i)) %Append(result, %Call(callback, thisArg, %GetElement(this, i), i, this));
    else %AppendHole(result);
  }
  return result;
}

function filter(callback, thisArg) {
  const length = %ArrayLength(this);
  const result = %NewArray(0);
  for (let i = 0; i < length; i++) {
    if (%HasElement(this, i)) {
      const value = %GetElement(this, i);
      if (%Call(callback, thisArg, value, i, this)) %Append(result, value);
    }
  }
  return result;
}

function some(callback, thisArg) {
  const length = %ArrayLength(this);
  for (let i = 0; i < length; i++) {
    if (%HasElement(this, i) && %Call(callback, thisArg, %GetElement(this, i), i, this)) return true;
  }
  return false;
}

function every(callback, thisArg) {
  const length = %ArrayLength(this);
  for (let i = 0; i < length; i++) {
    if (%HasElement(this, i) && !%Call(callback, thisArg, %GetElement(this, i), i, this)) return false;
  }
  return true;
}

function find(callback, thisArg) {
  const length = %ArrayLength(this);
  for (let i = 0; i < length; i++) {
    const value = %GetElement(this, i);
    if (%Call(callback, thisArg, value, i, this)) return value;
  }
}

function findIndex(callback, thisArg) {
  const length = %ArrayLength(this);
  for (let i = 0; i < length; i++) {
    if (%Call(callback, thisArg, %GetElement(this, i), i, this)) return i;
  }
  return -1;
}

function findLast(callback, thisArg) {
  for (let i = %ArrayLength(this) - 1; i >= 0; i--) {
    const value = %GetElement(this, i);
    if (%Call(callback, thisArg, value, i, this)) return value;
  }
}

function findLastIndex(callback, thisArg) {
  for (let i = %ArrayLength(this) - 1; i >= 0; i--) {
    if (%Call(callback, thisArg, %GetElement(this, i), i, this)) return i;
  }
  return -1;
}

// The two below are taken only for calls with an initial value.

function reduce(callback, initial) {
  const length = %ArrayLength(this);
  let sum = initial;
  for (let i = 0; i < length; i++) {
    if (%HasElement(this, i)) sum = %Call(callback, undefined, sum, %GetElement(this, i), i, this);
  }
  return sum;
}

function reduceRight(callback, initial) {
  let sum = initial;
  for (let i = %ArrayLength(this) - 1; i >= 0; i--) {
    if (%HasElement(this, i)) sum = %Call(callback, undefined, sum, %GetElement(this, i), i, this);
  }
  return sum;
}
