'use strict';
// The oracle's side: one Node process that runs many programs. A line on standard input is a program as a JSON string;
// a line on standard output is what it printed and how it ended. Every program has a realm of its own. The console is
// the process's own, writing to a string, so that values are shown as `node FILE` shows them.
const vm = require('vm');
const { Console } = require('console');
const { Writable } = require('stream');
const readline = require('readline');

let printed = '';
const sink = new Writable({
  decodeStrings: false,
  write(chunk, encoding, done) {
    printed += chunk;
    done();
  },
});

readline.createInterface({ input: process.stdin }).on('line', (line) => {
  const source = JSON.parse(line);
  printed = '';
  let code = 0;
  let error = '';
  try {
    const console = new Console({ stdout: sink, stderr: sink });
    const context = vm.createContext({ console });
    const script = new vm.Script(`(function () { ${source}\n})()`, { filename: 'program.js' });
    script.runInContext(context, { timeout: 4000 });
  } catch (e) {
    error = String((e && e.stack) || e);
    if (e && e.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') code = 124;
    else if (e instanceof SyntaxError) code = 3;
    else code = 1;
  }
  process.stdout.write(JSON.stringify({ printed: printed.toWellFormed(), code, error: error.slice(0, 400).toWellFormed() }) + '\n');
});
