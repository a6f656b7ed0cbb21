import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command.mjs';
import { onlyOne } from './only-one.mjs';
import { step } from './progress.mjs';
import { filesBelow, hashOf, isStamped, writeStamp } from './stamp.mjs';

/** What the server and the page are built from. */
const SOURCES = ['src', 'web', 'proto', 'scripts/build', 'package.json', 'package-lock.json'];
const CONFIGS = /^(tsconfig.*\.json|vite.*config\.ts)$/;

/** Made by the build from proto/, so no source of it. */
const GENERATED = join('src', 'wire', 'gen');

/**
 * Builds server and page into dist/, unless no source changed since.
 *
 * @param {string} root
 */
export async function buildAll(root) {
  const stampFile = join(root, 'dist', '.stamp');
  if (isStamped(stampFile, sourceStamp(root))) return;

  await onlyOne(join(root, 'package.json'), async () => {
    // Taken before the build: a file that is saved during the build makes the next start build again.
    const stamp = sourceStamp(root);
    if (isStamped(stampFile, stamp)) return;
    rmSync(stampFile, { force: true });
    await step('building server and page', () => run('npm', ['run', 'build:server'], { cwd: root }));
    writeStamp(stampFile, stamp);
  });
}

/**
 * Stands for the names, sizes and times of all sources: their contents are not read, so it takes milliseconds.
 *
 * @param {string} root
 */
function sourceStamp(root) {
  const configs = readdirSync(root).filter((name) => CONFIGS.test(name));
  const files = filesBelow(root, [...SOURCES, ...configs.sort()]);
  return hashOf(
    files
      .filter((file) => !file.startsWith(GENERATED))
      .map((file) => {
        const { size, mtimeMs } = statSync(join(root, file));
        return `${file} ${size} ${mtimeMs}`;
      }),
  );
}
