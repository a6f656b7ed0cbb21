/*
 * From the death of a worker to the next picture: four people in real browsers on two workers, one of which is killed (SIGKILL) or
 * stopped (SIGSTOP, a hang, which has to be found first) in the middle of the call. For each pair of whom one or both were on it, the
 * longest time between two decoded pictures. `untouched`: the same for all other pairs, so what the machine itself does.
 */
import { measureWorkerDeath } from '../test/browser/worker-death.ts';
import { openChromium } from '../test/support/chromium.ts';
import { openConclaveServer } from '../test/support/conclave-server.ts';
import { recordedLog } from '../test/support/recorded-log.ts';
import { benchOptions, percentile, report } from './report.ts';

/** Calls of four people, for each way to die. */
const RUNS = { quick: 1, full: 10 };

const options = benchOptions();
const runs = options.quick ? RUNS.quick : RUNS.full;
const figures: Record<string, unknown> = { runs };
for (const signal of ['SIGKILL', 'SIGSTOP'] as const) Object.assign(figures, await measure(signal));
report('recovery', figures, options);

async function measure(signal: 'SIGKILL' | 'SIGSTOP'): Promise<Record<string, unknown>> {
  const log = recordedLog();
  const server = await openConclaveServer({ workers: 2, consumersPerWorker: 1, log });
  const browser = await openChromium('--use-fake-device-for-media-stream=fps=10');
  const gapsMs: number[] = [];
  const untouchedMs: number[] = [];
  let changed = 0;
  try {
    for (let run = 0; run < runs; run += 1) {
      const started = log.lines.findLast(({ event }) => event === 'worker started')?.fields;
      const { worker: pid = Number.NaN, port = 0 } = started ?? {};
      const death = await measureWorkerDeath(server, browser, { pid, port, signal });
      gapsMs.push(...death.gapsMs);
      untouchedMs.push(...death.untouchedGapsMs);
      changed += death.changed.length;
    }
  } finally {
    await browser.close();
    await server.close();
  }
  const name = signal.toLowerCase();
  return {
    [`${name}_gap_p50_ms`]: percentile(gapsMs, 0.5),
    [`${name}_gap_p95_ms`]: percentile(gapsMs, 0.95),
    [`${name}_gap_max_ms`]: Math.max(...gapsMs),
    [`${name}_untouched_gap_p95_ms`]: percentile(untouchedMs, 0.95),
    [`${name}_people_whose_call_changed`]: changed,
  };
}
