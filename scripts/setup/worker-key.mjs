import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesBelow, hashOf } from './stamp.mjs';

/**
 * The name of a cached worker, like `3.27.1-0a1b2c3d4e5f`: another mediasoup, another recipe, another system release
 * (its libraries are linked dynamically) or another kind of processor is another worker.
 *
 * @param {string} root
 * @param {string} version - mediasoup's.
 */
export function workerKey(root, version) {
  const recipe = filesBelow(root, ['native', 'scripts/setup/worker-build.mjs', 'scripts/setup/libsrtp-source.mjs']);
  const contents = recipe
    .filter((file) => !file.endsWith('.md'))
    .flatMap((file) => [file, readFileSync(join(root, file))]);
  return `${version}-${hashOf([...contents, systemRelease(), process.platform, process.arch])}`;
}

/** Such as "debian 12". */
function systemRelease() {
  try {
    const text = readFileSync('/etc/os-release', 'utf8');
    return ['ID', 'VERSION_ID'].map((name) => text.match(new RegExp(`^${name}="?([^"\\n]*)`, 'm'))?.[1]).join(' ');
  } catch {
    return 'unknown'; // not Linux, or a very small container
  }
}
