'use strict';
// Many patterns, each with some of the flags on some of the texts: everything that is found, as one number per flags.
const pats = ['a','abc','a*','a+?','(a|ab)(c|bcd)(d*)','^a','a$','^$','\\bfoo\\b','\\Boo','[abc]','[^abc]','[a-c]+','\\d+','\\w+','\\s+','\\D','\\W','\\S+','.','.*','(.)(.)','(?:a|b)+','(a)|(b)','(a*)*','(a*)+','(?:a*)*','(a*?)*?b','(z)((a+)?(b+)?(c))*','(?=a)a','(?!a).','(?<=a)b','(?<!a)b','(?<=(\\d+)(\\d+))$','(?<=\\1(a))b','(\\w)\\1','(?<x>a)(?<y>b)?','\\k<x>','x{2}','x{2,}','x{1,3}','x{0}','x{0,1}?','x{2,3}?','(ab){2}','(?:ab){1,2}?c','[\\d-x]','[-a]','[a-]','[\\]]','[]','[^]','a|b|','|a','()','(?:)','\\/','\\.','\\u0041','\\x41','\\cJ','\\0','\\101','\\8','{','a{','a{,2}',']','}','[\\b]','\\t','\\ud83d','\ud83d\ude00','[\ud83d\ude00]','\ud83d\ude00+','(?=(a+))a*b\\1','(?=(a+))','(.*?)a(?!(a+)b\\2c)\\2(.*)','(a+)(b+)?','(?:(a)|b)*','(?:(a)|(b)|(c))+','^(?:\\+|-)?\\d+(\\.\\d*)?([eE][+-]?\\d+)?$','(\\d{3})-(\\d{4})','"(?:[^"\\\\]|\\\\.)*"','\\s*,\\s*','<([a-z]+)[^>]*>(.*?)</\\1>','(?:x(?=(y))|x)+','((a)|b)*?c','(?:a|ab)(?:c|bcd)(?:d*)$','[à-ü]','é','É','ß','ſ','K','[k]','\\w','i','İ','[^\\W]','[^\\s\\S]','[\\s\\S]','(?<a>.)(?<b>.)\\k<b>','$^','a^','(^a)','(?:^|,)b','\\n','[^\\n]+$','^.+$'];
const texts = ['', 'a', 'aa', 'aaa', 'abc', 'abcd', 'abcde', 'b', 'ab', 'aab', 'foo bar', 'xfoo', 'zaacbbbcac', 'xx', 'xxx', 'xxxx', 'ababc', '12.5e3', '-7', '555-1234', 'say "hi \\" there" ok', 'a , b,c', '<b class=x>bold</b><i>it</i>', 'A\nb\r\nc\u2028d', '\ud83d\ude00', '\ud83d', 'x\ud83d\ude00y', 'baaabac', 'xyx', 'éÉèÈüÜ', 'STRASSE ß ſ K k', 'İiIı', 'aXbX1', '\t \u00a0\ufeff', '[]{}', 'a]b', '1053', 'tel: 555-1234!', '\0\x41', 'b,b,ab'];
const flagsList = ['', 'g', 'i', 'm', 's', 'u', 'y', 'gi', 'iu', 'gm', 'gy', 'd', 'gimsuy'];
function number(s) { let h = 0; for (let i = 0; i < s.length; i++) h = (h * 31 + s.charCodeAt(i)) | 0; return h; }
for (let i = 0; i < pats.length; i++) {
  const p = pats[i];
  let found = JSON.stringify(p);
  for (const f of [flagsList[i % flagsList.length], flagsList[(i * 5 + 3) % flagsList.length]]) {
    let re;
    try { re = new RegExp(p, f); } catch (e) { found += ' ' + e.message; continue; }
    let line = re + ' ';
    for (const t of [texts[i * 3 % texts.length], texts[(i * 7 + 5) % texts.length]]) {
      re.lastIndex = 0;
      const m = re.exec(t);
      line += JSON.stringify(m) + (m ? m.index + ':' + JSON.stringify(m.groups) + JSON.stringify(m.indices) : '') + re.lastIndex + ';';
      re.lastIndex = 1;
      line += re.test(t) + ',' + re.lastIndex + ';';
      re.lastIndex = 0;
      line += t.replace(re, "[$&|$1|$2|$`|$'|$<x>]") + ';' + JSON.stringify(t.split(re)) + JSON.stringify(t.split(re, 2)) + t.search(re) + JSON.stringify(t.match(re)) + re.lastIndex;
      if (f.includes('g')) {
        line += t.replaceAll(re, (...a) => '<' + a.length + a[0] + '>') + JSON.stringify([...t.matchAll(re)].map(m => [m.index, ...m]));
      }
    }
    found += ' ' + number(line);
  }
  console.log(found);
}
