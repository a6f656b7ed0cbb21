import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'conclave-results-'));
afterAll(() => rmSync(folder, { recursive: true }));

function written(name: string, content: string): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

function result(name: string, figures: object): string {
  const machine = { cpu: 'A core', cores: 2, kernel: '6.1', node: 'v20.20.2' };
  const head = {
    bench: 'mls',
    quick: false,
    date: '2026-11-25',
    commit: name,
    machine,
    load_average: { before: 0, after: 1 },
  };
  return written(`${name}.json`, JSON.stringify({ ...head, ...figures }));
}

const compare = (...args: readonly string[]) =>
  spawnSync('npm', ['run', '-s', 'bench', '--', 'compare', ...args], { cwd: ROOT, encoding: 'utf8' });

describe('npm run bench -- compare', () => {
  test('prints both values, their quotient, and whether rounds tell them apart', () => {
    const old = result('before', { join_ms: 100, join_ms_rounds: [99, 100, 103], joins: 20 });
    const { stdout, status } = compare(old, result('after', { join_ms: 80, join_ms_rounds: [78, 80, 81], joins: 20 }));
    expect(status).toBe(0);
    expect(stdout).toMatch(/^mls: before of 2026-11-25, then after of 2026-11-25$/m);
    expect(stdout).toMatch(/^join_ms +100 +80 +0\.8 +beyond the scatter$/m);
    expect(stdout).toMatch(/^joins +20 +20 +1 +one value$/m);
  });

  test.each([
    { what: 'one name', args: [result('alone', {})] },
    { what: 'a name that nothing has', args: [result('there', {}), 'nowhere'] },
    { what: 'what is no result', args: [result('good', {}), written('bad.json', '{}')] },
    { what: 'results of two benches', args: [result('one', {}), result('two', { bench: 'sframe' })] },
  ])('exits with 2 for $what, and says why', ({ args }) => {
    const { stdout, stderr, status } = compare(...args);
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).not.toBe('');
    expect(stderr).not.toContain('    at '); // no stack
  });
});
