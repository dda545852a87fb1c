'use strict';

/* Looking back, asking again, and many at once. */

const assert = require('node:assert/strict');

const { batchId, newId } = require('./client.js');
const {
  WORD, balanceOf, done, login, refused, units,
} = require('./house.js');
const { say } = require('./line.js');

const AHEAD = 50; // requests that are sent before an answer is read

/* All pages of an account, the newest first. */
async function pages(session, op, members) {
  const all = [];
  let page = await done(session, op, members);
  assert(page.postings.length <= members.limit);
  all.push(...page.postings);
  while (page.next !== null) {
    page = await done(session, op, { ...members, before: page.next });
    assert(page.postings.length <= members.limit);
    all.push(...page.postings);
  }
  return { ...page, postings: all };
}

/* "2026-11", as the calendar here says. */
function monthOf(time) {
  const date = new Date(time);
  const month = String(date.getMonth() + 1).padStart(2, '0');
  return `${date.getFullYear()}-${month}`;
}

module.exports = {
  'history': async ({ joan, paid }) => {
    const { postings } = await done(joan, 'history', {});
    assert.deepEqual(
      postings.find(({ entry }) => entry === paid.entry), {
        entry: paid.entry, time: paid.time,
        amount: '-30.25', balance: '69.25',
        other: 'karl', memo: 'lunch', kind: 'pay',
      });
    assert.equal(postings[0].balance,
      (await balanceOf(joan)).posted);
  },
  'history in pages': async ({ joan }) => {
    const one = await done(joan, 'history', { limit: 500 });
    assert.equal(one.next, null);
    const { postings } = await pages(joan, 'history', { limit: 3 });
    assert.deepEqual(postings, one.postings);
    assert.deepEqual(postings.map(({ kind }) => kind), [
      'reverse', 'pay', 'capture', 'transfer', 'pay', 'pay',
      'withdraw', 'deposit',
    ]);
  },
  'history of another account': async ({ joan }) => {
    const { postings } = await done(joan, 'history',
      { account: 'savings' });
    assert.deepEqual(postings.map(({ amount }) => amount),
      ['-1.00', '9.50']);
    await refused(joan, 'no-such-account', 'history',
      { account: 'karl' });
    await refused(joan, 'bad-request', 'history', { limit: 501 });
  },
  'statement': async ({ joan, paid }) => {
    const month = monthOf(paid.time);
    const got = await pages(joan, 'statement', { month, limit: 3 });
    assert.equal(got.account, 'Joan');
    assert.equal(got.month, month);
    assert(got.postings.some(({ entry }) => entry === paid.entry));
    const sum = got.postings.reduce(
      (all, { amount }) => all + units(amount), 0);
    assert.equal(units(got.opening) + sum, units(got.closing));
  },
  'lookup': async ({ joan, karl, payment, paid }) => {
    const { known, answer } = await done(joan, 'lookup',
      { of: payment });
    assert.equal(known, true);
    assert.deepEqual(answer, paid);
    for (const [session, of] of [[joan, newId()], [karl, payment]]) {
      const none = await done(session, 'lookup', { of });
      assert.equal(none.known, false);
      assert.equal('answer' in none, false);
    }
  },
  'the same again': async ({ joan, payment, lunch, paid }) => {
    const before = await balanceOf(joan);
    assert.deepEqual(await done(joan, 'pay', lunch, payment), paid);
    assert.deepEqual(await balanceOf(joan), before);
  },
  'a refusal again': async ({ joan, karl }) => {
    const id = newId();
    const much = { to: 'joan', amount: '120' };
    const first = await refused(karl, 'insufficient-funds', 'pay',
      much, id);
    await done(joan, 'lookup', { of: id });
    assert.deepEqual(await karl.ask('pay', much, id), first);
    const { known, answer } = await done(karl, 'lookup', { of: id });
    assert.equal(known, true);
    assert.deepEqual(answer, first);
  },
  'the same again, after a lost connection': async (house) => {
    const before = units((await balanceOf(house.karl)).posted);
    const tea = { to: 'karl', amount: '0.10', memo: 'tea' };
    const session = await login(house, 'joan');
    const id = await session.send('pay', tea);
    session.close();
    const { entry } = await done(house.joan, 'pay', tea, id);
    const { answer } = await done(house.joan, 'lookup', { of: id });
    assert.equal(answer.entry, entry);
    assert.equal(units((await balanceOf(house.karl)).posted), before + 10);
  },
  'the same again, written otherwise': async ({ joan, payment, paid }) => {
    const { receipt, ...rest } = paid;
    assert.deepEqual(await done(joan, 'pay', {
      to: 'KARL', amount: '030.25', memo: 'lunch',
      account: 'joan', receipt: false,
    }, payment), rest);
    assert.match(receipt, /./);
  },
  'the same again, by the line protocol': async ({ line, joan }) => {
    const id = newId();
    const before = units((await balanceOf(joan)).posted);
    const [words] = await say(line, `/login joan ${WORD}`,
      `/pay karl 0.50 tea id=${id}`);
    const answer = await done(joan, 'pay',
      { to: 'karl', amount: '0.5', memo: 'tea' }, id);
    assert.match(words, new RegExp(`#${answer.entry}$`));
    assert.equal(units((await balanceOf(joan)).posted), before - 50);
  },
  'something else under the same id': async ({ joan, payment, lunch }) => {
    await refused(joan, 'id-conflict', 'pay',
      { ...lunch, amount: '30.26' }, payment);
    await refused(joan, 'id-conflict', 'deposit', { amount: '1' },
      payment);
  },
  'batch': async ({ joan, karl }) => {
    const before = (await balanceOf(karl)).posted;
    const id = newId();
    const own = newId();
    const transfers = [
      { to: 'karl', amount: '1', memo: 'one' },
      { id: own, to: 'karl', amount: '2', account: 'savings' },
      { to: 'karl', amount: '120' },
      { to: 'nobody', amount: '1' },
    ];
    const { results } = await done(joan, 'batch', { transfers }, id);
    assert.deepEqual(results.map(({ re }) => re),
      [batchId(id, 0), own, batchId(id, 2), batchId(id, 3)]);
    assert.deepEqual(
      results.map(({ ok, error }) => ok || error.code),
      [true, true, 'insufficient-funds', 'no-such-user']);
    assert.equal('receipt' in results[0], false);
    assert.equal(units((await balanceOf(karl)).posted),
      units(before) + 300);
    const again = await done(joan, 'batch', { transfers }, id);
    assert.deepEqual(again.results, results);
    const { answer } = await done(joan, 'lookup',
      { of: batchId(id, 0) });
    assert.equal(answer.entry, results[0].entry);
    assert.equal((await done(joan, 'lookup', { of: id })).known, false);
  },
  'the largest batch': async ({ joan, karl }) => {
    const before = units((await balanceOf(karl)).posted);
    const transfers = Array(1000).fill({ to: 'karl', amount: '0.01' });
    const id = newId();
    const { results } = await done(joan, 'batch', { transfers }, id);
    assert.equal(results.length, 1000);
    assert(results.every(({ ok }) => ok));
    assert.equal(results[999].re, batchId(id, 999));
    assert.equal(units((await balanceOf(karl)).posted), before + 1000);
    await refused(joan, 'bad-request', 'batch',
      { transfers: [...transfers, transfers[0]] });
  },
  'many requests ahead': async ({ joan, karl }) => {
    const before = (await balanceOf(karl)).posted;
    const ids = [];
    for (let i = 0; i < AHEAD; i++)
      ids.push(await joan.send('pay',
        { to: 'karl', amount: '0.01', receipt: false }));
    for (const id of ids) {
      const answer = await joan.receive();
      assert.equal(answer.re, id);
      assert.equal(answer.ok, true, JSON.stringify(answer));
    }
    assert.equal(units((await balanceOf(karl)).posted),
      units(before) + AHEAD);
  },
};
