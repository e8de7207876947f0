'use strict';
const keys = (o) => {
  const all = [];
  for (const k in o) all.push(k);
  return all.join();
};
const under = Object.create(new Int32Array(2));
under.own = 1;
console.log(keys(under), keys(Object.create({ 0: 1 })), keys(Object.create({ 1234567: 1 })), keys(new Uint8Array(3)));
