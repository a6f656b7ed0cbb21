import { accessSync, constants, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
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
  const home = join(cacheFolder(env), 'conclave', 'worker', workerKey(root, version));
  const bin = join(home, 'mediasoup-worker');
  if (isWorker(bin)) return bin;

  createFolder(dirname(home));
  await onlyOne(`${home}.lock`, async () => {
    if (isWorker(bin)) return;
    removeLeftOvers(home);
    const folder = mkdtempSync(`${home}.build-`);
    try {
      const fresh =
        (await downloadWorker(version, createFolder(join(folder, 'prebuilt')))) ?? (await buildWorker(root, folder));
      if (!isWorker(fresh)) throw new SetupError(`the new mediasoup-worker does not run: ${fresh}`);
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
 * The XDG base directory specification ignores a relative path.
 *
 * @param {NodeJS.ProcessEnv} env
 */
function cacheFolder(env) {
  const named = env.XDG_CACHE_HOME;
  return named && isAbsolute(named) ? named : join(homedir(), '.cache');
}

/** @param {string} folder */
function createFolder(folder) {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new SetupError(
      `cannot create ${folder} (${/** @type {Error} */ (error).message}); set XDG_CACHE_HOME to a folder that can be written`,
    );
  }
  return folder;
}

/**
 * Build folders of set-ups that were killed. Ours is the lock, so nobody is using them; what may still run of a
 * killed build cannot write into our own folder, which has another name.
 *
 * @param {string} home
 */
function removeLeftOvers(home) {
  const names = readdirSync(dirname(home)).filter((name) => name.startsWith(`${basename(home)}.build-`));
  for (const name of names) rmSync(join(dirname(home), name), { recursive: true, force: true });
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
