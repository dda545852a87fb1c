'use strict';

/* What several checks need. A house is where the daemon is, and who came. */

const assert = require('node:assert/strict');
const tls = require('node:tls');

const { Session, verifyReceipt } = require('./client.js');

const WORD = 'open sesame 1'; // everybody's password

/* What a receipt is given for, unless it is not wanted. */
const MOVES = [
  'deposit', 'withdraw', 'pay', 'transfer', 'hold', 'capture', 'release',
  'reverse',
];

/* It is done; if there is a receipt, it says the same as the answer. */
async function done(session, op, members, id) {
  const answer = await session.ask(op, members, id);
  assert.equal(answer.ok, true, JSON.stringify(answer));
  assert.equal('receipt' in answer,
    MOVES.includes(op) && members.receipt !== false);
  if ('receipt' in answer) {
    const receipt = await verifyReceipt(answer.receipt, session.identity);
    assert.deepEqual(
      [receipt.entry, receipt.time, receipt.id, receipt.balance],
      [answer.entry, answer.time, answer.re, answer.balance?.posted]);
  }
  return answer;
}

async function refused(session, code, op, members, id) {
  const answer = await session.ask(op, members, id);
  assert.equal(answer.ok, false, JSON.stringify(answer));
  assert.equal(answer.error.code, code);
  assert.equal(typeof answer.error.text, 'string');
  return answer;
}

/* The session is told why it ends, sealed and without re, and ends. */
async function closedWith(session, code) {
  const answer = await session.receive();
  assert.equal(answer.ok, false);
  assert.equal(answer.error.code, code);
  assert.equal('re' in answer, false);
  assert.equal(await session.ended(), true);
}

/* The code that answers a first line, after which the session is closed. */
async function firstLine(house, line, options) {
  const socket = tls.connect({ ...house.where, ...options });
  socket.setEncoding('utf8');
  socket.write(`${line}\n`);
  let text = '';
  for await (const chunk of socket)
    text += chunk;
  assert.match(text, /^[^\n]+\n$/);
  const answer = JSON.parse(text);
  assert.equal(answer.ok, false);
  return answer.error.code;
}

function open(house) {
  return Session.open(house.where, house.identity);
}

async function login(house, user) {
  const session = await open(house);
  await done(session, 'login', { user, password: WORD });
  return session;
}

async function balanceOf(session, account) {
  const members = account === undefined ? {} : { account };
  return (await done(session, 'balance', members)).balance;
}

/* An amount in the smallest unit of the currency. */
function units(amount) {
  return Number(amount.replace('.', ''));
}

module.exports = {
  WORD, balanceOf, closedWith, done, firstLine, login, open, refused, units,
};
