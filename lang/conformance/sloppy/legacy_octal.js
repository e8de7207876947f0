// Octal numbers and escapes of sloppy code.
console.log(017, 0777, 08, 019, 00, 09.5, -010);
console.log(JSON.stringify('\07\101\377\0\00\000\08\400\8\9\1a\12\477'));
console.log({ 010: 'a' }, '\1'.length, "\33[0m".length);
