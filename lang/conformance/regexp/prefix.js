// Patterns whose matches are looked for by several characters at once: rows of different lengths, case, classes, both
// widths of text, matches at both ends, and beginnings that are only half there.
'use strict';
const dna = 'agggtaaatttaccctAGGGTAAAcgggtaaatttaccctagggtaa';
for (const re of [/agggtaaa|tttaccct/gi, /[cgt]gggtaaa|tttaccc[acg]/gi, /a[act]ggtaaa|tttacc[agt]t/gi, /aggg|ta/g, /gggt(a+)|acc/g]) {
  console.log(re.source, [...dna.matchAll(re)].map((m) => m.index + ':' + m[0]).join(' '));
}
const wide = dna + '\u20ac' + dna;
console.log(wide.match(/a\u20aca|tttaccct/g), wide.search(/[^a]\u20ac|\u20ac[^b]g/), wide.replace(/\u20acag+|aaat+/g, '<$&>').length);
console.log('aab ab xab'.match(/\bab|xa/g), 'ab'.match(/^ab|cd/g), 'cdab'.match(/^ab|cd/g), 'x\nab'.match(/^ab|cd/gm));
console.log('abab'.replace(/(?=ab)a(b)|ba/g, '[$1]'), 'aXbX'.split(/aX|bX/), /ab|cd/.exec('a'), /ab|cd/.exec(''));
console.log('ac abc abbbc'.match(/ab{2,}c|ac/g), 'foo.bar(baz)'.match(/o\.|\(b|z\)$/g), 'aaaa'.match(/aa(?:a|)|ab/g));
console.log('\u00e9t\u00e9 ETE \u00c9T\u00c9'.match(/\u00e9t|ET/gi), 'ſs KK'.match(/ss|kk/gi), 'ſs KK'.match(/ss|kk/giu));
const sticky = /bc|cd/y;
sticky.lastIndex = 1;
console.log(sticky.exec('abcd'), sticky.lastIndex, sticky.exec('abcd'), sticky.lastIndex);
