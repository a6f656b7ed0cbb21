import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { whyNoNativeProgram } from '../../bench/endpoints/native-program.ts';
import { burstScript } from '../../bench/endpoints/packet-script.ts';
import { usPerPacket } from '../../bench/rounds.ts';
import { caseFigures, doubtsOf, WORKERS, worstRatio } from '../../bench/send-path/case-figures.ts';
import { AUDIO, HEADLINE, isQuick, type SendCase, sendCases } from '../../bench/send-path/send-case.ts';
import type { SendRound } from '../../bench/send-path/send-round.ts';
import { SendStage } from '../../bench/send-path/send-stage.ts';
import { workerPair } from '../../bench/send-path/worker-pair.ts';
import { built } from '../../scripts/built.mjs';
import { processName } from '../../src/sfu/send-path.ts';

const missing = await whyNoNativeProgram('rtp-endpoints');
if (missing) process.stderr.write(`skipped: ${missing}\n`);

const SCRIPT = burstScript(4, 'near_equal', 60);
const CASE: SendCase = { name: 'few', receivers: 3, script: SCRIPT, voices: false };

/** As a round of 1,000 packets in a second is. */
function round(system: string, us: number, fields: Partial<SendRound> = {}): SendRound {
  return {
    ...{ case: 'few', system, packets: 1_000, cpuSeconds: us / 1_000, seconds: 1, sent: 250, delivered_share: 1 },
    ...{ delay_p50_ms: 1, delay_p99_ms: 5, busiest_cpu_share: 0.1, busiest_cpu_seconds: 0.1, opened: 15, probes: 0 },
    ...{ endpoints_cpu_share: 0.1, late_p99_ms: 1, server_drops: 0, endpoints_drops: 0, generator_saturated: false },
    ...{ first_p50_ms: 1, first_p95_ms: 2, last_p50_ms: 3, last_p95_ms: 4, audio_p50_ms: 0, audio_p95_ms: 0 },
    ...fields,
  };
}

const ENDS = { sent: 1_000, received: 1_000 };
const ALL_ENDS = { ours: ENDS, stock: ENDS, stock_again: ENDS };

function rounds(ours: readonly number[], stock: readonly number[], again: readonly number[]): SendRound[] {
  const of = (system: string, costs: readonly number[]) => costs.map((us) => round(system, us));
  return [...of('ours', ours), ...of('stock', stock), ...of('stock_again', again)];
}

describe('the figures of a case', () => {
  test('compare medians of CPU per delivered packet with stock, and stock with itself', () => {
    const figures = caseFigures(CASE, rounds([5, 6, 7], [9, 10, 12], [10.5, 10.5, 10]), ALL_ENDS);
    expect(figures.ratio_vs_stock).toBeCloseTo(0.6);
    expect(figures.ratio_control).toBeCloseTo(1.05);
    expect(figures.ratio_vs_stock_rounds).toEqual([5 / 9, 6 / 10, 7 / 12].map((each) => expect.closeTo(each)));
    expect(figures.workers.ours).toMatchObject({ us_per_packet: expect.closeTo(6), both_ends: ENDS, opened: 45 });
    expect(doubtsOf('few', figures)).toEqual([]);
  });

  test('say how much longer ours takes than stock', () => {
    const delays = { first_p50_ms: 4, first_p95_ms: 6, last_p95_ms: 3.5, audio_p95_ms: 1.5 };
    const ours = [1, 2, 3].map(() => round('ours', 5, delays));
    const figures = caseFigures(CASE, [...ours, ...rounds([], [5, 5, 5], [5, 5, 5])], ALL_ENDS);
    expect(figures.ours_minus_stock).toEqual({
      ...{ first_p50_ms: 3, first_p95_ms: 4, last_p50_ms: 0, last_p95_ms: -0.5 },
      ...{ audio_p50_ms: 0, audio_p95_ms: 1.5 },
    });
  });

  test('say how much longer stock takes than itself', () => {
    const again = [1, 2, 3].map(() => round('stock_again', 5, { audio_p95_ms: 0.5 }));
    const figures = caseFigures(CASE, [...again, ...rounds([5, 5, 5], [5, 5, 5], [])], ALL_ENDS);
    expect(figures.control_minus_stock).toMatchObject({ first_p95_ms: 0, audio_p95_ms: 0.5 });
    expect(doubtsOf('few', figures)).toEqual([]);
  });

  test('a worker whose rounds differ more than twice gives no ratio, and the worst of all is not known', () => {
    const noisy = caseFigures(CASE, rounds([5, 11], [9, 9], [9, 9]), ALL_ENDS);
    const quiet = caseFigures(CASE, rounds([9.9, 9.9], [9, 9], [9, 9]), ALL_ENDS);
    expect(noisy.ratio_vs_stock).toBe('noisy');
    expect(noisy.ratio_control).toBeCloseTo(1);
    expect(doubtsOf('few', noisy)).toEqual(['few, ours: noisy, rounds differ by more than 2 times']);
    expect(worstRatio({ quiet })).toBeCloseTo(1.1);
    expect(worstRatio({ quiet, noisy })).toBe('noisy');
  });

  test.each([
    [{ generator_saturated: true }, ENDS, 'few, stock: the endpoints were busy or late themselves in 1 rounds'],
    [{ delivered_share: 0.95 }, ENDS, 'few, stock: only 95.0 % was delivered in a round'],
    [{}, { sent: 1_000, received: 998 }, 'few, stock: 1000 packets were sent and 998 received'],
  ])('%o of one round and %o are doubted', (fields, stock, doubt) => {
    const all = [...rounds([5], [5], [5]), round('stock', 5, fields)];
    expect(doubtsOf('few', caseFigures(CASE, all, { ...ALL_ENDS, stock }))).toEqual([doubt]);
  });
});

