import { accessSync, constants, existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder, createFolder, unfinishedFolder } from './cache.mjs';
import { onlyOne } from './only-one.mjs';
import { SetupError } from './setup-error.mjs';
import { buildWorker } from './worker-build.mjs';
import { isWorker } from './worker-check.mjs';
import { downloadWorker } from './worker-download.mjs';
import { workerKey } from './worker-key.mjs';

/**
 * The path of a mediasoup-worker that runs here: the one that CONCLAVE_WORKER_BIN names, else the cached one, else
 * mediasoup's own when it can be downloaded, else one built from source.
 *
 * @param {string} root - With mediasoup in its node_modules.
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<string>}
 */
export async function workerPath(root, env) {
  if (env.CONCLAVE_WORKER_BIN) return givenWorker(resolve(env.CONCLAVE_WORKER_BIN));

  const { version } = JSON.parse(readFileSync(join(root, 'node_modules', 'mediasoup', 'package.json'), 'utf8'));
  const home = join(cacheFolder(env), 'worker', workerKey(root, version));
  const bin = join(home, 'mediasoup-worker');
  if (isWorker(bin)) return bin;

  createFolder(dirname(home));
  await onlyOne(`${home}.lock`, async () => {
    if (isWorker(bin)) return;
    const folder = unfinishedFolder(home);
    try {
      const fresh =
        (await downloadWorker(version, createFolder(join(folder, 'prebuilt')))) ?? (await buildWorker(root, folder));
      if (!isWorker(fresh)) throw new SetupError(`the new mediasoup-worker does not run: ${fresh}`);
      const stock = `${fresh}-stock`;
      if (existsSync(stock)) putInPlace(stock, `${bin}-stock`); // first: the worker itself says that all is there
      putInPlace(fresh, bin);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
  return bin;
}

/** @param {string} bin */
function givenWorker(bin) {
  try {
    accessSync(bin, constants.X_OK);
  } catch {
    throw new SetupError(`CONCLAVE_WORKER_BIN is not a program: ${bin}`);
  }
  return bin;
}

/**
 * By rename, so that the cache only ever holds whole workers, and a worker that runs keeps its file.
 *
 * @param {string} fresh
 * @param {string} bin
 */
function putInPlace(fresh, bin) {
  createFolder(dirname(bin));
  renameSync(fresh, bin);
}

// Run directly, as a build stage of a container does: the last line on stdout is the path.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { reportAndExit } = await import('./report.mjs');
  await workerPath(join(import.meta.dirname, '..', '..'), process.env).then((path) => console.log(path), reportAndExit);
}
