// refuse: 5:12 function in a block of sloppy code
// Each iteration has a function of its own, which its closure keeps.
const all = [];
for (let i = 0; i < 3; i++) {
  function own() {
    return i;
  }
  all.push(() => own());
}
console.log(all.map(f => f()).join());
