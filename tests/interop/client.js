'use strict';

/*
 * A client for the ATM protocol, from doc/protocol.md alone. It needs node's
 * own TLS, hashes and HKDF, and a library for JWE and JWS.
 */

const crypto = require('node:crypto');
const tls = require('node:tls');

const jose = require('jose');

const EXPORTER = 'EXPERIMENTAL-rialto-session-1';
const LINE_MAX = 524288; // bytes of a line from the daemon

/* The daemon is not who it says, or somebody has changed what it said. */
class Forged extends Error {}

/* The daemon has refused to go on: code says why. */
class Refused extends Error {
  constructor({ code, text }) {
    super(`${code} ${text}`);
    this.code = code;
  }
}

/* The connection has ended. */
class Ended extends Error {}

function sha256(...parts) {
  const hash = crypto.createHash('sha256');
  parts.forEach((part) => hash.update(part));
  return hash.digest();
}

/* Both directions' keys and what the daemon must confirm. */
function sessionKeys(exported, clientNonce, serverNonce) {
  const salt = Buffer.concat([clientNonce, serverNonce]);
  const derive = (what, length) => Buffer.from(crypto.hkdfSync('sha256',
    exported, salt, `rialto/1 ${what}`, length));

  return {
    request: derive('request', 64),
    response: derive('response', 64),
    confirm: derive('confirm', 32),
  };
}

/*
 * The payload of a JWS by the server's identity key, and the identity that
 * has signed it. Without an identity that is known, takes what it is shown.
 */
async function verified(jws, known, typ) {
  let header;
  let payload;
  try {
    header = jose.decodeProtectedHeader(jws);
    const key = await jose.importJWK(header.jwk, 'EdDSA');
    const result = await jose.compactVerify(jws, key,
      { algorithms: ['EdDSA'] });
    payload = JSON.parse(Buffer.from(result.payload).toString());
  } catch (problem) {
    throw new Forged(`signature: ${problem.message}`);
  }
  const { jwk, kid } = header;
  if (jwk.kty !== 'OKP' || jwk.crv !== 'Ed25519')
    throw new Forged('signature: of another kind');
  if (sha256(Buffer.from(jwk.x, 'base64url')).toString('base64url') !== kid)
    throw new Forged('kid: of another key');
  if (known && known !== `SHA256:${kid}`)
    throw new Forged(`identity: SHA256:${kid}, not ${known}`);
  if (header.typ !== typ)
    throw new Forged(`typ: ${header.typ}, not ${typ}`);
  return { payload, identity: `SHA256:${kid}` };
}

/* What a receipt says; Forged where it is none of that identity. */
async function verifyReceipt(receipt, identity) {
  return (await verified(receipt, identity, 'rialto-receipt')).payload;
}

function uuidText(bytes) {
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16),
    hex.slice(16, 20), hex.slice(20)].join('-');
}

/* A new id, of version 7: it begins with the time. */
function newId() {
  const bytes = crypto.randomBytes(16);
  bytes.writeUIntBE(Date.now(), 0, 6);
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return uuidText(bytes);
}

/* The id of a transfer in a batch that was given none. */
function batchId(id, index) {
  const bytes = Buffer.from(id.replaceAll('-', ''), 'hex');
  sha256(bytes).copy(bytes, 8, 0, 8);
  bytes.writeUInt16BE(0x8000 | index, 6);
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return uuidText(bytes);
}

async function* linesOf(socket) {
  let rest = Buffer.alloc(0);
  for await (const chunk of socket) {
    rest = Buffer.concat([rest, chunk]);
    for (let end; (end = rest.indexOf('\n')) >= 0;) {
      yield rest.subarray(0, end).toString();
      rest = rest.subarray(end + 1);
    }
    if (rest.length > LINE_MAX)
      throw new Forged('a line that is too long');
  }
}

/* One direction's seal. */
class Seal {
  constructor(key) {
    this.key = key;
    this.seq = 0;
  }

