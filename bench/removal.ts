/*
 * From a member's leaving to the last frame that is sealed under a key which it has: from the server learning of it to the last live
 * sender's switch, so the window for others to come along, the commit, its way to everybody, and processing it. In simulated
 * time (test/support/simulated-call.ts says what is real): each device is as fast as one core of this machine under
 * Node, each way through the network takes 20 ms.
 */
import { SimulatedCall } from '../test/support/simulated-call.ts';
import { benchOptions, percentile, report } from './report.ts';

const SIZES = { quick: [50], full: [50, 200] };
const REMOVALS = { quick: 5, full: 20 };
const LIVE = 12;
const NETWORK_MS = 20;

/** A step of the simulation is over when nothing happens any more. */
const CALM_MS = 20_000;

const options = benchOptions();
const removals = options.quick ? REMOVALS.quick : REMOVALS.full;
const figures: Record<string, unknown> = { live_members: LIVE, network_one_way_ms: NETWORK_MS, removals };
for (const size of options.quick ? SIZES.quick : SIZES.full) Object.assign(figures, await measure(size));
report('removal', figures, options);

/** The last of the live senders counts. */
async function measure(size: number): Promise<Record<string, unknown>> {
  const { call, silent } = await grow(size + Math.floor(removals / 2));
  const lastMs: number[] = [];
  for (let removal = 0; removal < removals; removal += 1) {
    const [gone] = silent.splice(Math.floor(Math.random() * silent.length), 1);
    if (!gone) throw new Error('nobody is left to be removed');
    const learntAtMs = call.nowMs;
    const before = call.switched.length;
    call.leave(gone.id);
    await call.run(call.nowMs + CALM_MS);
    const switched = call.switched.slice(before);
    if (switched.length !== LIVE) throw new Error(`${switched.length} senders switched`);
    lastMs.push(Math.round(Math.max(...switched.map(({ atMs }) => atMs)) - learntAtMs));
  }
  return {
    [`last_old_frame_p50_ms_at_${size}`]: percentile(lastMs, 0.5),
    [`last_old_frame_p95_ms_at_${size}`]: percentile(lastMs, 0.95),
    [`times_ms_at_${size}`]: lastMs,
    [`process_commit_cpu_ms_at_${size}`]: Math.round(percentile(call.costs.process, 0.5)),
    [`committers_too_late_at_${size}`]: call.timeouts,
  };
}

/** A group whose live members have committed once each, so that its tree has keys where they are. */
async function grow(size: number) {
  const call = await SimulatedCall.open(NETWORK_MS);
  const live = [await call.joinLive()];
  await call.run(call.nowMs + CALM_MS);
  const silent = [];
  for (let born = 1; born < size; born += 1) {
    // Spread over the tree, so that no part of it is without keys.
    if (born % Math.floor(size / LIVE) === 0 && live.length < LIVE) live.push(await call.joinLive());
    else silent.push(await call.joinSilent());
  }
  await call.run(call.nowMs + CALM_MS);
  for (const member of live) {
    member.refresh();
    await call.run(call.nowMs + CALM_MS);
  }
  return { call, silent };
}
