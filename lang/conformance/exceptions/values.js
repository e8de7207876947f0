'use strict';
// Anything can be thrown; catch bindings are scoped; catch without a binding.
for (const v of [1, 'str', null, undefined, { code: 7 }, [1, 2], -0, NaN]) {
  try { throw v; } catch (e) { console.log(e, e === v || v !== v); }
}
const e = 'outer';
try { throw 'inner'; } catch (e) { console.log(e); { let e = 'block'; console.log(e); } }
console.log(e);
try { throw 1; } catch { console.log('no binding'); }
let captured;
try { throw 'captured'; } catch (x) { captured = () => x; x = x + '!'; }
console.log(captured());
function thrower(v) { throw v; }
const results = [1, 2, 3].map((v) => { try { if (v === 2) thrower(v * 10); return v; } catch (x) { return -x; } });
console.log(results);
