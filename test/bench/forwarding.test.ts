import { describe, expect, test } from 'vitest';
import type { Arrivals } from '../../bench/endpoints/arrivals.ts';
import {
  deliveredShare,
  type ForwardingRound,
  type Measured,
  roundOf,
} from '../../bench/forwarding/forwarding-round.ts';
import { climb, delayRatio, holds, sizesBetween } from '../../bench/forwarding/knee.ts';
import { doubtsOf, sceneFigures } from '../../bench/forwarding/scene-figures.ts';
import type { Usage } from '../../bench/forwarding/usage.ts';

const NOTHING: Arrivals = {
  ...{ elapsedMs: 2_200, cpuMs: 500, outgoingVideo: 0, outgoingAudio: 0, expectedVideo: 0, expectedAudio: 0 },
  ...{ flowingVideo: 0, flowingAudio: 0, sentVideo: 0, sentAudio: 0, receivedVideo: 0, receivedAudio: 0 },
  receivedEver: 0,
  ...{ duplicates: 0, retransmitted: 0, others: 0, unreadable: 0, opened: 0, refused: 0, refusedRtcp: 0 },
  ...{ keyFrames: 0, keyFrameRequests: 0, nacks: 0, feedbacks: 0, reports: 0, unsent: 0 },
  ...{ firstP50Ms: 1, firstP95Ms: 2, lastP50Ms: 3, lastP95Ms: 4, voiceP50Ms: 0, voiceP95Ms: 0 },
  ...{ delayP50Ms: 1, delayP99Ms: 5, delayMaxMs: 9, lateP50Ms: 0, lateP99Ms: 1, lateMaxMs: 2, endpoints: [] },
};

const USED: Usage = { cpuSeconds: [0.1, 0.4], endpointsCpuSeconds: 0.5, serverDrops: 0, endpointsDrops: 0 };
/** More of it, when all had come. */
const USED_IN_ALL: Usage = { ...USED, cpuSeconds: [0.1, 0.497] };

/** One video of 300 packets to 200 receivers. */
const ONE_TO_200: Arrivals = {
  ...NOTHING,
  ...{ outgoingVideo: 1, expectedVideo: 200, sentVideo: 300, receivedVideo: 59_700 },
};

/** Twelve voices of 100 packets; the ten loudest are heard, each by the eleven others. */
const HEARD: Arrivals = {
  ...NOTHING,
  ...{ outgoingAudio: 12, expectedAudio: 132, flowingAudio: 110, sentAudio: 1_200, receivedAudio: 11_000 },
};

const MEASURED: Measured = {
  ...{ system: 'conclave', arrivals: ONE_TO_200, seconds: 2, hearsAll: true },
  ...{ whileSending: USED, inAll: USED_IN_ALL },
};

function round(system: string, fields: Partial<ForwardingRound> = {}): ForwardingRound {
  return { ...roundOf({ ...MEASURED, system }), ...fields };
}

describe('a round of forwarding', () => {
  test('known packet counts and CPU times give its figures', () => {
    const known = round('conclave');
    expect(known).toMatchObject({ system: 'conclave', packets: 59_700, seconds: 2, generator_saturated: false });
    expect(known.cpuSeconds).toBeCloseTo(0.597);
    expect(known.delivered_share).toBeCloseTo(0.995);
    expect(known.busiest_cpu_share).toBeCloseTo(0.2);
    expect(known.busiest_cpu_seconds).toBe(0.497);
    expect(known.endpoints_cpu_share).toBeCloseTo(0.25);
  });

  test('a stream that brings nothing is missed, unless only the loudest are heard', () => {
    expect(deliveredShare(HEARD, { hearsAll: false })).toBeCloseTo(1);
    expect(deliveredShare(HEARD, { hearsAll: true })).toBeCloseTo(110 / 132);
    const silent = { ...ONE_TO_200, flowingVideo: 199 };
    expect(deliveredShare({ ...silent, receivedVideo: 59_400 }, { hearsAll: false })).toBeCloseTo(0.99);
  });

  test.each<[string, Partial<Measured>, boolean]>([
    ['busy endpoints', { whileSending: { ...USED, endpointsCpuSeconds: 1.9 } }, true],
    ['late senders', { arrivals: { ...ONE_TO_200, lateP99Ms: 6 } }, true],
    ['receivers that overflow', { inAll: { ...USED, endpointsDrops: 1 } }, true],
    ['a server that overflows', { inAll: { ...USED, serverDrops: 1 } }, false],
    ['endpoints that have time', { whileSending: { ...USED, endpointsCpuSeconds: 1.7 } }, false],
  ])('%s', (_, fields, saturated) => {
    expect(roundOf({ ...MEASURED, ...fields }).generator_saturated).toBe(saturated);
  });
});

