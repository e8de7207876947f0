'use strict';
// Stack exhaustion inside optimized frames is caught and survivable.
function down(n) { return n === 0 ? 0 : 1 + down(n - 1); }
for (let i = 0; i < 300; i++) down(50);
let caught = 0;
for (let i = 0; i < 3; i++) try { down(1e9); } catch (e) { if (e instanceof RangeError) caught++; }
console.log(caught, down(1000));
class T { constructor(d) { this.kid = d > 0 ? new T(d - 1) : null; } depth() { return this.kid === null ? 1 : 1 + this.kid.depth(); } }
for (let i = 0; i < 200; i++) new T(20).depth();
console.log(new T(500).depth());
try { new T(1e9); } catch (e) { console.log(e.name); }
let d = 0;
function count(n) { d = n; count(n + 1); }
try { count(0); } catch (e) { console.log(e.name, d > 1000); }
function withTry(n) { try { return withTry(n + 1); } catch (e) { return n > 1000; } }
console.log(withTry(0));
