import { mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { workerKey } from '../../scripts/setup/worker-key.mjs';

let root: string;
let before: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'conclave-key-'));
  mkdirSync(join(root, 'native', 'patches'), { recursive: true });
  mkdirSync(join(root, 'scripts', 'setup'), { recursive: true });
  for (const file of ['native/README.md', 'native/meson.build', 'native/patches/one.patch']) write(file, file);
  for (const file of ['worker-build.mjs', 'libsrtp-source.mjs', 'system.mjs']) write(`scripts/setup/${file}`, file);
  before = workerKey(root, '3.27.1');
});
afterEach(() => rmSync(root, { recursive: true }));

const write = (file: string, text: string) => writeFileSync(join(root, file), text);

describe('the key of a cached worker', () => {
  test("begins with mediasoup's version and is a name for a folder", () => {
    expect(before).toMatch(/^3\.27\.1-[0-9a-f]{12}$/);
  });

  test.each<[string, () => void]>([
    ['a changed recipe', () => write('native/meson.build', 'other')],
    ['a changed patch', () => write('native/patches/one.patch', 'other')],
    ['a patch more', () => write('native/patches/two.patch', 'two')],
    ['a patch less', () => rmSync(join(root, 'native/patches/one.patch'))],
    ['a patch of another name', () => renameSync(`${root}/native/patches/one.patch`, `${root}/native/patches/0.patch`)],
    ['a changed build', () => write('scripts/setup/worker-build.mjs', 'other')],
    ['another source of libsrtp', () => write('scripts/setup/libsrtp-source.mjs', 'other')],
  ])('%s: another key', (_what, change) => {
    change();
    expect(workerKey(root, '3.27.1')).not.toBe(before);
  });

  test('another mediasoup: another key', () => {
    expect(workerKey(root, '3.27.2').split('-')[0]).toBe('3.27.2');
  });

  test.each<[string, () => void]>([
    ['nothing', () => undefined],
    ['words about it', () => write('native/README.md', 'other')],
    ['more words', () => write('native/patches/WHY.md', 'because')],
    ['another step of the set-up', () => write('scripts/setup/system.mjs', 'other')],
    ['a newer checkout of the same files', () => utimesSync(join(root, 'native/meson.build'), 1, 1)],
  ])('%s changed: the same key', (_what, change) => {
    change();
    expect(workerKey(root, '3.27.1')).toBe(before);
  });
});
