'use strict';
// Assignments to properties of objects of many shapes; of young objects to old ones; of what is frozen, inherited, an accessor.
const objects = [];
for (let i = 0; i < 40; i++) {
  const o = {};
  for (let j = 0; j < i % 13; j++) o["p" + ((i * 7 + j) % 29)] = j;
  o.value = 0;
  o.text = "";
  objects.push(o);
}
function assign(o, v) { o.value = v; o.text = "t" + v; o.next = { v }; }
for (let round = 0; round < 600; round++) {
  for (let i = 0; i < objects.length; i++) assign(objects[i], round + i);
}
let sum = 0;
for (const o of objects) sum += o.value + o.text.length + o.next.v;
console.log(sum);
let told = [];
const accessor = { set value(v) { told.push(v); }, get value() { return "got"; } };
assign(accessor, 1);
console.log(told, accessor.value, Object.keys(accessor).join());
const heir = Object.create({ value: 5, text: "inherited" });
assign(heir, 2);
console.log(heir.value, heir.text, Object.keys(heir).join());
const frozen = Object.freeze({ value: 1, text: "x" });
try { (function () { "use strict"; frozen.value = 2; })(); } catch (e) { console.log(e.constructor.name); }
try { assign(frozen, 3); } catch (e) { console.log(e.constructor.name); }
console.log(frozen.value);
for (const nothing of [null, undefined]) {
  try { assign(nothing, 1); } catch (e) { console.log(e.constructor.name, e.message); }
}
Object.defineProperty(objects[3], "value", { set(v) { told.push("own " + v); }, configurable: true });
assign(objects[3], 9);
console.log(told.join(), objects[3].value, objects[3].text);
