'use strict';

/*
 * usage: node main.js FOLDER PORT LINE-PORT IDENTITY
 *
 * Runs all checks against the daemon in FOLDER, which has the ATM's service
 * at PORT of 127.0.0.1 and the line protocol at LINE-PORT. Prints TAP.
 */

const fs = require('node:fs');
const path = require('node:path');

const checks = Object.entries({
  ...require('./coming.js'),
  ...require('./money.js'),
  ...require('./again.js'),
  ...require('./factor.js'),
  ...require('./attack.js'),
});

function houseOf(folder, port, linePort, identity) {
  const read = (name) => fs.readFileSync(path.join(folder, name));
  const where = {
    host: '127.0.0.1', servername: 'localhost', ca: read('tls/ca.crt'),
  };
  return {
    identity,
    where: { ...where, port: Number(port) },
    line: { ...where, port: Number(linePort) },
    own: { cert: read('tls/server.crt'), key: read('tls/server.key') },
  };
}

async function main(house) {
  console.log(`1..${checks.length}`);
  for (const [index, [name, check]] of checks.entries()) {
    let word = 'ok';
    try {
      await check(house);
    } catch (problem) {
      word = 'not ok';
      process.exitCode = 1;
      console.log(problem.stack.replace(/^/gm, '# '));
    }
    console.log(`${word} ${index + 1} - ${name}`);
  }
}

/* A check that failed may have left connections open. */
main(houseOf(...process.argv.slice(2))).then(() => process.exit());
