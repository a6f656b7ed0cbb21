import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The MLS working group's vectors, suite 1 only, beside the repository; they are not ours to copy into it. */
const FOLDER = process.env.CONCLAVE_VECTORS ?? join(import.meta.dirname, '..', '..', '..', '..', 'shared', 'vectors');

export const haveVectors = existsSync(join(FOLDER, 'mls'));

/** A test's name says so where there is nothing to test with. */
export const nameOf = (name: string): string => (haveVectors ? name : `${name} (skipped: no vectors)`);

export function vectorsOf<Vector>(name: string): readonly Vector[] {
  return haveVectors ? JSON.parse(readFileSync(join(FOLDER, 'mls', `${name}.json`), 'utf8')) : [];
}
