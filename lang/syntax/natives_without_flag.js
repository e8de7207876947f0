'use strict';
// syntax: 4
function f() {}
%GetOptimizationStatus(f);
