import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command.mjs';
import { SetupError } from './setup-error.mjs';

/** Signs Debian's archives; part of every Debian system. */
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

/**
 * Fetches the source of Debian's libsrtp2 package, with Debian's patches, checked against Debian's signature.
 * apt works here from a list of sources and a cache of its own: the system's are neither changed nor locked.
 *
 * @param {string} folder - Existing and empty.
 * @returns {Promise<string>} The unpacked source.
 */
export async function fetchLibsrtpSource(folder) {
  const lines = await sourceLines();
  if (lines.length === 0) {
    throw new SetupError("apt knows no Debian archive to take libsrtp's source from; run: sudo apt-get update");
  }
  writeFileSync(join(folder, 'sources.list'), `${lines.join('\n')}\n`);
  mkdirSync(join(folder, 'lists', 'partial'), { recursive: true });
  mkdirSync(join(folder, 'archives', 'partial'), { recursive: true });
  const options = [
    `Dir::Etc::SourceList=${join(folder, 'sources.list')}`,
    'Dir::Etc::SourceParts=/dev/null',
    `Dir::State::Lists=${join(folder, 'lists')}`,
    `Dir::Cache=${folder}`,
    'APT::Sandbox::User=root', // the folder is ours alone, apt's own user could not write there
  ].flatMap((option) => ['-o', option]);

  await run('apt-get', [...options, 'update'], { cwd: folder });
  await run('apt-get', [...options, 'source', '--download-only', 'libsrtp2'], { cwd: folder });
  const source = join(folder, 'libsrtp');
  await run('sh', ['-c', 'dpkg-source --extract ./*.dsc libsrtp'], { cwd: folder });
  return source;
}

/** The Debian archives this system installs from, as lines for their sources. */
async function sourceLines() {
  const format = `deb-src [signed-by=${KEYRING}] $(REPO_URI) $(RELEASE) $(COMPONENT)`;
  const filters = ['Created-By: Packages', 'Origin: Debian', 'Component: main'];
  const known = await run('apt-get', ['indextargets', '--format', format, ...filters]);
  return [...new Set(known.split('\n'))].filter((line) => line !== '');
}
