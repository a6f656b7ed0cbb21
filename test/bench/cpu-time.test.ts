import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cpuSecondsOf } from '../../bench/cpu-time.ts';

/** Burns until its own clock of CPU time says so many milliseconds more, and answers how many it used between the two messages. */
const BURNER = `
process.on('message', (burnMs) => {
  const began = process.cpuUsage();
  const used = () => { const { user, system } = process.cpuUsage(began); return (user + system) / 1000; };
  while (used() < burnMs);
  process.send(used());
});
process.send(0);
`;

const BURN_MS = 300;

/** Processes that wait for an order to burn. */
async function burners(count: number): Promise<ChildProcess[]> {
  const all = Array.from({ length: count }, () =>
    spawn(process.execPath, ['-e', BURNER], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] }),
  );
  await Promise.all(all.map((each) => once(each, 'message')));
  return all;
}

const pidOf = ({ pid = Number.NaN }: ChildProcess) => pid;

describe('CPU time of other processes', () => {
  test('is what they used, as they count it themselves', async () => {
    const [busy, idle] = (await burners(2)) as [ChildProcess, ChildProcess];
    try {
      const pids = [busy, idle].map(pidOf);
      const [before, busyBefore, idleBefore] = [cpuSecondsOf(pids), ...pids.map((pid) => cpuSecondsOf([pid]))];
      busy.send(BURN_MS);
      const [usedMs] = (await once(busy, 'message')) as [number];
      const spentMs = (since: number | undefined, of: readonly number[]) => (cpuSecondsOf(of) - (since ?? 0)) * 1000;
      expect(usedMs).toBeGreaterThanOrEqual(BURN_MS);
      for (const spent of [spentMs(before, pids), spentMs(busyBefore, [pidOf(busy)])]) {
        expect(spent).toBeGreaterThan(usedMs * 0.95);
        expect(spent).toBeLessThan(usedMs * 1.2 + 20);
      }
      expect(spentMs(idleBefore, [pidOf(idle)])).toBeLessThan(BURN_MS / 3);
    } finally {
      for (const each of [busy, idle]) each.disconnect();
    }
  });

  test('a process that is gone is an error, not zero', async () => {
    const [gone] = (await burners(1)) as [ChildProcess];
    const exit = once(gone, 'exit');
    gone.disconnect();
    await exit;
    expect(() => cpuSecondsOf([pidOf(gone)])).toThrow('ENOENT');
  });

  test('all threads of all processes count, in nanoseconds', () => {
    const proc = mkdtempSync(join(tmpdir(), 'proc-'));
    const scheduled = { 7: { 7: 1_500_000_000, 9: 250_000_001 }, 8: { 8: 3 } };
    for (const [pid, threads] of Object.entries(scheduled)) {
      for (const [thread, ns] of Object.entries(threads)) {
        mkdirSync(join(proc, pid, 'task', thread), { recursive: true });
        writeFileSync(join(proc, pid, 'task', thread, 'schedstat'), `${ns} 999999999999 12\n`);
      }
    }
    expect(cpuSecondsOf([7, 8], proc)).toBeCloseTo(1.750000004, 12);
    rmSync(proc, { recursive: true });
  });

  test('where the kernel keeps no schedstat, ticks of 10 ms do; a name that looks like fields confuses nobody', () => {
    const proc = mkdtempSync(join(tmpdir(), 'proc-'));
    mkdirSync(join(proc, '7', 'task', '7'), { recursive: true });
    writeFileSync(
      join(proc, '7', 'stat'),
      '7 (worker) S 9) S 1 7 7 0 -1 4194304 100 0 0 0 150 23 5 5 20 0 1 0 1190797 3133440\n',
    );
    expect(cpuSecondsOf([7], proc)).toBeCloseTo(1.73, 9);
    rmSync(proc, { recursive: true });
  });
});
