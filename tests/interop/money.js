'use strict';

/* Accounts, and what moves money. */

const assert = require('node:assert/strict');

const { Forged, newId, verifyReceipt } = require('./client.js');
const { WORD, balanceOf, done, refused } = require('./house.js');
const { say } = require('./line.js');

module.exports = {
  'accounts': async ({ joan }) => {
    const { accounts } = await done(joan, 'accounts');
    assert.deepEqual(accounts, [{
      account: 'Joan', posted: '0.00', held: '0.00',
      available: '0.00',
    }]);
  },
  'deposit': async ({ joan }) => {
    const answer = await done(joan, 'deposit',
      { amount: '100', memo: 'coins' });
    assert(Number.isInteger(answer.entry));
    assert(Number.isInteger(answer.time));
    assert.equal(answer.balance.posted, '100.00');
    assert.deepEqual(await balanceOf(joan), answer.balance);
  },
  'withdraw': async ({ joan }) => {
    const answer = await done(joan, 'withdraw', { amount: '0.5' });
    assert.equal(answer.balance.posted, '99.50');
  },
  'pay': async (house) => {
    house.payment = newId();
    house.lunch = { to: 'karl', amount: '30.25', memo: 'lunch' };
    house.paid = await done(house.joan, 'pay', house.lunch,
      house.payment);
    assert.equal(house.paid.balance.posted, '69.25');
    assert.equal((await balanceOf(house.karl)).posted, '30.25');
  },
  'a receipt': async ({ paid, payment, identity }) => {
    const { server, currency, hash, ...rest } =
      await verifyReceipt(paid.receipt, identity);
    assert.match(server, /./);
    assert.match(currency, /./);
    assert.match(hash, /^[\w-]{43}$/);
    assert.deepEqual(rest, {
      v: 1, entry: paid.entry, time: paid.time, kind: 'pay',
      id: payment, account: 'Joan', from: 'Joan', to: 'karl',
      amount: '30.25', fee: '0.00', balance: '69.25',
      memo: 'lunch',
    });
  },
  'a receipt that was changed': async ({ paid, identity }) => {
    const [header, payload, signature] = paid.receipt.split('.');
    const receipt = JSON.parse(Buffer.from(payload, 'base64url'));
    receipt.amount = '3000.25';
    const changed = Buffer.from(JSON.stringify(receipt))
      .toString('base64url');
    await assert.rejects(verifyReceipt(
      [header, changed, signature].join('.'), identity), Forged);
  },
  'a receipt of somebody else': async ({ paid }) => {
    await assert.rejects(verifyReceipt(paid.receipt,
      `SHA256:${'A'.repeat(43)}`), Forged);
  },
  'no receipt, where none is wanted': async ({ joan, karl }) => {
    const answer = await done(karl, 'pay',
      { to: 'joan', amount: '0.25', receipt: false });
    assert.equal('receipt' in answer, false);
    assert.equal((await balanceOf(joan)).posted, '69.50');
  },
  'transfer': async ({ line, joan }) => {
    await say(line, `/login joan ${WORD}`, '/account open savings');
    const answer = await done(joan, 'transfer',
      { from: 'joan', to: 'savings', amount: '9.50' });
    assert.equal(answer.balance.account, 'Joan');
    assert.equal(answer.balance.posted, '60.00');
    assert.equal((await balanceOf(joan, 'joan/savings')).posted,
      '9.50');
    const { accounts } = await done(joan, 'accounts');
    assert.deepEqual(accounts.map(({ account }) => account),
      ['Joan', 'Joan/savings']);
  },
  'pay from another account': async ({ joan }) => {
    const answer = await done(joan, 'pay',
      { to: 'karl', amount: '1', account: 'savings' });
    assert.equal(answer.balance.account, 'Joan/savings');
    assert.equal(answer.balance.posted, '8.50');
  },
  'hold and capture': async ({ joan, karl }) => {
    const end = Date.now() + 24 * 3600 * 1000;
    const held = await done(joan, 'hold', {
      to: 'karl', amount: '5', memo: 'the drill', expires_ms: end,
    });
    assert.equal(held.expires_ms, end);
    const { holds } = await done(karl, 'holds');
    assert.deepEqual(holds, [{
      hold: held.entry, side: 'receiver', from: 'Joan', to: 'karl',
      amount: '5.00', expires_ms: end, memo: 'the drill',
    }]);
    assert.deepEqual(held.balance, {
      account: 'Joan', posted: '60.00', held: '5.00',
      available: '55.00',
    });
    const taken = await done(karl, 'capture',
      { hold: held.entry, amount: '3' });
    assert.equal(taken.balance.account, 'karl');
    assert.equal((await balanceOf(joan)).available, '57.00');
    await refused(karl, 'hold-closed', 'capture',
      { hold: held.entry });
  },
  'hold and release': async ({ joan, karl }) => {
    const { entry } = await done(joan, 'hold',
      { to: 'karl', amount: '5' });
    assert.equal((await balanceOf(joan)).held, '5.00');
    await done(karl, 'release', { hold: entry });
    assert.equal((await balanceOf(joan)).held, '0.00');
    await refused(karl, 'hold-closed', 'release', { hold: entry });
    await refused(karl, 'no-such-hold', 'release', { hold: 1 });
  },
  'reverse': async ({ joan, karl }) => {
    const { entry } = await done(joan, 'pay',
      { to: 'karl', amount: '7' });
    const answer = await done(joan, 'reverse', { entry });
    assert.equal(answer.balance.posted, '57.00');
    assert.notEqual(answer.entry, entry);
    await refused(karl, 'not-found', 'reverse', { entry: 999999 });
  },
  'refusals of the bank': async ({ joan }) => {
    for (const [code, members] of [
      ['insufficient-funds', { to: 'karl', amount: '120' }],
      ['bad-amount', { to: 'karl', amount: '0' }],
      ['bad-amount', { to: 'karl', amount: '1.234' }],
      ['self-payment', { to: 'joan', amount: '1' }],
      ['no-such-user', { to: 'nobody', amount: '1' }],
      ['no-such-account',
        { to: 'karl', amount: '1', account: 'none' }],
    ])
      await refused(joan, code, 'pay', members);
  },
  'requests of another form': async ({ joan }) => {
    for (const members of [
      { to: 'karl' },
      { to: 'karl', amount: 1 },
      { to: 'karl', amount: '1', unknown: true },
    ])
      await refused(joan, 'bad-request', 'pay', members);
    await refused(joan, 'unknown-op', 'jump');
  },
};