test('a control that is far from 1, or from 0 ms, is doubted', () => {
  const again = round('stock_again', 5.6, { audio_p95_ms: 2.5 });
  const figures = caseFigures(CASE, [...rounds([5], [5], []), again], ALL_ENDS);
  expect(doubtsOf('few', figures)).toEqual([
    'few, stock differs from itself by 12 %',
    'few, voices of stock differ from its own by 2.5 ms at p95',
  ]);
});

describe('the cases', () => {
  const all = sendCases(SCRIPT);

  test('are every room with every burst of both sizes and a browser, and voices', () => {
    expect(all).toHaveLength(3 * (2 * 3 + 1) + 1);
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
    expect(all.map(({ receivers }) => receivers)).toEqual(
      all.map(({ receivers }) => receivers).toSorted((a, b) => a - b),
    );
    expect(all.filter(({ voices }) => voices).map(({ name }) => name)).toEqual([AUDIO]);
    expect(all.at(-1)?.name).toBe(AUDIO); // who is heard once is heard from then on
  });

  test('of a quick run are the largest bursts, single packets, a browser and voices, to 200', () => {
    expect(all.filter(isQuick).map(({ name }) => name)).toEqual([
      'near_equal_bursts_of_1_to_200',
      HEADLINE,
      'chromium_to_200',
      AUDIO,
    ]);
  });

  test('bring every receiver of bursts as many packets a second', () => {
    const perSecond = all
      .filter(({ name }) => name.includes('bursts'))
      .map(({ script }) => (script.packets.length * 1e6) / script.periodUs);
    expect(perSecond.every((each) => Math.abs(each - 240) < 0.1)).toBe(true);
  });
});

describe('two workers in one folder', () => {
  test('are found, or it is said which one is missing', () => {
    const folder = mkdtempSync(join(tmpdir(), 'worker-pair-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const ours = join(folder, 'mediasoup-worker');
    writeFileSync(ours, '');
    expect(workerPair(ours)).toBe(
      `no mediasoup-worker-stock beside ${ours}: a prebuilt worker has none, only our own build makes both`,
    );
    const stock = join(folder, 'mediasoup-worker-stock');
    writeFileSync(stock, '');
    expect(workerPair(ours)).toEqual({ ours, stock });
    expect(workerPair(undefined)).toBe('CONCLAVE_WORKER_BIN names no worker');
  });
});

describe.skipIf(missing !== undefined)('a worker under native ends', () => {
  test('forwards bursts and voices to three, who count what it counts and can open it', async () => {
    const [entry = ''] = await built(fileURLToPath(new URL('../..', import.meta.url)), 'bench', ['send-path']);
    const stage = await SendStage.open(entry, { name: WORKERS[0], worker: process.env.CONCLAVE_WORKER_BIN ?? '' });
    onTestFinished(() => stage.close());
    expect(processName(stage.workerPid)).toMatch(/^mediasoup-/);

    await stage.prepare(CASE);
    const before = await stage.bothEnds();
    const times = { warmUpMs: 300, measureMs: 700 };
    const videos = await stage.round(CASE, times);
    expect(videos.packets).toBeGreaterThan(3 * 4 * 20); // of 42 frames, fewer on a busy machine
    expect(videos.delivered_share).toBeGreaterThanOrEqual(0.99);
    expect(videos.opened).toBeGreaterThan(0);
    expect(usPerPacket(videos)).toBeGreaterThan(0);
    expect(videos.first_p50_ms).toBeGreaterThan(0);
    expect(videos.last_p50_ms).toBeGreaterThanOrEqual(videos.first_p50_ms);
    expect(videos.audio_p95_ms).toBe(0);

    const heard = { ...CASE, receivers: 4, voices: true };
    await stage.prepare(heard);
    const both = await stage.round(heard, times);
    expect(both.packets).toBeGreaterThan(4 * 4 * 20 + 4 * 3 * 15); // three voices of 35 packets
    expect(both.audio_p50_ms).toBeGreaterThan(0);
    const after = await stage.bothEnds();
    expect(after.sent - before.sent).toBe(after.received - before.received);
    expect(after.received - before.received).toBeGreaterThanOrEqual(videos.packets + both.packets);
  });
});
