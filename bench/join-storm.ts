/*
 * A hundred people join within ten seconds, in simulated time: how many commits it takes, and how long after the last one
 * everybody is in the last epoch. What is real says test/support/simulated-call.ts: each device is as fast as one core of this
 * machine under Node, each way through the network takes 20 ms.
 */
import { SimulatedCall } from '../test/support/simulated-call.ts';
import { benchOptions, percentile, report } from './report.ts';

const JOINS = 100;
const WITHIN_MS = 10_000;
const NETWORK_MS = 20;

/** One in so many is live, and the founder, who makes the commits. */
const LIVE_EVERY = 9;

const ROUNDS = { quick: 1, full: 5 };

/** From the founder's join to the storm, and from the storm to the look at what it left. */
const CALM_MS = 5_000;

const options = benchOptions();
const rounds = options.quick ? ROUNDS.quick : ROUNDS.full;
const commits: number[] = [];
const convergedMs: number[] = [];
const processCpuMs: number[] = [];
let timeouts = 0;
for (let round = 0; round < rounds; round += 1) {
  const call = await SimulatedCall.open(NETWORK_MS);
  await call.joinLive();
  await call.run(CALM_MS);
  const atMs = Array.from({ length: JOINS }, () => CALM_MS + Math.random() * WITHIN_MS).sort((a, b) => a - b);
  for (const [index, joinAtMs] of atMs.entries()) {
    call.at(joinAtMs, async () => {
      await (index % LIVE_EVERY === 0 ? call.joinLive() : call.joinSilent());
    });
  }
  await call.run(CALM_MS + WITHIN_MS + CALM_MS);
  commits.push(call.commits);
  convergedMs.push(Math.round(call.convergedAtMs - (atMs.at(-1) ?? 0)));
  processCpuMs.push(...call.costs.process.map(Math.round));
  timeouts += call.timeouts;
}
report(
  'join-storm',
  {
    joins: JOINS,
    within_ms: WITHIN_MS,
    live_members: 1 + Math.ceil(JOINS / LIVE_EVERY),
    network_one_way_ms: NETWORK_MS,
    rounds,
    commits,
    commits_of_one_per_join: percentile(commits, 0.5) / JOINS,
    converged_after_last_join_ms: convergedMs,
    process_commit_cpu_ms: percentile(processCpuMs, 0.5),
    committers_too_late: timeouts,
  },
  options,
);
