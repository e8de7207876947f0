// refuse: 4:12 function in a block of sloppy code
// The first closure keeps the first block's function.
{
  function a() {
    return 1;
  }
  var first = () => a();
}
{
  function a() {
    return 2;
  }
}
console.log(first());
