import { setTimeout as pause } from 'node:timers/promises';
import { cpuSecondsOf } from '../cpu-time.ts';
import type { Arrivals } from '../endpoints/arrivals.ts';
import type { Round } from '../rounds.ts';
import { socketDropsOf } from '../socket-drops.ts';
import type { System } from '../systems/system.ts';

/** What a system did in its turn, and whether it was the system that was measured. Shares are of one core. */
export interface ForwardingRound extends Round {
  readonly seconds: number;
  /** Of the packets that should have come, what came. */
  readonly delivered_share: number;
  readonly delay_p50_ms: number;
  readonly delay_p99_ms: number;
  /** Of the one process of the server that is busiest: near 1 it is full. */
  readonly busiest_cpu_share: number;
  readonly endpoints_cpu_share: number;
  /** How late frames were sent. */
  readonly late_p99_ms: number;
  /** Datagrams that the kernel threw away because the server, or an endpoint, did not read in time: of media, or of answers to it. */
  readonly server_drops: number;
  readonly endpoints_drops: number;
  /** The endpoints had no time: what is missing or late may be their doing. */
  readonly generator_saturated: boolean;
  /** Packets that were opened whole as a sample. */
  readonly opened: number;
  /** Packets that are nobody's media: probes for bandwidth. */
  readonly probes: number;
}

/** Above this share of a core the endpoints cannot be told from the server. */
const FULL_SHARE = 0.9;
/** Frames that leave so late have waited for the endpoints. */
const LATE_MS = 5;

/** Nothing has come for so long: five times what a server that holds may delay a packet. */
const QUIET_MS = 100;
/** What has not come by then will not. */
const DRAIN_LIMIT_MS = 3_000;

export interface RoundTimes {
  /** Until streams flow and bandwidth is known. */
  readonly warmUpMs: number;
  readonly measureMs: number;
}

export interface RoundOptions extends RoundTimes {
  /** Whether every sound that a receiver expects is to flow. */
  readonly hearsAll: boolean;
}

/** A system, or those of its processes that are looked at. */
export type Measurable = Pick<System, 'name' | 'pids' | 'endpoints'>;

/** One turn: the streams flow, and flow no more at its end. @throws when receivers cannot open what they get. */
export async function forwardingRound(system: Measurable, options: RoundOptions): Promise<ForwardingRound> {
  const { endpoints, pids } = system;
  endpoints.setSending({ on: true });
  await pause(options.warmUpMs);
  endpoints.measure();
  await endpoints.settled();
  const before = pids.map((pid) => cpuSecondsOf([pid]));
  const dropped = () => ({ server: socketDropsOf(pids), endpoints: socketDropsOf([endpoints.pid]) });
  const droppedBefore = dropped();
  const beganMs = performance.now();
  await pause(options.measureMs);
  endpoints.setSending({ on: false });
  await endpoints.settled();
  const seconds = (performance.now() - beganMs) / 1_000;
  const arrivals = await drained(system);
  const cpuSeconds = pids.map((pid, at) => cpuSecondsOf([pid]) - (before[at] ?? 0));
  const { server, endpoints: own } = dropped();
  const drops = { server: server - droppedBefore.server, endpoints: own - droppedBefore.endpoints };
  if (arrivals.refused + arrivals.unreadable > 0)
    throw new Error(
      `${system.name}: ${arrivals.refused} of ${arrivals.opened} packets are not authentic, ${arrivals.unreadable} unreadable`,
    );
  return roundOf({ system: system.name, arrivals, seconds, cpuSeconds, drops, hearsAll: options.hearsAll });
}

/** Once all that was sent has come. */
async function drained({ endpoints }: Measurable): Promise<Arrivals> {
  const deadlineMs = performance.now() + DRAIN_LIMIT_MS;
  const received = ({ receivedVideo, receivedAudio }: Arrivals) => receivedVideo + receivedAudio;
  let arrivals = await endpoints.report();
  for (let before = -1; before < received(arrivals) && performance.now() < deadlineMs; ) {
    before = received(arrivals);
    await pause(QUIET_MS);
    arrivals = await endpoints.report();
  }
  return arrivals;
}

export interface Measured {
  readonly system: string;
  readonly arrivals: Arrivals;
  /** In which packets were sent. */
  readonly seconds: number;
  /** Of each process of the server. */
  readonly cpuSeconds: readonly number[];
  readonly drops: { readonly server: number; readonly endpoints: number };
  readonly hearsAll: boolean;
}

export function roundOf({ system, arrivals, seconds, cpuSeconds, drops, hearsAll }: Measured): ForwardingRound {
  const endpointsShare = arrivals.cpuMs / 1_000 / seconds;
  return {
    system,
    packets: arrivals.receivedVideo + arrivals.receivedAudio,
    cpuSeconds: cpuSeconds.reduce((sum, each) => sum + each, 0),
    seconds,
    delivered_share: deliveredShare(arrivals, { hearsAll }),
    delay_p50_ms: arrivals.delayP50Ms,
    delay_p99_ms: arrivals.delayP99Ms,
    busiest_cpu_share: Math.max(...cpuSeconds) / seconds,
    endpoints_cpu_share: endpointsShare,
    late_p99_ms: arrivals.lateP99Ms,
    server_drops: drops.server,
    endpoints_drops: drops.endpoints,
    generator_saturated: endpointsShare > FULL_SHARE || arrivals.lateP99Ms > LATE_MS || drops.endpoints > 0,
    opened: arrivals.opened,
    probes: arrivals.others,
  };
}

/**
 * Every video that is expected should bring as many packets as one that is sent, and every sound likewise; but where only the loudest are
 * heard, those of which nothing comes are not missed.
 */
export function deliveredShare(arrivals: Arrivals, { hearsAll }: { readonly hearsAll: boolean }): number {
  const { expectedAudio, flowingAudio } = arrivals;
  const wanted = (sent: number, outgoing: number, streams: number) => (outgoing > 0 ? (sent / outgoing) * streams : 0);
  const video = wanted(arrivals.sentVideo, arrivals.outgoingVideo, arrivals.expectedVideo);
  const audio = wanted(arrivals.sentAudio, arrivals.outgoingAudio, hearsAll ? expectedAudio : flowingAudio);
  return (arrivals.receivedVideo + arrivals.receivedAudio) / (video + audio);
}
