// refuse: 4:14 function in a block of sloppy code
// The block's binding would be 5, the one of the function around still the function.
{
    function a() {}
    a = 5;
}
console.log(typeof a);
