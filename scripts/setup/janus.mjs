import { spawnSync } from 'node:child_process';
import { readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cacheFolder, createFolder, unfinishedFolder } from './cache.mjs';
import { run } from './command.mjs';
import { onPath } from './on-path.mjs';
import { onlyOne } from './only-one.mjs';
import { step } from './progress.mjs';
import { SetupError } from './setup-error.mjs';
import { ensurePackages } from './system.mjs';

const PACKAGE = 'janus';

/**
 * The path of Janus, with which benches compare: the one that is installed, else Debian's package, unpacked into our cache.
 * Only the libraries that it needs are installed: to install it would start a service of the system, now and at every boot.
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<string>}
 */
export async function janusPath(env) {
  const present = presentJanus(env);
  if (present) return present;

  const home = unpackedHome(env);
  createFolder(dirname(home));
  await onlyOne(`${home}.lock`, async () => {
    if (presentJanus(env)) return;
    const folder = unfinishedFolder(home);
    try {
      const archive = await step(`fetching ${PACKAGE}`, () => download(folder));
      const depends = await run('dpkg-deb', ['--field', archive, 'Depends']);
      await ensurePackages('Janus, a peer in benches', packagesIn(depends));
      const tree = join(folder, 'tree');
      await run('dpkg-deb', ['--extract', archive, tree]);
      rmSync(home, { recursive: true, force: true }); // one that does not run
      renameSync(tree, home);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
  const unpacked = presentJanus(env);
  if (!unpacked) throw new SetupError(`Debian's ${PACKAGE} does not run here: ${home}`);
  return unpacked;
}

/**
 * The same without getting it.
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {string | undefined}
 */
export function presentJanus(env) {
  const unpacked = join(unpackedHome(env), 'usr', 'bin', 'janus');
  return [onPath('janus', env), unpacked].find((program) => program && isJanus(program));
}

/**
 * What a package depends on, by names. Of alternatives the first, which is the one that apt would take.
 *
 * @param {string} depends - A field of a Debian package: `libc6 (>= 2.34), libfoo1 | libfoo2`.
 */
export function packagesIn(depends) {
  return depends
    .split(',')
    .map((each) => /^\s*([a-z0-9][a-z0-9+.-]+)/.exec(each)?.[1] ?? '')
    .filter(Boolean);
}

/** @param {NodeJS.ProcessEnv} env */
function unpackedHome(env) {
  return join(cacheFolder(env), PACKAGE);
}

/**
 * It runs, with all libraries that it needs. (It has no `--version`.)
 *
 * @param {string} program
 */
function isJanus(program) {
  const { status, stdout } = spawnSync(program, ['--help'], { encoding: 'utf8' });
  return status === 0 && /^Janus version:/m.test(stdout);
}

/** @param {string} folder */
async function download(folder) {
  if (process.getuid?.() === 0) await run('apt-get', ['update']);
  await run('apt-get', ['download', PACKAGE], { cwd: folder });
  const [archive] = readdirSync(folder).filter((name) => name.endsWith('.deb'));
  if (!archive) throw new SetupError(`apt-get brought no ${PACKAGE}`);
  return join(folder, archive);
}