  async close(plaintext) {
    return new jose.CompactEncrypt(Buffer.from(plaintext))
      .setProtectedHeader({
        alg: 'dir', enc: 'A256CBC-HS512', seq: this.seq++,
      })
      .encrypt(this.key);
  }

  async open(line) {
    let opened;
    try {
      opened = await jose.compactDecrypt(line, this.key, {
        keyManagementAlgorithms: ['dir'],
        contentEncryptionAlgorithms: ['A256CBC-HS512'],
      });
    } catch (problem) {
      throw new Forged(`mac-failed: ${problem.message}`);
    }
    if (opened.protectedHeader.seq !== this.seq)
      throw new Forged('replay');
    this.seq++;
    return Buffer.from(opened.plaintext).toString();
  }
}

function connected(options) {
  return new Promise((resolve, reject) => {
    const socket = tls.connect({
      ALPNProtocols: ['rialto-atm'],
      minVersion: 'TLSv1.3',
      ...options,
    }, () => resolve(socket));
    socket.once('error', reject);
  });
}

/*
 * A session, one per connection. Requests may be sent ahead: send() and
 * receive() are each to be waited for before they are called again.
 */
class Session {
  /*
   * options are those of tls.connect(); identity ("SHA256:…") is the one
   * that the daemon must have.
   */
  static async open(options, identity) {
    const session = new Session();
    session.socket = await connected(options);
    session.lines = linesOf(session.socket);
    try {
      await session.hello(identity);
    } catch (problem) {
      session.close();
      throw problem;
    }
    return session;
  }

  async hello(known) {
    const nonce = crypto.randomBytes(32);
    await this.sendLine(JSON.stringify({
      op: 'hello', v: 1, client_nonce: nonce.toString('base64url'),
    }));
    const answer = JSON.parse(await this.line());
    if (!answer.ok)
      throw new Refused(answer.error);

    const keys = sessionKeys(
      this.socket.exportKeyingMaterial(32, EXPORTER, Buffer.alloc(0)),
      nonce, Buffer.from(answer.server_nonce, 'base64url'));
    const { payload, identity } = await verified(answer.identity, known);
    if (payload.v !== 1 ||
        payload.confirm !== keys.confirm.toString('base64url') ||
        payload.client_nonce !== nonce.toString('base64url') ||
        payload.server_nonce !== answer.server_nonce)
      throw new Forged('confirm: of another channel');
    this.identity = identity;
    this.requests = new Seal(keys.request);
    this.answers = new Seal(keys.response);
  }

  sendLine(line) {
    return new Promise((resolve, reject) => {
      this.socket.write(`${line}\n`,
        (problem) => problem ? reject(problem) : resolve());
    });
  }

  async line() {
    let next;
    try {
      next = await this.lines.next();
    } catch (problem) {
      if (problem instanceof Forged)
        throw problem;
      throw new Ended(problem.message);
    }
    if (next.done)
      throw new Ended('the daemon has closed the session');
    return next.value;
  }

  /* Seals a request and sends it; its id, to tell its answer by. */
  async send(op, members = {}, id = newId()) {
    await this.sendLine(await this.requests.close(
      JSON.stringify({ op, id, ...members })));
    return id;
  }

  /* The next answer, in the order of the requests. */
  async receive() {
    try {
      return JSON.parse(await this.answers.open(await this.line()));
    } catch (problem) {
      this.close();
      throw problem;
    }
  }

  /* A request and its answer. Refused: the session is being closed. */
  async ask(op, members, id) {
    const asked = await this.send(op, members, id);
    const answer = await this.receive();
    if (answer.re === undefined)
      throw new Refused(answer.error);
    if (answer.re !== asked)
      throw new Forged(`answer to ${answer.re}, not ${asked}`);
    return answer;
  }

  /* Whether the daemon ends the connection, without another line. */
  async ended() {
    try {
      await this.line();
    } catch (problem) {
      return problem instanceof Ended;
    }
    return false;
  }

  close() {
    this.socket.destroy();
  }
}

module.exports = {
  Ended, Forged, Refused, Seal, Session, batchId, newId, sessionKeys,
  verified, verifyReceipt,
};
