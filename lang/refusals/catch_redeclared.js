'use strict';
// refuse: 3:34 var named like the catch parameter
try { throw 1; } catch (e) { var e = 2; console.log(e); }
