/*
 * Whether a worker that sends bursts in one call keeps its memory and loses nothing over half an hour: a video in bursts of eight to sixty receivers,
 * round after round, with the worker's memory and the packets at both ends after each.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { processName } from '../src/sfu/send-path.ts';
import { whyNoNativeProgram } from './endpoints/native-program.ts';
import { burstScript } from './endpoints/packet-script.ts';
import { benchOptions, report } from './report.ts';
import { SendStage } from './send-path/send-stage.ts';
import { runMediasoup } from './systems/mediasoup-process.ts';

const ROUND_MS = { quick: 5_000, full: 60_000 };
const ROUNDS = { quick: 6, full: 30 };

/** 14,400 packets a second: a quarter of what a worker can, so that others of this machine lose nothing to it. */
const CASE = { name: 'soak', receivers: 60, script: burstScript(8, 'near_equal', 30), voices: true };

/** In the first rounds the tables of the streams and the allocator's pools grow to their size. */
const WARM_UP_SHARE = 1 / 3;

if (process.send) await runMediasoup();
else await bench();

async function bench(): Promise<void> {
  const options = benchOptions();
  const length = options.quick ? 'quick' : 'full';
  const missing = await whyNoNativeProgram('rtp-endpoints');
  if (missing) throw new Error(missing);
  const worker = process.env.CONCLAVE_WORKER_BIN ?? '';
  const stage = await SendStage.open(fileURLToPath(import.meta.url), { name: 'soak', worker });
  try {
    await stage.prepare(CASE);
    const rounds: { readonly rss_kib: number; readonly delivered_share: number; readonly us_per_packet: number }[] = [];
    for (let at = 0; at < ROUNDS[length]; at += 1) {
      const { packets, cpuSeconds, delivered_share } = await stage.round(CASE, {
        warmUpMs: 0,
        measureMs: ROUND_MS[length],
      });
      rounds.push({ rss_kib: rssOf(stage.workerPid), delivered_share, us_per_packet: (cpuSeconds * 1e6) / packets });
    }
    const { sent, received } = await stage.bothEnds();
    const warm = rounds[Math.ceil(rounds.length * WARM_UP_SHARE)]?.rss_kib ?? Number.NaN;
    report(
      'send-soak',
      {
        conditions: { receivers: CASE.receivers, round_ms: ROUND_MS[length], worker: processName(stage.workerPid) },
        sent,
        received,
        rss_kib_warm: warm,
        rss_kib_end: rounds.at(-1)?.rss_kib,
        growth_share: (rounds.at(-1)?.rss_kib ?? Number.NaN) / warm - 1,
        rounds,
      },
      options,
    );
  } finally {
    await stage.close();
  }
}

/** Resident memory of a process (Linux). */
function rssOf(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}
