import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { onlyOne } from '../../scripts/setup/only-one.mjs';

const MODULE = new URL('../../scripts/setup/only-one.mjs', import.meta.url).href;

let folder: string;
let lock: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'conclave-lock-'));
  lock = join(folder, 'lock');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Another process that does this work under the lock. */
function elsewhere(work: string, env = process.env) {
  const script = `import { onlyOne } from '${MODULE}'; await onlyOne(process.argv[1], async () => { ${work} });`;
  const args = ['--input-type=module', '--eval', script, lock];
  return spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'ignore'] });
}

describe('only one', () => {
  test('two at once do their work one after the other', async () => {
    const steps: string[] = [];
    const work = (name: string) => async () => {
      steps.push(`${name} begins`);
      for (let turn = 0; turn < 100; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      steps.push(`${name} ends`);
      return name;
    };
    expect(await Promise.all(['a', 'b', 'c'].map((name) => onlyOne(lock, work(name))))).toEqual(['a', 'b', 'c']);
    const order = steps.filter((step) => step.endsWith('begins')).map((step) => step.slice(0, 1));
    expect(steps).toEqual(order.flatMap((name) => [`${name} begins`, `${name} ends`]));
  });

  test('work on other files goes on at the same time', async () => {
    let isInside = false;
    await onlyOne(lock, () =>
      onlyOne(`${lock}-other`, async () => {
        isInside = true;
      }),
    );
    expect(isInside).toBe(true);
  });

  test('work that fails tells why and lets go', async () => {
    await expect(onlyOne(lock, () => Promise.reject(new Error('no space left')))).rejects.toThrow('no space left');
    expect(await onlyOne(lock, async () => 'next')).toBe('next');
  });

  test('a set-up that is killed lets go', async () => {
    const holder = elsewhere('console.log("mine"); await new Promise((resolve) => setTimeout(resolve, 1e6));');
    await once(holder.stdout, 'data');
    const next = onlyOne(lock, async () => 'next');
    holder.kill('SIGKILL');
    expect(await next).toBe('next');
  });

  test('without flock the work is done all the same', async () => {
    const other = elsewhere('console.log("done");', { PATH: '' });
    const [[told], [exitCode]] = await Promise.all([once(other.stdout, 'data'), once(other, 'exit')]);
    expect(String(told)).toBe('done\n');
    expect(exitCode).toBe(0);
  });
});
