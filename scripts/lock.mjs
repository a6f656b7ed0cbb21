// Run after `npm install` changed package-lock.json: completes it, so that `npm ci` accepts it everywhere.
//
// npm leaves optional packages for other platforms out of the lock when the registry does not have them, and then
// `npm ci` calls the lock out of step with package.json. An entry that says for which platform the package would be
// is enough: `npm ci` skips it here and would fetch it there.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { completeLock } from './lock-entries.mjs';

const file = join(import.meta.dirname, '..', 'package-lock.json');
const lock = JSON.parse(readFileSync(file, 'utf8'));
const added = completeLock(lock.packages);
writeFileSync(file, `${JSON.stringify(lock, undefined, 2)}\n`);
console.log(added.length === 0 ? 'package-lock.json is complete' : `added to package-lock.json: ${added.join(', ')}`);
