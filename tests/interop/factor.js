'use strict';

/* A second factor, at the login and for more than 150.00 at once. */

const assert = require('node:assert/strict');
const crypto = require('node:crypto');

const { newId } = require('./client.js');
const { WORD, closedWith, done, open, refused } = require('./house.js');
const { say } = require('./line.js');

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/* The six digits of now (RFC 6238: SHA-1, 30 s) for an otpauth: address. */
function codeOf(address) {
  const bits = [...new URL(address).searchParams.get('secret')]
    .map((letter) => BASE32.indexOf(letter).toString(2).padStart(5, '0'))
    .join('');
  const secret = Buffer.from(bits.match(/.{8}/g)
    .map((byte) => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000)));
  const mac = crypto.createHmac('sha1', secret).update(step).digest();
  const number = mac.readUInt32BE(mac.at(-1) & 15) & 0x7fffffff;
  return String(number % 1000000).padStart(6, '0');
}

module.exports = {
  'a second factor is made': async (house) => {
    const session = await open(house);
    await done(session, 'signup', { user: 'lena', password: WORD });
    const lines = await say(house.line, `/login lena ${WORD}`,
      `/factor on ${WORD}`, (answer) => {
        const address = answer.find((line) => /otpauth:/.test(line));
        return `/factor confirm ${codeOf(address.slice(3))}`;
      });
    house.codes = lines.join(' ').match(/\w{4}-\w{4}-\w{4}-\w{4}/g);
    assert.equal(house.codes.length, 10);
    await closedWith(session, 'session-ended');
  },
  'login with a second factor': async (house) => {
    const lena = { user: 'lena', password: WORD };
    const code = house.codes.pop();
    house.lena = await open(house);
    await refused(house.lena, 'code-required', 'login', lena);
    await refused(house.lena, 'bad-code', 'login',
      { ...lena, code: 'AAAA-AAAA-AAAA-AAAA' });
    await done(house.lena, 'login', { ...lena, code });
    const session = await open(house);
    await refused(session, 'bad-code', 'login', { ...lena, code });
    session.close();
  },
  'much money with a second factor': async ({ lena, codes }) => {
    for (let i = 0; i < 2; i++)
      await done(lena, 'deposit', { amount: '200' });
    const id = newId();
    const much = { to: 'karl', amount: '150.01' };
    await refused(lena, 'code-required', 'pay', much, id);
    assert.equal((await done(lena, 'lookup', { of: id })).known, false);
    const paid = await done(lena, 'pay', { ...much, code: codes.pop() },
      id);
    assert.deepEqual(await done(lena, 'pay', much, id), paid);
    await done(lena, 'pay', { ...much, amount: '150' });
    lena.close();
  },
};
