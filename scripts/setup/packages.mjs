import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command.mjs';
import { onlyOne } from './only-one.mjs';
import { step } from './progress.mjs';
import { filesBelow, hashOf, isStamped, writeStamp } from './stamp.mjs';

/**
 * Installs exactly what package-lock.json says and patches it (patches/README.md), unless node_modules already came from
 * both. `npm ci` empties node_modules first, and the stamp with it: an install that was cut off is done again.
 *
 * @param {string} root
 */
export async function installPackages(root) {
  const lockFile = join(root, 'package-lock.json');
  const stampFile = join(root, 'node_modules', '.conclave-stamp');
  // uWebSockets.js comes as one binary per Node version: another Node needs another install.
  const stamp = () => {
    const patches = filesBelow(root, ['patches']).map((file) => readFileSync(join(root, file)));
    return hashOf([readFileSync(lockFile), ...patches, process.versions.modules, process.platform, process.arch]);
  };
  if (isStamped(stampFile, stamp())) return;

  await onlyOne(lockFile, async () => {
    if (isStamped(stampFile, stamp())) return;
    await step('installing npm packages', async () => {
      // Development packages too, whatever NODE_ENV says: they build the server and the page.
      await run('npm', ['ci', '--include=dev', '--no-progress'], { cwd: root });
      // Install scripts are off, so no package patches itself. A patch that does not fit ends the setup.
      await run('npm', ['run', 'patch'], { cwd: root });
    });
    writeStamp(stampFile, stamp());
  });
}
