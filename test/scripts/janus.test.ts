import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packagesIn, presentJanus } from '../../scripts/setup/janus.mjs';

test.each([
  ['libc6 (>= 2.34), libconfig9', ['libc6', 'libconfig9']],
  ['libusrsctp2 (>= 0.9.4.0~), libcurl4 (>= 7.63.0)\n', ['libusrsctp2', 'libcurl4']],
  ['libsofia-sip-ua0, libpaho-mqtt1.3 (>= 1.3.0) | libpaho', ['libsofia-sip-ua0', 'libpaho-mqtt1.3']],
  ['libstdc++6, perl:any', ['libstdc++6', 'perl']],
  ['', []],
])('a package depends on: %s', (depends, names) => {
  expect(packagesIn(depends)).toEqual(names);
});

test('where there is no Janus, none is found', () => {
  const folder = mkdtempSync(join(tmpdir(), 'conclave-no-janus-'));
  expect(presentJanus({ PATH: folder, XDG_CACHE_HOME: folder })).toBeUndefined();
  rmSync(folder, { recursive: true });
});
