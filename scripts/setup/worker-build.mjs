import { mkdirSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { join } from 'node:path';
import { run } from './command.mjs';
import { fetchLibsrtpSource } from './libsrtp-source.mjs';
import { step } from './progress.mjs';
import { ensurePackages } from './system.mjs';

/** What the recipe in native/ needs: tools, and the libraries that the worker uses. */
const PACKAGES = [
  ...['cmake', 'ninja-build', 'g++', 'pkg-config', 'dpkg-dev', 'flatbuffers-compiler'],
  ...['libssl-dev', 'libuv1-dev', 'libabsl-dev', 'libflatbuffers-dev'],
];

/** The largest batch of the unity build took 0.9 GB: with fewer jobs than cores a small machine gets there too. */
const MEMORY_PER_JOB_BYTES = 1.2 * 1024 ** 3;

/**
 * Builds the worker from the source in mediasoup's npm package, as native/README.md describes.
 *
 * @param {string} root
 * @param {string} folder - Existing and empty; what is not the result may be thrown away.
 * @returns {Promise<string>} The worker's path. Beside it, with `-stock` behind its name, is one that sends as mediasoup does.
 */
export async function buildWorker(root, folder) {
  await ensurePackages('building mediasoup-worker', PACKAGES);

  const srtpFolder = join(folder, 'srtp');
  mkdirSync(srtpFolder);
  const srtpSource = await step("fetching libsrtp's source", () => fetchLibsrtpSource(srtpFolder));

  return await step('building mediasoup-worker (once for this version, 2-5 minutes on two cores)', async (at) => {
    const out = join(folder, 'build');
    const workerSource = join(root, 'node_modules', 'mediasoup', 'worker');
    const settings = [`-DWORKER_SOURCE=${workerSource}`, `-DSRTP_SOURCE=${srtpSource}`];
    await run('cmake', ['-G', 'Ninja', '-S', join(root, 'native'), '-B', out, ...settings]);

    const jobs = Math.max(1, Math.min(availableParallelism(), Math.floor(totalmem() / MEMORY_PER_JOB_BYTES)));
    const onLine = (/** @type {string} */ line) => {
      const place = line.match(/^\[(\d+\/\d+)\]/)?.[1];
      if (place) at(place);
    };
    await run('ninja', ['-C', out, '-j', String(jobs)], { onLine });
    return join(out, 'mediasoup-worker');
  });
}
