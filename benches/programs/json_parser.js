'use strict';
// A JSON parser written in the language: character by character, a class per kind of value; then the built-in one.
const bench = require('./lib/harness').bench;

class Parser {
  constructor(text) {
    this.text = text;
    this.at = 0;
    this.current = '';
    this.step();
  }
  step() {
    this.current = this.at < this.text.length ? this.text[this.at] : null;
    this.at++;
  }
  space() {
    while (this.current === ' ' || this.current === '\n' || this.current === '\t' || this.current === '\r') this.step();
  }
  fail(what) {
    throw new Error('expected ' + what + ' at ' + (this.at - 1));
  }
  expect(character) {
    if (this.current !== character) this.fail(character);
    this.step();
  }
  word(word, value) {
    for (let i = 0; i < word.length; i++) this.expect(word[i]);
    return value;
  }
  value() {
    switch (this.current) {
      case 'n': return this.word('null', null);
      case 't': return this.word('true', true);
      case 'f': return this.word('false', false);
      case '"': return this.string();
      case '[': return this.array();
      case '{': return this.object();
      default: return this.number();
    }
  }
  array() {
    const items = [];
    this.step();
    this.space();
    if (this.current === ']') {
      this.step();
      return items;
    }
    for (;;) {
      this.space();
      items.push(this.value());
      this.space();
      if (this.current === ']') break;
      this.expect(',');
    }
    this.step();
    return items;
  }
  object() {
    const object = new Map();
    this.step();
    this.space();
    if (this.current === '}') {
      this.step();
      return object;
    }
    for (;;) {
      this.space();
      if (this.current !== '"') this.fail('a name');
      const name = this.string();
      this.space();
      this.expect(':');
      this.space();
      object.set(name, this.value());
      this.space();
      if (this.current === '}') break;
      this.expect(',');
    }
    this.step();
    return object;
  }
  string() {
    this.step();
    let start = this.at - 1;
    let text = '';
    while (this.current !== '"') {
      if (this.current === null) this.fail('the end of a string');
      if (this.current === '\\') {
        text += this.text.substring(start, this.at - 1);
        this.step();
        text += this.current === 'n' ? '\n' : this.current;
        start = this.at;
      }
      this.step();
    }
    text += this.text.substring(start, this.at - 1);
    this.step();
    return text;
  }
  isDigit() {
    return this.current !== null && this.current >= '0' && this.current <= '9';
  }
  number() {
    const start = this.at - 1;
    if (this.current === '-') this.step();
    if (!this.isDigit()) this.fail('a digit');
    while (this.isDigit()) this.step();
    if (this.current === '.') {
      this.step();
      while (this.isDigit()) this.step();
    }
    return Number(this.text.substring(start, this.at - 1));
  }
}

const rows = [];
for (let i = 0; i < 120; i++) {
  rows.push({ id: i, name: 'row "' + i + '"', tags: ['alpha', 'beta', String(i % 7)], price: i * 1.25, flags: { open: i % 2 === 0, left: null } });
}
const TEXT = JSON.stringify({ rows, total: rows.length }, null, 1);

function sum(rows, field) {
  let total = 0;
  for (let i = 0; i < rows.length; i++) total += field(rows[i]);
  return total;
}

bench(() => {
  const parsed = new Parser(TEXT).value();
  const builtin = JSON.parse(TEXT);
  const own = sum(parsed.get('rows'), (row) => row.get('price') + row.get('tags').length + row.get('name').length);
  const theirs = sum(builtin.rows, (row) => row.price + row.tags.length + row.name.length);
  return own + theirs + JSON.stringify(builtin).length;
}, 33244);
