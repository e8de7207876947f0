'use strict';
// Text built piece by piece: concatenation, templates, join, escapes, a run-length code and back.
const bench = require('./lib/harness').bench;

function escape(text) {
  let out = '';
  for (let i = 0; i < text.length; i++) {
    const c = text.charAt(i);
    if (c === '<') out += '&lt;';
    else if (c === '>') out += '&gt;';
    else if (c === '&') out += '&amp;';
    else out += c;
  }
  return out;
}

function table(rows) {
  const parts = [];
  for (let i = 0; i < rows; i++) {
    let line = '<tr>';
    for (let j = 0; j < 6; j++) line += `<td class="c${j}">${escape('a<b>&' + i * j)}</td>`;
    parts.push(line + '</tr>');
  }
  return parts.join('\n');
}

function encode(text) {
  let out = '';
  let i = 0;
  while (i < text.length) {
    let n = 1;
    while (i + n < text.length && n < 9 && text[i + n] === text[i]) n++;
    out += n + text[i];
    i += n;
  }
  return out;
}

function decode(code) {
  let out = '';
  for (let i = 0; i < code.length; i += 2) out += code[i + 1].repeat(Number(code[i]));
  return out;
}

bench(() => {
  const html = table(60);
  const code = encode(html);
  if (decode(code) !== html) throw new Error('lost in translation');
  return html.length * 100000 + code.length;
}, 1394627084);
