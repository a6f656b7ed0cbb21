import { setTimeout as pause } from 'node:timers/promises';
import type { Arrivals } from '../endpoints/arrivals.ts';
import type { Round } from '../rounds.ts';
import type { System } from '../systems/system.ts';
import { type Usage, usageOf, usedBetween } from './usage.ts';

/** What a system did in its turn, and whether it was the system that was measured. Shares are of one core. */
export interface ForwardingRound extends Round {
  readonly seconds: number;
  /** Of the packets that should have come, what came. */
  readonly delivered_share: number;
  readonly delay_p50_ms: number;
  readonly delay_p99_ms: number;
  /** Of the one process of the server that is busiest: near 1 it is full. */
  readonly busiest_cpu_share: number;
  /** Of the one that used most until all had come. */
  readonly busiest_cpu_seconds: number;
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
/** The same where nothing is lost, so that what is missing has been waiting for a CPU that others use. */
const LOSSLESS_QUIET_MS = 1_000;
/** How often it is looked there whether all has come. */
const LOOK_EVERY_MS = 20;
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
  /** The load is so low that all will come: the turn ends when it has, and waits for it on a busy machine. */
  readonly lossless?: boolean;
}

/** A system, or those of its processes that are looked at. */
export type Measurable = Pick<System, 'name' | 'pids' | 'endpoints'>;

/** One turn: the streams flow, and flow no more at its end. @throws when receivers cannot open what they get. */
export async function forwardingRound(system: Measurable, options: RoundOptions): Promise<ForwardingRound> {
  return roundOf(await measured(system, options));
}

/** What `forwardingRound` reckons with. */
export async function measured(system: Measurable, options: RoundOptions): Promise<Measured> {
  const { endpoints } = system;
  endpoints.setSending({ on: true });
  await pause(options.warmUpMs);
  const before = usageOf(system); // first: what is counted as delivered has been paid for
  endpoints.measure();
  await endpoints.settled();
  const beganMs = performance.now();
  await pause(options.measureMs);
  endpoints.setSending({ on: false });
  await endpoints.settled();
  const seconds = (performance.now() - beganMs) / 1_000;
  const whileSending = usedBetween(before, usageOf(system));
  const arrivals = await drained(system, options);
  const inAll = usedBetween(before, usageOf(system));
  const { hearsAll } = options;
  return { system: system.name, arrivals, seconds, whileSending, inAll, hearsAll };
}

/** Once all that was sent has come, or nothing comes any more. @throws when receivers cannot open what they get. */
async function drained(
  { name, endpoints }: Measurable,
  { hearsAll, lossless = false }: Pick<RoundOptions, 'hearsAll' | 'lossless'>,
): Promise<Arrivals> {
  const [quietMs, lookMs] = lossless ? [LOSSLESS_QUIET_MS, LOOK_EVERY_MS] : [QUIET_MS, QUIET_MS];
  const hasAll = (arrivals: Arrivals) => lossless && deliveredShare(arrivals, { hearsAll }) > 1 - Number.EPSILON * 8;
  const received = ({ receivedVideo, receivedAudio }: Arrivals) => receivedVideo + receivedAudio;
  const deadlineMs = performance.now() + DRAIN_LIMIT_MS;
  let arrivals = await endpoints.report();
  for (let quietSinceMs = performance.now(); !hasAll(arrivals) && performance.now() < deadlineMs; ) {
    await pause(lookMs);
    const before = received(arrivals);
    arrivals = await endpoints.report();
    if (received(arrivals) > before) quietSinceMs = performance.now();
    else if (performance.now() - quietSinceMs >= quietMs) break;
  }
  const { opened, refused, unreadable } = arrivals;
  if (refused + unreadable > 0)
    throw new Error(`${name}: ${refused} of ${opened} packets are not authentic, ${unreadable} unreadable`);
  return arrivals;
}

export interface Measured {
  readonly system: string;
  readonly arrivals: Arrivals;
  /** In which packets were sent. */
  readonly seconds: number;
  readonly whileSending: Usage;
  /** Until all had come, which is longer where a server is behind: what packets cost, but not how busy it was. */
  readonly inAll: Usage;
  readonly hearsAll: boolean;
}

export function roundOf({ system, arrivals, seconds, whileSending, inAll, hearsAll }: Measured): ForwardingRound {
  const endpointsShare = whileSending.endpointsCpuSeconds / seconds;
  return {
    system,
    packets: arrivals.receivedVideo + arrivals.receivedAudio,
    cpuSeconds: inAll.cpuSeconds.reduce((sum, each) => sum + each, 0),
    seconds,
    delivered_share: deliveredShare(arrivals, { hearsAll }),
    delay_p50_ms: arrivals.delayP50Ms,
    delay_p99_ms: arrivals.delayP99Ms,
    busiest_cpu_share: Math.max(...whileSending.cpuSeconds) / seconds,
    busiest_cpu_seconds: Math.max(...inAll.cpuSeconds),
    endpoints_cpu_share: endpointsShare,
    late_p99_ms: arrivals.lateP99Ms,
    server_drops: inAll.serverDrops,
    endpoints_drops: inAll.endpointsDrops,
    generator_saturated: endpointsShare > FULL_SHARE || arrivals.lateP99Ms > LATE_MS || inAll.endpointsDrops > 0,
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
