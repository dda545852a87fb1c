'use strict';

/* As much of the line protocol as it takes to do what an ATM does not. */

const assert = require('node:assert/strict');
const tls = require('node:tls');

/* Sends commands in machine mode; the lines of the answer to the last. */
async function say(where, ...commands) {
  const socket = tls.connect(where);
  socket.setEncoding('utf8');
  socket.write(['/mode machine', ...commands, '/quit', '']
    .join('\n'));
  let text = '';
  for await (const chunk of socket)
    text += chunk;
  /* Of the last "== " is that of /quit, the first that of /mode. */
  const answers = text.split(/^== .*\n/m).slice(1, -2);
  assert.equal(answers.length, commands.length, text);
  assert.doesNotMatch(text, /^== error/m);
  return answers.at(-1).split('\n').filter((line) => /^-- /.test(line));
}

module.exports = { say };
