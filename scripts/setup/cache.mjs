import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { SetupError } from './setup-error.mjs';

/**
 * Where what took long to get is kept. The XDG base directory specification ignores a relative path.
 *
 * @param {NodeJS.ProcessEnv} env
 */
export function cacheFolder(env) {
  const named = env.XDG_CACHE_HOME;
  return join(named && isAbsolute(named) ? named : join(homedir(), '.cache'), 'conclave');
}

/** @param {string} folder */
export function createFolder(folder) {
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
 * A folder in which something is made that becomes `home` when it is whole. Those of set-ups that were killed go: whoever calls
 * holds the lock, so nobody uses them, and what may still run of one cannot write into ours, which has another name.
 *
 * @param {string} home
 */
export function unfinishedFolder(home) {
  const start = `${basename(home)}.build-`;
  for (const name of readdirSync(dirname(home)).filter((each) => each.startsWith(start)))
    rmSync(join(dirname(home), name), { recursive: true, force: true });
  return mkdtempSync(join(dirname(home), start));
}
