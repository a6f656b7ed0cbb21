import { spawnSync } from 'node:child_process';
import { run } from './command.mjs';
import { step } from './progress.mjs';
import { SetupError } from './setup-error.mjs';

/**
 * Makes sure that Debian packages are installed: installs what is missing when we are root, else says what to type.
 *
 * @param {string} purpose - What they are for, as in "installing ... for <purpose>".
 * @param {readonly string[]} names
 */
export async function ensurePackages(purpose, names) {
  const installed = installedPackages(names);
  const missing = installed ? names.filter((name) => !installed.has(name)) : names;
  if (missing.length === 0) return;

  const refusal = refusalFor(missing, { debian: installed !== undefined, root: process.getuid?.() === 0 });
  if (refusal) throw new SetupError(refusal);

  await step(`installing ${missing.join(', ')} for ${purpose}`, async () => {
    const env = { DEBIAN_FRONTEND: 'noninteractive' };
    await run('apt-get', ['update'], { env });
    // Another apt may be at work, for instance in a second clone: wait for it.
    const options = ['-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=120'];
    await run('apt-get', ['install', ...options, ...missing], { env });
  });
}

/**
 * Why we cannot install these ourselves, as one line to act on; nothing when we can.
 *
 * @param {readonly string[]} missing
 * @param {{ debian: boolean, root: boolean }} here
 * @returns {string | undefined}
 */
export function refusalFor(missing, { debian, root }) {
  if (!debian)
    return `missing (by their Debian names): ${missing.join(', ')}; install them with this system's package manager`;
  if (!root) return `missing: ${missing.join(', ')}; install them with: sudo apt-get install -y ${missing.join(' ')}`;
  return undefined;
}

/**
 * @param {readonly string[]} names
 * @returns {Set<string> | undefined} Nothing where there is no dpkg.
 */
function installedPackages(names) {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: these placeholders are dpkg-query's
  const format = '${Package} ${db:Status-Status}\n';
  const query = spawnSync('dpkg-query', ['--show', '--showformat', format, ...names], { encoding: 'utf8' });
  if (query.error) return undefined;
  const rows = query.stdout.split('\n').map((row) => row.split(' '));
  return new Set(rows.filter(([, status]) => status === 'installed').map(([name]) => name ?? ''));
}
