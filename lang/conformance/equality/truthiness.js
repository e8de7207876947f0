'use strict';
// Every value in every boolean position.
const values = [undefined, null, true, false, 0, -0, 1, -1, NaN, Infinity, '', ' ', '0', 'false', {}, [], () => 0, 0.1];
for (const v of values) {
  let viaIf = 'no';
  if (v) viaIf = 'yes';
  let viaWhile = 0;
  while (v) { viaWhile = 1; break; }
  console.log(viaIf, viaWhile, !v, !!v, v ? 1 : 0, (v && 'and') === 'and', (v || 'or') === 'or', (v ?? 'nn') === 'nn', Boolean(v));
}
