import { spawnSync } from 'node:child_process';

/** What the worker answers when it was not started by mediasoup (its src/main.cpp). */
const NOT_MY_FATHER = 41;

/**
 * Whether this file is a mediasoup-worker that runs here: it exists, is meant for this processor, and finds its
 * shared libraries in versions it can use. Takes some 5 ms.
 *
 * @param {string} bin
 */
export function isWorker(bin) {
  return spawnSync(bin, [], { env: {}, stdio: 'ignore', timeout: 5000 }).status === NOT_MY_FATHER;
}
