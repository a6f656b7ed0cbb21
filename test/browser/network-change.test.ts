import { expect, test } from 'vitest';
import { NetworkNamespace } from '../support/network-namespace.ts';
import { measureNetworkChanges } from './network-change.ts';

const missing = NetworkNamespace.missing();
if (missing) process.stdout.write(`network changes are not shown here: ${missing}\n`);

/** Three times what was measured. What the browser finds out by itself took 6.7 to 8.2 s. */
const LIMIT_MS = 6_800;

test.skipIf(missing)(
  'another address in the middle of a call: both hear and see each other again, in the same stay',
  async () => {
    const { standstills, peers, errors } = await measureNetworkChanges(2, { bound: true });
    process.stdout.write(`after a change of network: ${JSON.stringify(standstills)}\n`);
    for (const { soundMs } of standstills.flat()) expect(soundMs).toBeLessThan(LIMIT_MS);
    for (const [moving] of standstills) expect(moving.soundMs).toBeGreaterThan(500); // else nothing was cut
    expect([peers, errors]).toEqual([2, []]);
  },
  120_000,
);
