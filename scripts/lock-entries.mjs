/**
 * One row of package-lock.json, as far as it matters here.
 *
 * @typedef {{
 *   version?: string,
 *   dev?: boolean,
 *   optional?: boolean,
 *   os?: string[],
 *   cpu?: string[],
 *   libc?: string[],
 *   engines?: Record<string, string>,
 *   optionalDependencies?: Record<string, string>,
 * }} LockEntry
 */

const SYSTEMS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const PROCESSORS = ['arm', 'arm64', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'x64'];
const LIBRARIES = new Map([
  ['musl', 'musl'],
  ['gnu', 'glibc'],
]);

/**
 * Adds an entry for every optional dependency that has none, and sorts the packages as npm does.
 *
 * @param {Record<string, LockEntry>} packages - The lock's `packages`, by path; changed in place.
 * @returns {string[]} The names that were added.
 */
export function completeLock(packages) {
  /** @type {string[]} */
  const added = [];
  for (const [path, entry] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      if (isLocked(packages, path, name)) continue;
      packages[`node_modules/${name}`] = platformEntry(name, version, { dev: entry.dev === true });
      added.push(name);
    }
  }
  const sorted = Object.entries(packages).sort(([left], [right]) => left.localeCompare(right, 'en'));
  for (const path of Object.keys(packages)) delete packages[path];
  Object.assign(packages, Object.fromEntries(sorted));
  return added;
}

/**
 * What a package for one platform says about itself, told from its name: `@uwsjs/linux-arm64-20` is for Node 20 on
 * 64-bit ARM, `@biomejs/cli-linux-x64-musl` for a Linux with musl.
 *
 * @param {string} name
 * @param {string} version - Exact: there is no registry to ask which version a range would mean.
 * @param {{ dev: boolean }} wanted - Whether only development needs it.
 * @returns {LockEntry} In npm's order of fields.
 */
export function platformEntry(name, version, { dev }) {
  if (!/^\d+\.\d+\.\d+/.test(version))
    throw new Error(`${name} is wanted as ${version}: only an exact version can be locked`);
  const words = name.slice(name.indexOf('/') + 1).split('-');
  const os = words.filter((word) => SYSTEMS.includes(word));
  const cpu = words.filter((word) => PROCESSORS.includes(word));
  if (os.length === 0 || cpu.length === 0) throw new Error(`cannot tell from its name what platform ${name} is for`);

  const libc = words.flatMap((word) => LIBRARIES.get(word) ?? []);
  const node = Number(words.at(-1));
  return {
    version,
    cpu,
    ...(dev ? { dev } : {}),
    ...(libc.length > 0 ? { libc } : {}),
    optional: true,
    os,
    ...(Number.isInteger(node) ? { engines: { node: `>=${node}.0.0 <${node + 1}.0.0` } } : {}),
  };
}

/**
 * Whether node's look-up from this path would find the package in the lock.
 *
 * @param {Record<string, LockEntry>} packages
 * @param {string} path
 * @param {string} name
 */
function isLocked(packages, path, name) {
  const folders = path.split('/node_modules/');
  return folders.some((_, depth) => {
    const above = folders.slice(0, depth + 1).join('/node_modules/');
    return `${above}/node_modules/${name}` in packages || `node_modules/${name}` in packages;
  });
}
