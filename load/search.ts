import { largestHeld, nextSize, type Step } from './find-max.ts';
import { whyFallen } from './judgement.ts';
import type { Kind } from './mix.ts';
import type { LoadOptions } from './options.ts';
import type { Pool } from './pool.ts';
import { type Report, reportOf, type StepReport } from './report.ts';
import { runCrowd } from './run.ts';
import type { Server } from './server.ts';
import type { Status } from './status.ts';

export interface Place {
  readonly options: LoadOptions;
  readonly server: Server;
  /** Fresh ones for each run, which closes them. */
  readonly openPools: () => ReadonlyMap<Kind, Pool>;
  readonly status: Status;
  readonly signal: AbortSignal;
}

/** One crowd of that size in each room; as many as the options say when it is not said. */
export async function loadOnce(place: Place, participants = place.options.participants): Promise<Report> {
  const { options, server, openPools, status, signal } = place;
  const { rooms, publishers, mix, rampPerSecond, layout, durationMs } = options;
  const crowd = { rooms, participants, publishers: Math.min(publishers, participants), mix, rampPerSecond };
  let facts: Report['server'];
  const measurement = await runCrowd({
    ...{ crowd, layout, durationMs, server, pools: openPools(), status, signal },
    measured: async () => {
      facts = await server.facts();
    },
  });
  return reportOf({
    ...{ options, participants, measurement, server: facts, search: undefined },
    serverName: server.name,
    interrupted: signal.aborted,
  });
}

/** Sizes one after another, until the largest that holds is known. The report is of that one, or of the smallest when none held. */
export async function search(place: Place, max: number): Promise<Report> {
  const { options, status, signal } = place;
  const first = options.participants;
  const steps: Step[] = [];
  const reports: StepReport[] = [];
  let shown: Report | undefined;
  for (
    let size = nextSize(steps, { first, max });
    size !== undefined && !signal.aborted;
    size = nextSize(steps, { first, max })
  ) {
    status.say(`size ${size}: ${size * options.rooms} participants`);
    const report = await loadOnce(place, size);
    const { figures, verdicts, people, saturation } = report;
    const why = whyFallen(figures, verdicts, people);
    const held = why.length === 0 && !report.interrupted;
    status.say(`size ${size}: ${held ? 'held' : `fell: ${why.join('; ') || 'stopped'}`}`);
    if (!shown || (held && size > largestHeld(steps)) || (largestHeld(steps) === 0 && !report.interrupted))
      shown = report;
    if (report.interrupted) break;
    steps.push({ size, held });
    reports.push({ participants: size, held, why, figures, saturation });
  }
  if (!shown) throw new Error('a search has a first step');
  return { ...shown, interrupted: signal.aborted, search: { most: largestHeld(steps), steps: reports } };
}
