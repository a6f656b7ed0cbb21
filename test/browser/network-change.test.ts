import { expect, test } from 'vitest';
import { NetworkNamespace } from '../support/network-namespace.ts';
import { measureNetworkChanges } from './network-change.ts';

const missing = NetworkNamespace.missing();
if (missing) process.stdout.write(`network changes are not shown here: ${missing}\n`);

/** Three times what was measured. */
const LIMIT_MS = 6_800;

/** The same of what the browser finds out by itself, which took 6.7 to 8.2 s: a line that had a hiccup just before is not watched (line.ts). */
const UNWATCHED_LIMIT_MS = 25_000;

test.skipIf(missing)(
  'another address in the middle of a call: both hear and see each other again, in the same stay',
  async () => {
    const { standstills, peers, errors } = await measureNetworkChanges(2, { bound: true });
    process.stdout.write(`after a change of network: ${JSON.stringify(standstills)}\n`);
    const worstMs = standstills.map((both) => Math.max(...both.map(({ soundMs }) => soundMs)));
    expect(Math.min(...worstMs)).toBeLessThan(LIMIT_MS);
    expect(Math.max(...worstMs)).toBeLessThan(UNWATCHED_LIMIT_MS);
    for (const [moving] of standstills) expect(moving.soundMs).toBeGreaterThan(500); // else nothing was cut
    expect([peers, errors]).toEqual([2, []]);
  },
  120_000,
);
