import { chmodSync, writeFileSync } from 'node:fs';
import { arch, platform, release } from 'node:os';
import { join } from 'node:path';
import { run } from './command.mjs';
import { say } from './progress.mjs';
import { isWorker } from './worker-check.mjs';

/** All the time that the download may take: a machine that reaches GitHub needs 1-2 s, any other should not wait. */
const GIVE_UP_MS = 5000;

/**
 * Fetches the worker that mediasoup's authors built for their release.
 *
 * @param {string} version - mediasoup's.
 * @param {string} folder - Existing and empty.
 * @returns {Promise<string | undefined>} The worker's path; nothing when there is none, or none that runs here.
 */
export async function downloadWorker(version, folder) {
  const url = `${releases()}/${version}/${archiveName(version, platform(), arch(), release())}`;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(GIVE_UP_MS) });
    if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
    const archive = join(folder, 'worker.tgz');
    writeFileSync(archive, Buffer.from(await response.arrayBuffer()));
    await run('tar', ['-xzf', archive, '-C', folder]);

    const bin = join(folder, 'mediasoup-worker');
    chmodSync(bin, 0o755);
    if (!isWorker(bin)) throw new Error('it does not run here');
    say("using mediasoup's own worker for this release");
    return bin;
  } catch (error) {
    say(`mediasoup's own worker cannot be had (${reason(error)}): building it here`);
    return undefined;
  }
}

/** Where mediasoup looks too, with the setting by which its own installer can be sent elsewhere. */
function releases() {
  return (
    process.env.MEDIASOUP_WORKER_PREBUILT_DOWNLOAD_BASE_URL ||
    'https://github.com/versatica/mediasoup/releases/download'
  );
}

/**
 * As mediasoup's npm-scripts.mjs names its archives.
 *
 * @param {string} version
 * @param {string} system
 * @param {string} processor
 * @param {string} kernel - Such as "6.1.0-18-amd64".
 */
export function archiveName(version, system, processor, kernel) {
  const suffix = system === 'linux' ? `-kernel${Number(kernel.split('.')[0])}` : '';
  return `mediasoup-worker-${version}-${system}-${processor}${suffix}.tgz`;
}

/**
 * fetch() hides why it failed in `cause`.
 *
 * @param {unknown} error
 */
function reason(error) {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `not there after ${GIVE_UP_MS / 1000} s`;
  return error.cause instanceof Error ? error.cause.message : error.message;
}
