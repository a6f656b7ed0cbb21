import { describe, expect, test } from 'vitest';
import { capacityOfTwo } from '../../bench/capacity.ts';
import { type Measured, roundOf } from '../../bench/forwarding/forwarding-round.ts';

/** 10,000 packets in a second, for which each process of the server took so many seconds of CPU. */
function roundWith(...cpuSeconds: readonly number[]) {
  const arrivals = { receivedVideo: 10_000, receivedAudio: 0, lateP99Ms: 0 } as Measured['arrivals'];
  const used = { cpuSeconds, endpointsCpuSeconds: 0.01, serverDrops: 0, endpointsDrops: 0 };
  return roundOf({ system: 'workers', arrivals, seconds: 1, whileSending: used, inAll: used, hearsAll: true });
}

describe('the capacity of two workers', () => {
  test.each([
    { why: 'pipes that cost nothing', two: [0.05, 0.05], factor: 2, busier: 2 },
    { why: 'a tenth more for each packet', two: [0.055, 0.055], factor: 2 / 1.1, busier: 2 / 1.1 },
    { why: 'all that is on one of them', two: [0.1, 0], factor: 2, busier: 1 },
    { why: 'a third and two thirds', two: [0.04, 0.08], factor: 2 / 1.2, busier: 1.25 },
  ])('$why', ({ two, factor, busier }) => {
    const capacity = capacityOfTwo([roundWith(0.1)], [roundWith(...two)]);
    expect(capacity.factor).toBeCloseTo(factor, 9);
    expect(capacity.untilTheBusierIsFull).toBeCloseTo(busier, 9);
  });

  test('is not given over noise', () => {
    const noisy = [roundWith(0.1), roundWith(0.3)];
    expect(capacityOfTwo(noisy, [roundWith(0.05, 0.05)])).toEqual({ factor: 'noisy', untilTheBusierIsFull: 'noisy' });
  });
});
