import { describe, expect, test } from 'vitest';
import { completeLock, platformEntry } from '../../scripts/lock-entries.mjs';

type Packages = Parameters<typeof completeLock>[0];

describe('completing the lock', () => {
  test('adds what is missing, in the order of npm, and names it', () => {
    const packages: Packages = {
      '': {},
      'node_modules/zod': { version: '4.0.0' },
      'node_modules/core': {
        version: '2.0.0',
        optionalDependencies: { '@core/linux-x64': '2.0.0', '@core/darwin-arm64': '2.0.0' },
      },
      'node_modules/@core/linux-x64': { version: '2.0.0', optional: true },
    };
    expect(completeLock(packages)).toEqual(['@core/darwin-arm64']);
    expect(Object.keys(packages)).toEqual([
      '',
      'node_modules/@core/darwin-arm64',
      'node_modules/@core/linux-x64',
      'node_modules/core',
      'node_modules/zod',
    ]);
    expect(packages['node_modules/@core/darwin-arm64']).toEqual({
      version: '2.0.0',
      cpu: ['arm64'],
      optional: true,
      os: ['darwin'],
    });
  });

  test('done twice is the same as once', () => {
    const packages: Packages = {
      'node_modules/core': { version: '2.0.0', optionalDependencies: { 'core-linux-x64': '2.0.0' } },
    };
    expect(completeLock(packages)).toEqual(['core-linux-x64']);
    const once = structuredClone(packages);
    expect(completeLock(packages)).toEqual([]);
    expect(packages).toEqual(once);
  });

  test('an entry that node would find from the package is enough, wherever it is', () => {
    const optionalDependencies = { 'core-linux-x64': '2.0.0' };
    const core = 'node_modules/tool/node_modules/core';
    for (const found of ['', 'node_modules/tool/', `${core}/`]) {
      const packages: Packages = {
        [core]: { version: '2.0.0', optionalDependencies },
        [`${found}node_modules/core-linux-x64`]: { version: '2.0.0' },
      };
      expect(completeLock(packages), found).toEqual([]);
    }
  });

  test('an entry that node would not find is none', () => {
    const packages: Packages = {
      'node_modules/core': { version: '2.0.0', optionalDependencies: { 'core-linux-x64': '2.0.0' } },
      'node_modules/tool/node_modules/core-linux-x64': { version: '2.0.0' },
    };
    expect(completeLock(packages)).toEqual(['core-linux-x64']);
  });

  test('what only development needs stays so', () => {
    const optionalDependencies = { 'core-linux-x64': '2.0.0' };
    const packages: Packages = { 'node_modules/core': { version: '2.0.0', dev: true, optionalDependencies } };
    completeLock(packages);
    expect(packages['node_modules/core-linux-x64']?.dev).toBe(true);
  });
});

describe('what a name says about its platform', () => {
  test.each([
    ['@uwsjs/linux-arm64-20', { cpu: ['arm64'], os: ['linux'], engines: { node: '>=20.0.0 <21.0.0' } }],
    ['@biomejs/cli-linux-x64-musl', { cpu: ['x64'], libc: ['musl'], os: ['linux'] }],
    ['@rolldown/binding-linux-s390x-gnu', { cpu: ['s390x'], libc: ['glibc'], os: ['linux'] }],
    ['@rolldown/binding-win32-x64-msvc', { cpu: ['x64'], os: ['win32'] }],
    ['esbuild-darwin-arm64', { cpu: ['arm64'], os: ['darwin'] }],
  ])('%s', (name, platform) => {
    expect(platformEntry(name, '1.2.3', { dev: false })).toEqual({ version: '1.2.3', optional: true, ...platform });
  });

  test('the fields are in the order of npm', () => {
    const entry = platformEntry('@uwsjs/linux-x64-musl-22', '1.2.3', { dev: true });
    expect(Object.keys(entry)).toEqual(['version', 'cpu', 'dev', 'libc', 'optional', 'os', 'engines']);
  });

  test('a name without a platform, or with half of one, is refused', () => {
    for (const name of ['fsevents', '@core/linux', '@core/x64']) {
      expect(() => platformEntry(name, '1.2.3', { dev: false }), name).toThrow('cannot tell from its name');
    }
  });

  test('a range is refused: only an exact version can be locked', () => {
    for (const version of ['^1.2.3', '1.x', '*', 'latest']) {
      expect(() => platformEntry('core-linux-x64', version, { dev: false }), version).toThrow('only an exact version');
    }
  });
});
