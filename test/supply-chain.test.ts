import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { completeLock } from '../scripts/lock-entries.mjs';

interface Locked {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly optional?: boolean;
}

const read = (name: string) => JSON.parse(readFileSync(new URL(`../${name}`, import.meta.url), 'utf8'));
const manifest = read('package.json');
const locked: Record<string, Locked> = read('package-lock.json').packages;

const versionsOf = (name: string) =>
  Object.entries(locked).filter(([path]) => path === `node_modules/${name}` || path.endsWith(`/node_modules/${name}`));

/** -1, 0 or 1, as `a` is before, at or after `b`; pre-releases count as their release. */
function compare(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split('-')[0]?.split('.').map(Number) ?? []);
  const at = [0, 1, 2].find((index) => left?.[index] !== right?.[index]);
  return at === undefined ? 0 : Math.sign((left?.[at] ?? 0) - (right?.[at] ?? 0));
}

describe('the lockfile', () => {
  test.each([
    ['mediasoup', '3.27.1', 'SCTP grew without bound before'],
    ['protobufjs', '8.0.2', 'prototype pollution before'],
  ])('%s is at least %s: %s', (name, floor) => {
    const found = versionsOf(name);
    expect(found.length).toBeGreaterThan(0);
    for (const [, { version = '' }] of found) expect(compare(version, floor)).toBeGreaterThanOrEqual(0);
  });

  test('ts-mls is 1.6.4, which our patch fits; in the release candidates of 2.0.0 a removed member derives the next secret', () => {
    expect(versionsOf('ts-mls').map(([, { version }]) => version)).toEqual(['1.6.4']);
  });

  test('names no host that packages come from: that is for whoever installs', () => {
    expect(Object.values(locked).filter(({ resolved }) => resolved?.startsWith('http'))).toEqual([]);
  });

  test('has an entry for every optional dependency, also of other platforms: npm ci wants them', () => {
    expect(completeLock(structuredClone(locked))).toEqual([]);
  });

  test('every package that is installed here carries its hash', () => {
    const bare = Object.entries(locked).filter(([path, each]) => path !== '' && !each.integrity && !each.optional);
    expect(bare.map(([path]) => path)).toEqual([]);
  });
});

test('dependencies are pinned exactly', () => {
  const ranges = Object.entries<string>({ ...manifest.dependencies, ...manifest.devDependencies });
  expect(ranges.filter(([, range]) => !/^(npm:@uwsjs\/core@)?\d+\.\d+\.\d+$/.test(range))).toEqual([]);
});

describe('patches', () => {
  test('there is one for ts-mls, of one hunk', () => {
    const patch = readFileSync(new URL('../patches/ts-mls+1.6.4.patch', import.meta.url), 'utf8');
    expect(patch.match(/^@@ /gm)).toHaveLength(1);
    expect(patch.match(/^diff /gm)).toHaveLength(1);
  });

  test('the installed ts-mls is the patched one: every line that the patch adds is there, none that it takes away', () => {
    const patch = readFileSync(new URL('../patches/ts-mls+1.6.4.patch', import.meta.url), 'utf8');
    const installed = readFileSync(new URL('../node_modules/ts-mls/dist/src/clientState.js', import.meta.url), 'utf8');
    const lines = (sign: string) =>
      patch.split('\n').filter((line) => line.startsWith(sign) && !line.startsWith(sign.repeat(3)));
    for (const line of lines('+')) expect(installed).toContain(line.slice(1));
    for (const line of lines('-')) expect(installed).not.toContain(line.slice(1));
  });
});
