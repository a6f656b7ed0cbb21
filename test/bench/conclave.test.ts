import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { whyNoNativeProgram } from '../../bench/endpoints/native-program.ts';
import { SMALL_VIDEO, VOICE } from '../../bench/endpoints/stream-plan.ts';
import { forwardingRound } from '../../bench/forwarding/forwarding-round.ts';
import { Conclave } from '../../bench/systems/conclave.ts';

const missing = await whyNoNativeProgram('rtp-endpoints');
if (missing) process.stderr.write(`skipped: ${missing}\n`);

const TIMES = { warmUpMs: 1_000, measureMs: 1_000 };

describe.skipIf(missing !== undefined)('the built server under native ends', () => {
  let conclave: Conclave;

  beforeEach(async () => {
    conclave = await Conclave.open();
  });

  afterEach(() => conclave.close());

  test('three receive a camera and a microphone, every packet of them, and can open what they get', async () => {
    const sender = await conclave.join();
    await sender.publish([SMALL_VIDEO, VOICE]);
    for (let others = 0; others < 3; others += 1) await (await conclave.join()).subscribe([sender]);
    const round = await forwardingRound(conclave, { ...TIMES, hearsAll: true });
    expect(round.delivered_share).toBeGreaterThanOrEqual(0.99); // one packet may come too late on a busy machine
    expect(round.packets).toBeGreaterThan(3 * (20 + 30)); // of 30 and 50 a second, fewer on a busy machine
    expect(round.opened).toBeGreaterThan(0);
    expect(round.cpuSeconds).toBeGreaterThan(0);
    expect(round.busiest_cpu_share * round.seconds).toBeLessThanOrEqual(round.cpuSeconds);
  });

  test('who looks at one of two sees that one and hears both', async () => {
    const people = [await conclave.join(), await conclave.join(), await conclave.join()];
    const [first, second, third] = people;
    for (const person of people) await person.publish([SMALL_VIDEO, VOICE]);
    if (first && second && third) await first.subscribe([third]);
    await forwardingRound(conclave, { ...TIMES, hearsAll: true });
    const { expectedVideo, flowingVideo, flowingAudio } = await conclave.endpoints.report();
    expect({ expectedVideo, flowingVideo, flowingAudio }).toEqual({
      expectedVideo: 1,
      flowingVideo: 1,
      flowingAudio: 2,
    });
  });
});
