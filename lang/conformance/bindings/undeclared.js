'use strict';
// Undeclared names throw, in strict mode for writes too.
function attempt(f) { try { console.log(f()); } catch (e) { console.log(e.name + ': ' + e.message); } }
attempt(() => missing);
attempt(() => { missing = 1; });
attempt(() => missing());
attempt(() => missing.x);
attempt(() => typeof missing);
attempt(() => { missing += 1; });
