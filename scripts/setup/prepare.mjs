import { buildAll } from './build.mjs';
import { installPackages } from './packages.mjs';
import { workerPath } from './worker.mjs';

/**
 * Everything between a clean clone and a server that can start; each step is skipped when it is done already.
 * Leaves the worker's path in `env`, where the server looks for it.
 *
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 */
export async function prepare(root, env) {
  await installPackages(root);
  // Before the worker: who has broken the build hears of it in seconds, not after minutes.
  await buildAll(root);
  env.CONCLAVE_WORKER_BIN = await workerPath(root, env);
}
