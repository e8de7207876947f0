// Parameters and elements of arguments, which are the same variables, in hot sloppy functions.
function show(...x) { console.log(...x); }
function sum(total) { for (var i = 1; i < arguments.length; i++) total += arguments[i]; return total + arguments[0]; }
var z = 0; for (var y = 0; y < 20000; y++) z += sum(y, 1, 2); show(z);
function hot(p, q) { if (p > 3) { arguments[1] = p; p = q * 2; } return p + arguments[0] + q + arguments.length; }
z = 0; for (y = 0; y < 20000; y++) z += hot(y % 10, 3); show(z);
function escaping(p) { keep = arguments; p++; return p + keep[0]; } var keep;
z = 0; for (y = 0; y < 20000; y++) { z += escaping(y); keep[0] = 1; } show(z);
