/*
 * What the worker's batches of datagrams save: CPU time of our worker for each delivered packet beside the same build without
 * them, in turns, with that one a second time as a control. One sender to many receivers on one socket, in bursts of one to eight packets of equal and nearly equal
 * sizes, with packets that a real Chromium has sent, and with voices beside; and how long the first and the last packet of a frame take.
 */
import { fileURLToPath } from 'node:url';
import { BATCHING_NAME, processName } from '../src/sfu/send-path.ts';
import { whyNoNativeProgram } from './endpoints/native-program.ts';
import { ratesOf } from './endpoints/packet-script.ts';
import type { RoundTimes } from './forwarding/forwarding-round.ts';
import { benchOptions, report } from './report.ts';
import { interleaved } from './rounds.ts';
import {
  type CaseFigures,
  caseFigures,
  doubtsOf,
  WORKERS,
  type WorkerName,
  worstRatio,
} from './send-path/case-figures.ts';
import { type RecordingTimes, recordChromium } from './send-path/chromium-sender.ts';
import { AUDIO, HEADLINE, isQuick, type SendCase, sendCases } from './send-path/send-case.ts';
import type { SendRound } from './send-path/send-round.ts';
import { type BothEnds, SendStage } from './send-path/send-stage.ts';
import { type WorkerPair, workerPair } from './send-path/worker-pair.ts';
import { runMediasoup } from './systems/mediasoup-process.ts';

/** Many short ones: what else runs on the machine comes and goes, and meets neighbours alike. */
const ROUNDS = { quick: 10, full: 14 };
const TIMES: Readonly<Record<'quick' | 'full', RoundTimes>> = {
  quick: { warmUpMs: 80, measureMs: 250 },
  full: { warmUpMs: 100, measureMs: 400 },
};
const RECORDING: Readonly<Record<'quick' | 'full', RecordingTimes>> = {
  quick: { settleMs: 3_000, recordMs: 1_500 },
  full: { settleMs: 6_000, recordMs: 4_000 },
};

/** At most: of the CPU time for the headline and for the worst case, and what voices may wait longer. */
const TARGET = { ratio_vs_stock: 0.67, worst_ratio_vs_stock: 1.05, audio_p95_ms_ours_minus_stock: 2 };

if (process.send) {
  await runMediasoup();
} else {
  const pair = workerPair(process.env.CONCLAVE_WORKER_BIN);
  if (typeof pair === 'string') {
    process.stderr.write(`send-path: ${pair}\n`);
    process.exit(1);
  }
  await bench(pair);
}

async function bench({ ours, stock }: WorkerPair): Promise<void> {
  const options = benchOptions();
  const length = options.quick ? 'quick' : 'full';
  const missing = await whyNoNativeProgram('rtp-endpoints');
  if (missing) throw new Error(missing);
  const chromium = await recordChromium(RECORDING[length]).catch((error: unknown) => {
    process.stderr.write(`skipped: no packets of a Chromium: ${error}\n`);
    return undefined;
  });
  const all = sendCases(chromium);
  const played = options.quick ? all.filter(isQuick) : all;

  const programs = { ours, stock, stock_again: stock } satisfies Record<WorkerName, string>;
  const stages: Partial<Record<WorkerName, SendStage>> = {};
  try {
    for (const name of WORKERS)
      stages[name] = await SendStage.open(fileURLToPath(import.meta.url), { name, worker: programs[name] });
    const open = stages as Record<WorkerName, SendStage>;
    const figures: Record<string, CaseFigures> = {};
    const rounds: SendRound[] = [];
    for (const sendCase of played) {
      const own = await playCase(open, sendCase, { rounds: ROUNDS[length], ...TIMES[length] });
      figures[sendCase.name] = own.figures;
      rounds.push(...own.rounds);
    }
    // At the end: a worker may have given up to send in batches.
    const comms = Object.fromEntries(WORKERS.map((name) => [name, processName(open[name].workerPid)]));
    const { [HEADLINE]: headline, [AUDIO]: audio } = figures;
    report(
      'send-path',
      {
        conditions: { rounds: ROUNDS[length], ...TIMES[length], cases: played.map(({ name }) => name), workers: comms },
        chromium: chromium ? ratesOf(chromium) : 'skipped',
        target: TARGET,
        left_out: all.filter((each) => !played.includes(each)).map(({ name }) => name),
        doubts: [
          ...(comms.ours === BATCHING_NAME
            ? []
            : [`our worker does not send in batches: it calls itself ${comms.ours}`]),
          ...Object.entries(figures).flatMap(([name, each]) => doubtsOf(name, each)),
        ],
        ratio_vs_stock: headline?.ratio_vs_stock,
        ratio_vs_stock_rounds: headline?.ratio_vs_stock_rounds,
        ratio_control: headline?.ratio_control,
        ratio_control_rounds: headline?.ratio_control_rounds,
        worst_ratio_vs_stock: worstRatio(figures),
        audio_p95_ms_ours_minus_stock: audio?.ours_minus_stock.audio_p95_ms,
        audio_p95_ms_control_minus_stock: audio?.control_minus_stock.audio_p95_ms,
        ...figures,
        rounds,
      },
      options,
    );
  } finally {
    for (const stage of Object.values(stages)) await stage.close();
  }
}

/** All workers play it, round by round one after another; those who wait send nothing. */
async function playCase(
  stages: Readonly<Record<WorkerName, SendStage>>,
  sendCase: SendCase,
  times: RoundTimes & { readonly rounds: number },
): Promise<{ readonly figures: CaseFigures; readonly rounds: readonly SendRound[] }> {
  const before: Partial<Record<WorkerName, BothEnds>> = {};
  for (const name of WORKERS) {
    await stages[name].prepare(sendCase);
    before[name] = await stages[name].bothEnds();
    await stages[name].round(sendCase, times); // in which the worker becomes used to the case
  }
  const rounds: SendRound[] = [];
  for (const name of interleaved(WORKERS, times.rounds)) rounds.push(await stages[name].round(sendCase, times));
  const ends: Partial<Record<WorkerName, BothEnds>> = {};
  for (const name of WORKERS) ends[name] = grown(before[name], await stages[name].bothEnds());
  return { figures: caseFigures(sendCase, rounds, ends as Record<WorkerName, BothEnds>), rounds };
}

function grown(before: BothEnds | undefined, after: BothEnds): BothEnds {
  return { sent: after.sent - (before?.sent ?? 0), received: after.received - (before?.received ?? 0) };
}