describe('the figures of a scene', () => {
  const limit = [1, 2, 3].map(() => ({ system: 'both_1244', packets: 1_000_000, cpuSeconds: 4 }));

  test('compare medians of CPU per delivered packet, with each peer and with the limit', () => {
    const rounds = [
      ...[10, 12, 11].map((us) => round('conclave', { packets: 100_000, cpuSeconds: us / 10 })),
      ...[20, 22, 24].map((us) => round('janus', { packets: 50_000, cpuSeconds: us / 20 })),
    ];
    const { systems, ratios } = sceneFigures(rounds, limit);
    expect(systems.conclave?.us_per_packet).toBeCloseTo(11);
    expect(systems.conclave?.packets_per_cpu_second).toBeCloseTo(1e6 / 11);
    expect(systems.janus?.us_per_packet).toBeCloseTo(22);
    expect(ratios.ratio_vs_janus).toBeCloseTo(0.5);
    expect(ratios.ratio_vs_janus_rounds).toEqual([10 / 20, 12 / 22, 11 / 24].map((each) => expect.closeTo(each)));
    expect(systems.conclave?.us_per_packet_rounds).toEqual([10, 12, 11].map((each) => expect.closeTo(each)));
    expect(ratios.ratio_vs_limit).toBeCloseTo(11 / 4);
    expect(ratios.cpu_ratio_vs_janus).toBeCloseTo(1); // of half the packets
  });

  test('rounds that differ more than twice give no ratio', () => {
    const rounds = [
      ...[0.5, 1.1].map((cpuSeconds) => round('conclave', { cpuSeconds })),
      ...[1, 1].map((cpuSeconds) => round('mediasoup', { cpuSeconds })),
    ];
    const { systems, ratios } = sceneFigures(rounds, limit);
    expect(systems.conclave?.us_per_packet).toBe('noisy');
    expect(ratios).toMatchObject({
      ratio_vs_mediasoup: 'noisy',
      cpu_ratio_vs_mediasoup: 'noisy',
      ratio_vs_limit: 'noisy',
    });
  });
});

describe('doubts about a scene', () => {
  const doubts = (...fields: readonly Partial<ForwardingRound>[]) =>
    doubtsOf(
      'audio',
      sceneFigures(
        fields.map((each) => round('janus', each)),
        [],
      ),
    );

  test('there are none when rounds agree, all came and the endpoints had time', () =>
    expect(doubts({}, {})).toEqual([]));

  test.each([
    [{ cpuSeconds: 2 }, 'audio, janus: noisy, rounds differ by more than 2 times'],
    [{ generator_saturated: true }, 'audio, janus: the endpoints were busy or late themselves'],
    [{ delivered_share: 0.987 }, 'audio, janus: only 98.7 % was delivered in a round'],
  ])('%o of one round', (fields, doubt) => expect(doubts({}, fields)).toEqual([doubt]));
});

describe('the knee', () => {
  const step = (size: number, fields: Partial<ForwardingRound> = {}) =>
    round('conclave', { packets: size * 300, seconds: 2, delivered_share: 1, ...fields });

  test.each([
    [{ delivered_share: 0.99, delay_p99_ms: 20 }, true],
    [{ delivered_share: 0.989, delay_p99_ms: 1 }, false],
    [{ delivered_share: 1, delay_p99_ms: 20.1 }, false],
  ])('%o holds: %s', (fields, held) => expect(holds(round('conclave', fields))).toBe(held));

  test('is the last size that holds; a size may fail once', async () => {
    const failures = new Map([
      [200, 1],
      [400, 2],
    ]);
    const measured: number[] = [];
    const knee = await climb([100, 200, 300, 400, 500], async (size) => {
      measured.push(size);
      const left = failures.get(size) ?? 0;
      failures.set(size, left - 1);
      return step(size, left > 0 ? { delivered_share: 0.5, generator_saturated: true } : {});
    });
    expect(measured).toEqual([100, 200, 200, 300, 400, 400]);
    expect(knee.knee?.size).toBe(300);
    expect(knee.failed?.size).toBe(400);
    expect(knee.generator_saturated).toBe(true);
    expect(knee.at_usual_load?.size).toBe(200); // 210 would be 70 %
    expect(knee.knee?.packets_per_second).toBe(45_000);
  });

  test('is not known when every size holds', async () => {
    const knee = await climb([100, 200], async (size) => step(size));
    expect(knee.failed).toBeUndefined();
    expect(knee.knee?.size).toBe(200);
  });

  test('delays are compared at 70 % of what each can', async () => {
    const climbed = (delay_p99_ms: number, last: Partial<ForwardingRound>) =>
      climb([100, 200, 300], async (size) => step(size, size === 300 ? last : { delay_p99_ms }));
    const [ours, theirs] = [await climbed(2, { delay_p99_ms: 30 }), await climbed(8, { delivered_share: 0.9 })];
    expect(delayRatio(ours, theirs)).toBe(0.25);
    expect(delayRatio(ours, undefined)).toBeUndefined();
    expect(delayRatio(ours, await climbed(8, {}))).toBeUndefined(); // it never failed
    const busy = await climbed(8, { delivered_share: 0.9, generator_saturated: true });
    expect(delayRatio(ours, busy)).toBeUndefined();
  });

  test('sizes grow by a fifth', () => expect(sizesBetween(100, 200)).toEqual([100, 120, 144, 173]));
});
