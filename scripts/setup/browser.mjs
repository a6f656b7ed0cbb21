import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { SetupError } from './setup-error.mjs';
import { ensurePackages } from './system.mjs';

/** Chromium without windows: starts in a sixth of the time of the whole browser. Debian's package has this name too. */
const NAME = 'chromium-headless-shell';

/**
 * The path of the browser that the tests drive: the one that CONCLAVE_CHROMIUM names, else Debian's.
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<string>}
 */
export async function browserPath(env) {
  if (env.CONCLAVE_CHROMIUM) {
    if (!existsSync(env.CONCLAVE_CHROMIUM))
      throw new SetupError(`CONCLAVE_CHROMIUM does not exist: ${env.CONCLAVE_CHROMIUM}`);
    return env.CONCLAVE_CHROMIUM;
  }
  const found = onPath(NAME, env);
  if (found) return found;

  await ensurePackages('the browser tests', [NAME]);
  const installed = onPath(NAME, env);
  if (!installed) throw new SetupError(`${NAME} is installed but not on the PATH; set CONCLAVE_CHROMIUM to its path`);
  return installed;
}

/**
 * @param {string} name
 * @param {NodeJS.ProcessEnv} env
 */
function onPath(name, env) {
  return (env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find(isProgram);
}

/** @param {string} file */
function isProgram(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false; // absent, or not for us to run
  }
}
