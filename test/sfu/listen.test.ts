import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Sfu } from '../../src/sfu/index.ts';
import { openSfu } from '../support/open-sfu.ts';

/** What `ss` (iproute2) says of the socket's memory; absent where it is not installed. */
const hasSs = spawnSync('ss', ['-V']).status === 0;

/** What anybody may set; the kernel doubles it for what it keeps beside the bytes (socket(7), SO_RCVBUF). */
const limitOf = (name: 'rmem_max' | 'wmem_max') => Number(readFileSync(`/proc/sys/net/core/${name}`, 'utf8'));
const MIB = 1024 * 1024;

describe("a worker's UDP socket", () => {
  let sfu: Sfu;
  beforeAll(async () => {
    sfu = await openSfu();
  });
  afterAll(() => sfu.close());

  test.skipIf(!hasSs)('holds 4 MiB each way, or as much as the system allows', () => {
    const [port] = sfu.workerPorts;
    const { stdout } = spawnSync('ss', ['-uamnH', `sport = :${port}`], { encoding: 'utf8' });
    const [, received, sent] = /rb(\d+),t\d+,tb(\d+)/.exec(stdout)?.map(Number) ?? [];
    expect(received).toBe(2 * Math.min(4 * MIB, limitOf('rmem_max')));
    expect(sent).toBe(2 * Math.min(4 * MIB, limitOf('wmem_max')));
  });
});
