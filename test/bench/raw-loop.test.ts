import { describe, expect, test } from 'vitest';
import { whyNoNativeProgram } from '../../bench/endpoints/native-program.ts';
import { RAW_LOOPS, rawLoop } from '../../bench/raw-loop.ts';
import { usPerPacket } from '../../bench/rounds.ts';

const missing = await whyNoNativeProgram('limit');
if (missing) process.stderr.write(`skipped: ${missing}\n`);

describe.skipIf(missing !== undefined)('the raw loop', () => {
  test.each(RAW_LOOPS)('%s: what it sends arrives, each segment as a packet of its own', async (loop) => {
    const round = await rawLoop(loop, 1_200, 20);
    expect(round.system).toBe(`${loop}_1200`);
    expect(round.packets).toBeGreaterThan(0);
    expect(round.drained_share).toBeGreaterThan(0); // the other process may have had little time
    expect(round.drained_share).toBeLessThanOrEqual(1);
  });

  test('costs CPU time: sealing and sending more than sealing', async () => {
    const [seal, both] = [await rawLoop('seal', 1_200, 20), await rawLoop('both', 1_200, 20)];
    expect(usPerPacket(seal)).toBeGreaterThan(0);
    expect(usPerPacket(both)).toBeGreaterThan(usPerPacket(seal));
  });
});
