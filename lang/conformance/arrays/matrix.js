'use strict';
// Nested arrays doing real work.
function make(n, f) { const m = []; for (let i = 0; i < n; i++) { m[i] = []; for (let j = 0; j < n; j++) m[i][j] = f(i, j); } return m; }
function mul(a, b) { const n = a.length; return make(n, (i, j) => { let s = 0; for (let k = 0; k < n; k++) s += a[i][k] * b[k][j]; return s; }); }
const id = make(4, (i, j) => (i === j ? 1 : 0));
const m = make(4, (i, j) => i * 4 + j);
console.log(mul(m, id), mul(m, m)[3], make(2, (i, j) => (i + 1) / (j + 1)));
const life = ['.....', '..#..', '..#..', '..#..', '.....'].map((r) => r.split(''));
function step(g) { return g.map((row, y) => row.map((c, x) => { let n = 0; for (let dy = -1; dy <= 1; dy++) for (let dx = -1; dx <= 1; dx++) if ((dx || dy) && g[y + dy] && g[y + dy][x + dx] === '#') n++; return n === 3 || (n === 2 && c === '#') ? '#' : '.'; })); }
console.log(step(life).map((r) => r.join('')).join('\n'));
