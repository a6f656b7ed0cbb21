import { existsSync } from 'node:fs';
import { onPath } from './on-path.mjs';
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
