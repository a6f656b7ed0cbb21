import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'conclave-batcher-'));
const program = join(folder, 'udp-send-batcher');
const missing = await build();
if (missing) process.stderr.write(`skipped: ${missing}\n`);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What native/src does with real sockets, under the address and undefined-behaviour sanitizers. Why not, when it cannot be built. */
async function build(): Promise<string | undefined> {
  try {
    const { stdout } = await run('pkg-config', ['--cflags', '--libs', 'libuv', 'absl_flat_hash_map']);
    const sanitizers = ['-fsanitize=address,undefined', '-fno-sanitize-recover=all'];
    const flags = ['-std=c++20', '-O1', '-g', '-Wall', '-Wextra', '-Werror', ...sanitizers, '-Wl,--wrap=sendmsg'];
    const sources = ['native/src/UdpSendBatcher.cpp', 'test/native/udp-send-batcher.cpp'];
    const libraries = stdout.trim().split(/\s+/);
    await run('g++', [...flags, '-Inative/src', ...sources, '-o', program, ...libraries], { cwd: root });
    return undefined;
  } catch (error) {
    return `the send batcher's tests need g++, libuv1-dev and libabsl-dev: ${String(error).split('\n', 1)[0]}`;
  }
}

interface Outcome {
  /** Datagrams to receivers, and those that did not come. */
  readonly offered: number;
  readonly missing: number;
  readonly callbacks: number;
  readonly answeredTrue: number;
  readonly answeredFalse: number;
  /** Calls that took several datagrams, and how many these were. */
  readonly together: number;
  readonly segments: number;
  /** Calls that the kernel refused. */
  readonly refused: number;
  /** What the process is called at the end. */
  readonly name: string;
}

const LIMIT_MS = 60_000;

async function outcomeOf(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  const { stdout } = await run(program, args, { env: { ...process.env, ...env }, timeout: LIMIT_MS });
  return JSON.parse(stdout) as Outcome;
}

/** In a network of its own, which `setUp` makes ready. */
async function outcomeInNetwork(setUp: string, name: string): Promise<Outcome> {
  const { stdout } = await run('unshare', ['-n', 'sh', '-ec', `${setUp}; exec "$0" "$1"`, program, name], {
    timeout: LIMIT_MS,
  });
  return JSON.parse(stdout) as Outcome;
}

function whyNoNetwork(setUp: string): string | undefined {
  try {
    execFileSync('unshare', ['-n', 'sh', '-ec', setUp], { stdio: 'pipe' });
    return undefined;
  } catch (error) {
    return String(error).split('\n', 2).join(' ');
  }
}

const SMALL_MTU = 'ip link set lo mtu 1000 up';
const SLOW_DEVICE = 'ip link set lo up; tc qdisc add dev lo root tbf rate 4mbit burst 20k latency 10s';
for (const setUp of [SMALL_MTU, SLOW_DEVICE]) {
  const why = whyNoNetwork(setUp);
  if (why) process.stderr.write(`skipped: no network of its own: ${why}\n`);
}

describe.skipIf(missing !== undefined)('the send batcher', () => {
  test.each(['ipv4', 'ipv6'])('sends a frame of 8 packets in one call (%s)', async (family) => {
    expect(await outcomeOf([family])).toEqual({
      ...{ offered: 160, missing: 0, callbacks: 160, answeredTrue: 160, answeredFalse: 0 },
      ...{ together: 20, segments: 160, refused: 0, name: 'mediasoup-gso' },
    });
  });

  test('that is switched off sends packet by packet', async () => {
    const outcome = await outcomeOf(['ipv4'], { CONCLAVE_GSO: 'off' });
    expect(outcome).toMatchObject({ missing: 0, answeredTrue: 160, together: 0, refused: 0, name: 'udp-send-batche' });
  });

  test.each([1, 2, 3, 4, 5, 6])(
    'keeps the order of each receiver and answers each callback once, whatever is sent (%i)',
    async (seed) => {
      const outcome = await outcomeOf(['fuzz', `${seed}`]);
      expect(outcome).toMatchObject({ missing: 0, answeredFalse: 0, refused: 0 });
      expect(outcome.offered).toBeGreaterThan(10_000);
      expect(outcome.segments / outcome.together).toBeGreaterThan(2);
    },
  );

  test.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'sends one by one what the kernel refuses to take together, in order (%i)',
    async (seed) => {
      const outcome = await outcomeOf(['fuzz-refused', `${seed}`]);
      expect(outcome).toMatchObject({ missing: 0, answeredFalse: 0, answeredTrue: outcome.callbacks });
      expect(outcome.refused).toBeGreaterThan(100);
      expect(outcome.together).toBeGreaterThan(1_000);
      expect(outcome.name).toBe('udp-send-batche'); // EIO has switched it off
    },
  );

  test('gives what waits to the kernel when its socket closes, and leaves other sockets alone', async () => {
    expect(await outcomeOf(['closed'])).toMatchObject({ missing: 0, callbacks: 6, answeredTrue: 3 });
  });

  test('sends to somebody who is gone, whose machine says so, and to others all the same', async () => {
    expect(await outcomeOf(['unreachable'])).toMatchObject({ missing: 0, answeredTrue: 320, together: 40, refused: 0 });
  });

  test('holds a bounded number of datagrams back, and forgets whom it has not sent to', async () => {
    expect(await outcomeOf(['many'])).toMatchObject({
      missing: 0,
      answeredTrue: 20_016,
      answeredFalse: 0,
      together: 2,
    });
  });

  test.skipIf(whyNoNetwork(SMALL_MTU))(
    'asks once for an address whose way is too narrow, and never again',
    async () => {
      const outcome = await outcomeInNetwork(SMALL_MTU, 'ipv4');
      expect(outcome).toMatchObject({ missing: 0, answeredTrue: 160, together: 0, refused: 1, name: 'mediasoup-gso' });
    },
  );

  test.skipIf(whyNoNetwork(SLOW_DEVICE))(
    'queues behind a full send buffer, in order, and goes on as before',
    async () => {
      const outcome = await outcomeInNetwork(SLOW_DEVICE, 'full');
      expect(outcome).toMatchObject({ missing: 0, answeredTrue: 200, answeredFalse: 0 });
      expect(outcome.refused).toBeGreaterThan(0);
      expect(outcome.together).toBeGreaterThan(0);
    },
  );
});
