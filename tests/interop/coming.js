'use strict';

/* Hello, and coming and going. */

const assert = require('node:assert/strict');

const { Forged, Session } = require('./client.js');
const { WORD, done, firstLine, open, refused } = require('./house.js');
const { Relay } = require('./relay.js');

/* It is thrown, Forged, with words that begin so. */
function forged(what) {
  return (problem) => problem instanceof Forged &&
    problem.message.startsWith(what);
}

module.exports = {
  'hello of the daemon that is known': async (house) => {
    house.joan = await open(house);
    assert.equal(house.joan.identity, house.identity);
  },
  'another identity is noticed': async ({ where }) => {
    await assert.rejects(
      Session.open(where, `SHA256:${'A'.repeat(43)}`),
      forged('identity'));
  },
  'somebody in the middle is noticed': async (house) => {
    const relay = await Relay.open(house.own, house.where);
    await assert.rejects(
      Session.open({ ...house.where, port: relay.port },
        house.identity),
      forged('confirm'));
    relay.close();
  },
  'without ALPN': async ({ where, identity }) => {
    const session = await Session.open(
      { ...where, ALPNProtocols: undefined }, identity);
    session.close();
  },
  'TLS 1.2 is refused': async (house) => {
    assert.equal(await firstLine(house, '{}',
      { maxVersion: 'TLSv1.2' }), 'tls13-required');
  },
  'something else than hello is refused': async (house) => {
    const nonce = Buffer.alloc(32).toString('base64url');
    for (const [line, code] of [
      ['{"op":"login"}', 'hello-first'],
      ['{"op":"hello","v":1,"client_nonce":"AAAA"}', 'bad-nonce'],
      ['{"op":"hello","v":1}', 'bad-request'],
      [`{"op":"hello","v":2,"client_nonce":"${nonce}"}`,
        'bad-request'],
      ['hello', 'bad-json'],
    ])
      assert.equal(await firstLine(house, line), code, line);
  },
  'a first line that is too long': async (house) => {
    assert.equal(await firstLine(house, ' '.repeat(8193)),
      'too-large');
  },
  'nothing before the login': async ({ joan }) => {
    await refused(joan, 'login-required', 'balance');
  },
  'signup': async (house) => {
    const answer = await done(house.joan, 'signup',
      { user: 'Joan', password: WORD });
    assert.equal(answer.user, 'Joan');
    assert(Array.isArray(answer.roles));
    assert.equal(answer.last_login, null);
    house.karl = await open(house);
    await done(house.karl, 'signup', { user: 'karl', password: WORD });
  },
  'a name that is taken': async (house) => {
    const session = await open(house);
    await refused(session, 'name-taken', 'signup',
      { user: 'joan', password: WORD });
    session.close();
  },
  'logged in already': async ({ joan }) => {
    await refused(joan, 'already-logged-in', 'login',
      { user: 'joan', password: WORD });
  },
  'logout and login': async ({ joan }) => {
    await done(joan, 'logout');
    await refused(joan, 'login-required', 'accounts');
    const answer = await done(joan, 'login',
      { user: 'joan', password: WORD });
    assert.equal(answer.user, 'Joan');
    assert(Number.isInteger(answer.last_login));
    assert.equal(answer.currency, 'RIA');
    assert.equal(answer.scale, 2);
    assert.equal(answer.second_factor, false);
  },
  'the third wrong password ends the session': async (house) => {
    const session = await open(house);
    const wrong = { user: 'karl', password: 'open sesame 2' };
    for (let i = 0; i < 3; i++)
      await refused(session, 'bad-login', 'login', wrong);
    assert.equal(await session.ended(), true);
  },
};
