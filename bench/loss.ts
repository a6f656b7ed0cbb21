/*
 * Video over a line that loses 2 %, and over a narrow one, with a frame's packets sent in one call and each alone: what the server
 * believes that the line carries, layers, pictures, losses. A call of two in browsers, first on the one line, then on the other; in
 * turns on two servers, with the same luck for both. What leaves together must not look late, and a narrow line not wide.
 */
import type { SendPath } from '../src/sfu/send-path.ts';
import { type LossyReception, measureLossyCall } from '../test/browser/lossy-call.ts';
import { openChromium } from '../test/support/chromium.ts';
import { type ConclaveServer, openConclaveServer } from '../test/support/conclave-server.ts';
import type { Conditions } from '../test/support/impaired-link.ts';
import { WorkerObjects } from '../test/support/worker-objects.ts';
import { benchOptions, report } from './report.ts';
import { interleaved, median } from './rounds.ts';

/** On each way, to the server and from it. */
const LOSSY: Conditions = { loss: 0.02, delayMs: 20, jitterMs: 0, reordered: 0, duplicated: 0 };

/** Enough for the layer in the middle (500 kbit/s), and not for the largest (1,500). */
const NARROW: Conditions = { ...LOSSY, rateBps: 1_000_000 };

const LINES = { lossy: LOSSY, narrow: NARROW };
type Line = keyof typeof LINES;

/** Calls on each server. */
const ROUNDS = { quick: 2, full: 6 };

/** On each line. */
const SETTLE_MS = { quick: 4_500, full: 12_000 };
const MEASURE_MS = { quick: 3_000, full: 12_000 };

const SEND_PATHS = ['batched', 'single'] as const satisfies readonly SendPath[];

/** In the order in which they are printed, by their names in the result. */
const FIGURES: Readonly<Record<string, keyof LossyReception>> = {
  estimate_kbps: 'estimateKbps',
  least_estimate_kbps: 'leastEstimateKbps',
  sent_kbps: 'sentKbps',
  height_px: 'heightPx',
  pictures_per_second: 'picturesPerSecond',
  packets_per_picture: 'packetsPerPicture',
  lost_share: 'lostShare',
  nacks_per_second: 'nacksPerSecond',
};

/** What is in the environment when a worker starts is what it does. */
async function openServer(sendPath: SendPath): Promise<ConclaveServer> {
  process.env.CONCLAVE_GSO = sendPath === 'batched' ? 'on' : 'off';
  return await openConclaveServer();
}

const options = benchOptions();
const length = options.quick ? 'quick' : 'full';
const [settleMs, measureMs] = [SETTLE_MS[length], MEASURE_MS[length]];
const objects = new WorkerObjects();
const servers = { batched: await openServer('batched'), single: await openServer('single') };
const browser = await openChromium();
/** Of each call, one for each line. */
const calls: Record<SendPath, (readonly LossyReception[])[]> = { batched: [], single: [] };
const doubts: string[] = [];
try {
  for (const [turn, sendPath] of interleaved(SEND_PATHS, ROUNDS[length]).entries()) {
    const seed = 1 + Math.floor(turn / SEND_PATHS.length);
    const call = { objects, lines: Object.values(LINES), seed, settleMs, measureMs };
    calls[sendPath].push(await measureLossyCall(servers[sendPath], browser, call));
  }
  // After all calls: a worker that the kernel refused has stopped by now.
  if (servers.batched.sfu.batchingWorkers === 0) doubts.push('no worker batches here: both send packet by packet');
  if (servers.single.sfu.batchingWorkers > 0) doubts.push('batching was not off: both batch');
} finally {
  await browser.close();
  for (const server of Object.values(servers)) await server.close();
}

function roundsOf(sendPath: SendPath, line: Line, key: keyof LossyReception): number[] {
  const at = Object.keys(LINES).indexOf(line);
  return calls[sendPath].map((receptions) => receptions[at]?.[key] ?? Number.NaN);
}

function mediansOf(sendPath: SendPath, line: Line): Record<string, number | number[]> {
  const figures = Object.entries(FIGURES).flatMap(([name, key]) => {
    const rounds = roundsOf(sendPath, line, key);
    return [
      [name, median(rounds)],
      [`${name}_rounds`, rounds],
    ];
  });
  return Object.fromEntries(figures);
}

/** Of the medians. */
function changesOn(line: Line): Record<string, number> {
  const changes = Object.entries(FIGURES).map(([name, key]) => {
    const [batched, single] = [roundsOf('batched', line, key), roundsOf('single', line, key)];
    return [name, median(batched) - median(single)];
  });
  return Object.fromEntries(changes);
}

const figuresOf = (line: Line) => ({
  batched: mediansOf('batched', line),
  single: mediansOf('single', line),
  batched_minus_single: changesOn(line),
});

report(
  'loss',
  {
    conditions: { lines: LINES, rounds: ROUNDS[length], settle_ms: settleMs, measure_ms: measureMs },
    doubts,
    lossy: figuresOf('lossy'),
    narrow: figuresOf('narrow'),
  },
  options,
);
