import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * A short hash that stands for all of its parts, in order.
 *
 * @param {Iterable<string | Buffer>} parts
 */
export function hashOf(parts) {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length} `).update(part);
  return hash.digest('hex').slice(0, 12);
}

/**
 * All files below these files and folders, sorted; those that do not exist are left out.
 *
 * @param {string} root
 * @param {readonly string[]} names
 * @returns {string[]} Paths relative to `root`.
 */
export function filesBelow(root, names) {
  return names.flatMap((name) => {
    const stat = statSync(join(root, name), { throwIfNoEntry: false });
    if (!stat) return [];
    if (!stat.isDirectory()) return [name];
    const inside = readdirSync(join(root, name)).sort();
    return filesBelow(
      root,
      inside.map((entry) => join(name, entry)),
    );
  });
}

/**
 * Whether a step that left this stamp has nothing to do.
 *
 * @param {string} file
 * @param {string} stamp
 */
export function isStamped(file, stamp) {
  return statSync(file, { throwIfNoEntry: false }) !== undefined && readFileSync(file, 'utf8') === stamp;
}

/**
 * @param {string} file
 * @param {string} stamp
 */
export function writeStamp(file, stamp) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, stamp);
}
