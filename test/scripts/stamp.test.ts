import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { filesBelow, hashOf, isStamped, writeStamp } from '../../scripts/setup/stamp.mjs';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'conclave-stamp-'));
});
afterEach(() => rmSync(root, { recursive: true }));

describe('a hash', () => {
  test('is the same for the same parts, as text or as bytes', () => {
    expect(hashOf(['a', 'b'])).toMatch(/^[0-9a-f]{12}$/);
    expect(hashOf(['a', Buffer.from('b')])).toBe(hashOf(['a', 'b']));
  });

  test.each([
    ['another part', ['a', 'c']],
    ['another order', ['b', 'a']],
    ['a part more', ['a', 'b', '']],
    ['a part less', ['a']],
    ['the same letters cut elsewhere', ['ab', '']],
    ['the same letters in one part', ['ab']],
  ])('%s: another hash', (_what, parts) => {
    expect(hashOf(parts)).not.toBe(hashOf(['a', 'b']));
  });
});

describe('the files below', () => {
  test('are sorted within each folder, in the order of the names given', () => {
    mkdirSync(join(root, 'src', 'deep'), { recursive: true });
    for (const file of ['src/z.ts', 'src/deep/a.ts', 'src/b.ts', 'package.json']) writeFileSync(join(root, file), '');
    expect(filesBelow(root, ['src', 'package.json'])).toEqual([
      'src/b.ts',
      'src/deep/a.ts',
      'src/z.ts',
      'package.json',
    ]);
  });

  test('of what does not exist are none', () => {
    expect(filesBelow(root, ['web', 'vite.config.ts'])).toEqual([]);
  });
});

describe('a stamp', () => {
  test('that was never written, or says something else, is none', () => {
    const file = join(root, 'dist', 'deep', '.stamp');
    expect(isStamped(file, 'one')).toBe(false);
    writeStamp(file, 'one');
    expect(isStamped(file, 'one')).toBe(true);
    expect(isStamped(file, 'two')).toBe(false);
    writeStamp(file, 'two');
    expect(isStamped(file, 'two')).toBe(true);
    expect(isStamped(file, '')).toBe(false);
  });
});
