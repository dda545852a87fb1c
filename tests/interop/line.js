'use strict';

/* As much of the line protocol as it takes to do what an ATM does not. */

const assert = require('node:assert/strict');
const tls = require('node:tls');

/*
 * Sends commands in machine mode, each after the answer to the one before; a
 * function makes one of that answer's lines. The lines of the last answer.
 */
async function say(where, ...commands) {
  const socket = tls.connect(where);
  socket.setEncoding('utf8');
  const chunks = socket[Symbol.asyncIterator]();
  let text = '';
  let lines = [];
  for (const next of ['/mode machine', ...commands]) {
    const command = typeof next === 'string' ? next : next(lines);
    socket.write(`${command}\n`);
    let end;
    while (!(end = /^== (.*)\n/m.exec(text))) {
      const { value, done } = await chunks.next();
      assert(!done, text);
      text += value;
    }
    assert.equal(end[1], 'ok', `${command}: ${text}`);
    lines = text.slice(0, end.index).split('\n')
      .filter((line) => line.startsWith('-- '));
    text = text.slice(end.index + end[0].length);
  }
  socket.destroy();
  return lines;
}

module.exports = { say };
