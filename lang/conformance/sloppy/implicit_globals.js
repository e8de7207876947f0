// Globals that nothing declares: assigned again and again, by functions that run optimized, while others read them.
function Counter(start) {
  value = start;
}
Counter.prototype.next = function () {
  value = value + step;
  return value;
};
step = 1;
var c = new Counter(0), sum = 0;
for (var i = 0; i < 20000; i++) {
  if (i === 9000) step = 0.5;
  if (i === 15000) late = 'made late';
  sum += c.next() & 1023;
}
console.log(value, step, sum, late);

// A global that is a function, replaced by another one, and by something that cannot be called.
twice = function (x) { return 2 * x; };
function callTwice(x) { return twice(x); }
var total = 0;
for (var j = 0; j < 8000; j++) {
  if (j === 6000) twice = function (x) { return 3 * x; };
  total += callTwice(j);
}
console.log(total);
twice = 7;
try { callTwice(1); } catch (e) { console.log(e instanceof TypeError, e.message); }

// Library names are constant until somebody assigns them.
function root(x) { return Math.floor(Math.sqrt(x)); }
var roots = 0;
for (var k = 0; k < 8000; k++) {
  if (k === 6000) Math.floor = function (x) { return -x; };
  roots += root(100);
}
console.log(roots);
delete globalThis.step;
try { c.next(); } catch (e) { console.log(e.name, e.message); }
