import { describe, expect, test } from 'vitest';
import { refusalFor } from '../../scripts/setup/system.mjs';
import { archiveName } from '../../scripts/setup/worker-download.mjs';

describe('packages of the system that are missing', () => {
  const missing = ['cmake', 'ninja-build'];

  test('on Debian as root: they are installed', () => {
    expect(refusalFor(missing, { debian: true, root: true })).toBeUndefined();
  });

  test('on Debian as somebody else: the line to type', () => {
    expect(refusalFor(missing, { debian: true, root: false })).toBe(
      'missing: cmake, ninja-build; install them with: sudo apt-get install -y cmake ninja-build',
    );
  });

  test.each([true, false])("elsewhere: their Debian names, for the system's own tool (root: %s)", (root) => {
    const refusal = refusalFor(missing, { debian: false, root });
    expect(refusal).toContain('cmake, ninja-build');
    expect(refusal).not.toContain('apt-get');
  });
});

describe("the name of mediasoup's archive", () => {
  test.each([
    ['mediasoup-worker-3.27.1-linux-x64-kernel6.tgz', 'linux', 'x64', '6.1.0-18-amd64'],
    ['mediasoup-worker-3.27.1-linux-arm64-kernel5.tgz', 'linux', 'arm64', '5.15.0'],
    ['mediasoup-worker-3.27.1-darwin-arm64.tgz', 'darwin', 'arm64', '23.5.0'],
    ['mediasoup-worker-3.27.1-win32-x64.tgz', 'win32', 'x64', '10.0.22631'],
  ])('%s', (name, system, processor, kernel) => {
    expect(archiveName('3.27.1', system, processor, kernel)).toBe(name);
  });
});
