'use strict';

/*
 * Somebody in the middle, with a certificate that the client trusts: a TLS
 * channel to each side, and all lines passed on as they are.
 */

const tls = require('node:tls');

class Relay {
  /* own is {cert, key}; where, the daemon, as for tls.connect(). */
  static open(own, where) {
    const relay = new Relay();
    relay.server = tls.createServer(own, (near) => {
      const far = tls.connect(where);
      for (const socket of [near, far])
        socket.on('error', () => near.destroy());
      near.on('close', () => far.destroy());
      near.pipe(far).pipe(near);
    });
    return new Promise((resolve) => {
      relay.server.listen(0, '127.0.0.1', () => {
        relay.port = relay.server.address().port;
        resolve(relay);
      });
    });
  }

  close() {
    this.server.close();
  }
}

module.exports = { Relay };
