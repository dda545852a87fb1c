'use strict';

/* Lines that were changed on their way, and ends. */

const assert = require('node:assert/strict');

const { Refused, newId } = require('./client.js');
const { balanceOf, closedWith, done, login, units } = require('./house.js');

/* Sends what edit makes of a sealed payment to karl; it is not done. */
async function attack(house, code, edit) {
  const session = await login(house, 'joan');
  const before = (await balanceOf(house.karl)).posted;
  const line = await session.requests.close(JSON.stringify(
    { op: 'pay', id: newId(), to: 'karl', amount: '1' }));
  await session.sendLine(edit(line));
  await closedWith(session, code);
  assert.equal((await balanceOf(house.karl)).posted, before);
}

/* One bit of a part of a JWE. */
function flip(line, part) {
  const parts = line.split('.');
  const bytes = Buffer.from(parts[part], 'base64url');
  bytes[0] ^= 1;
  parts[part] = bytes.toString('base64url');
  return parts.join('.');
}

module.exports = {
  'a changed header': (house) =>
    attack(house, 'mac-failed', (line) => flip(line, 0)),
  'a changed vector': (house) =>
    attack(house, 'mac-failed', (line) => flip(line, 2)),
  'a changed text': (house) =>
    attack(house, 'mac-failed', (line) => flip(line, 3)),
  'a changed tag': (house) =>
    attack(house, 'mac-failed', (line) => flip(line, 4)),
  'a line that is not sealed': (house) =>
    attack(house, 'mac-failed', () => '{"op":"logout"}'),
  'a line that comes twice': async (house) => {
    const session = await login(house, 'joan');
    const before = (await balanceOf(house.karl)).posted;
    const line = await session.requests.close(JSON.stringify(
      { op: 'pay', id: newId(), to: 'karl', amount: '0.50' }));
    await session.sendLine(`${line}\n${line}`);
    assert.equal((await session.receive()).ok, true);
    await closedWith(session, 'replay');
    assert.equal(units((await balanceOf(house.karl)).posted),
      units(before) + 50);
  },
  'a line that is left out': async (house) => {
    const session = await login(house, 'joan');
    session.requests.seq++;
    await assert.rejects(session.ask('balance', {}),
      (problem) => problem instanceof Refused &&
        problem.code === 'replay');
  },
  'a line of another session': async (house) => {
    const other = await login(house, 'joan');
    const line = await other.requests.close(
      JSON.stringify({ op: 'balance', id: newId() }));
    await attack(house, 'mac-failed', () => line);
    other.close();
  },
  'sealed, but not as it must be': async (house) => {
    const session = await login(house, 'joan');
    for (const [text, code] of [
      ['balance', 'bad-json'],
      ['[]', 'bad-json'],
      ['{"op":"balance","op":"balance"}', 'bad-json'],
      ['{"op":"balance"}', 'bad-request'],
      ['{"op":"balance","id":"no UUID"}', 'bad-request'],
    ]) {
      await session.sendLine(await session.requests.close(text));
      const answer = await session.receive();
      assert.equal('re' in answer, false);
      assert.equal(answer.error.code, code, text);
    }
    await balanceOf(session);
    session.close();
  },
  'a line that is too long': async (house) => {
    const session = await login(house, 'joan');
    await session.sendLine('x'.repeat(65537));
    await closedWith(session, 'too-large');
  },
  'the last request before one ends is answered': async (house) => {
    const session = await login(house, 'joan');
    const id = await session.send('balance');
    session.socket.end();
    assert.equal((await session.receive()).re, id);
    assert.equal(await session.ended(), true);
  },
  'logout': async ({ joan, karl }) => {
    await done(joan, 'logout');
    await done(karl, 'logout');
    joan.close();
    karl.close();
  },
};
