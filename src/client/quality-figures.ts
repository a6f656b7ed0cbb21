import type { Source } from '../wire/index.ts';
import type { Received, Sent } from './quality.ts';

/** What is used of the entries of a statistics report (W3C webrtc-stats), whatever their type. Times are in seconds there. */
interface StatsEntry {
  readonly type: string;
  readonly id?: string;
  readonly kind?: string;
  readonly trackIdentifier?: string;
  readonly packetsReceived?: number;
  readonly packetsLost?: number;
  readonly packetsSent?: number;
  readonly jitter?: number;
  readonly framesDecoded?: number;
  readonly totalFreezesDuration?: number;
  readonly roundTripTime?: number;
  readonly qualityLimitationDurations?: Readonly<Record<string, number>>;
  readonly selectedCandidatePairId?: string;
  readonly currentRoundTripTime?: number;
  readonly availableOutgoingBitrate?: number;
}

/** A stream that a person sends and that is to come without a pause: seen on the screen, or not muted. */
export interface AwaitedStream {
  readonly source: Source;
  readonly trackId: string;
}

/** What one stream has counted since it began. */
export interface StreamCounts {
  readonly received: number;
  readonly lost: number;
  readonly jitterMs: number;
  readonly frames: number;
  readonly frozenMs: number;
  /** When its counts grew last, on our clock. */
  readonly grewAtMs: number;
}

/** What this device has counted since its streams began. */
export interface SentCounts {
  readonly sent: number;
  readonly lost: number;
  /** Of the stream that was limited for longest. */
  readonly limitedMs: number;
  readonly roundTripMs: number;
  readonly availableBps: number;
}

/** Fewer packets in a stretch say nothing of loss: in a quiet room sound is one packet every 400 ms. */
const MIN_PACKETS = 20;

/** A camera sends 30 pictures a second. Of half as long the picture is still called poor. */
const CAMERA_SILENT_MS = 4_000;

/** A microphone that is not forwarded for want of a turn is closed after 10 s; a screen on which nothing moves sends little. */
const OTHER_SILENT_MS = 12_000;

/** The counts of the streams that are awaited, by the id of their track. Those that are not in `before` begin now. */
export function streamCounts(
  report: RTCStatsReport,
  awaited: Iterable<AwaitedStream>,
  before: ReadonlyMap<string, StreamCounts>,
  atMs: number,
): ReadonlyMap<string, StreamCounts> {
  const trackIds = new Set([...awaited].map(({ trackId }) => trackId));
  const counts = new Map<string, StreamCounts>();
  for (const entry of entriesOf(report)) {
    if (entry.type !== 'inbound-rtp' || entry.trackIdentifier === undefined || !trackIds.has(entry.trackIdentifier))
      continue;
    const received = entry.packetsReceived ?? 0;
    const earlier = before.get(entry.trackIdentifier);
    counts.set(entry.trackIdentifier, {
      received,
      lost: entry.packetsLost ?? 0,
      jitterMs: entry.kind === 'audio' ? inMs(entry.jitter) : 0,
      frames: entry.framesDecoded ?? 0,
      frozenMs: inMs(entry.totalFreezesDuration),
      grewAtMs: earlier && earlier.received === received ? earlier.grewAtMs : atMs,
    });
  }
  return counts;
}

/** What came from one person between two counts; `undefined` when nothing of theirs was counted twice. */
export function receivedBetween(
  before: ReadonlyMap<string, StreamCounts>,
  after: ReadonlyMap<string, StreamCounts>,
  streams: readonly AwaitedStream[],
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): Received | undefined {
  const pairs = streams.flatMap(({ source, trackId }) => {
    const [then, now] = [before.get(trackId), after.get(trackId)];
    return then && now ? [{ source, then, now }] : [];
  });
  if (pairs.length === 0) return undefined;
  const elapsedMs = toMs - fromMs;
  const latest = pairs.reduce((a, b) => (b.now.grewAtMs > a.now.grewAtMs ? b : a)); // one that comes says that the person is there
  const frozen = pairs.map(({ source, then, now }) => {
    const standsStill = source === 'camera' && now.frames === then.frames; // counted as frozen only when it goes on
    return standsStill ? elapsedMs : now.frozenMs - then.frozenMs;
  });
  return {
    loss: lossOf(
      sum(pairs, ({ then, now }) => now.lost - then.lost),
      sum(pairs, ({ then, now }) => now.received - then.received),
    ),
    jitterMs: Math.max(...pairs.map(({ now }) => now.jitterMs)),
    frozen: share(Math.max(...frozen), elapsedMs),
    silentMs: toMs - latest.now.grewAtMs,
    silentLimitMs: pairs.some(({ source }) => source === 'camera') ? CAMERA_SILENT_MS : OTHER_SILENT_MS,
  };
}

export function sentCounts(report: RTCStatsReport): SentCounts {
  const entries = entriesOf(report);
  const of = (type: string) => entries.filter((entry) => entry.type === type);
  const selected = new Set(of('transport').map(({ selectedCandidatePairId }) => selectedCandidatePairId));
  const pair = of('candidate-pair').find(({ id }) => selected.has(id));
  const reported = of('remote-inbound-rtp').flatMap(({ roundTripTime }) => roundTripTime ?? []);
  return {
    sent: sum(of('outbound-rtp'), ({ packetsSent }) => packetsSent ?? 0),
    lost: sum(of('remote-inbound-rtp'), ({ packetsLost }) => packetsLost ?? 0),
    limitedMs: Math.max(0, ...of('outbound-rtp').map((entry) => inMs(entry.qualityLimitationDurations?.bandwidth))),
    roundTripMs: inMs(reported.length > 0 ? Math.max(...reported) : pair?.currentRoundTripTime),
    availableBps: pair?.availableOutgoingBitrate ?? Number.POSITIVE_INFINITY,
  };
}

export function sentBetween(before: SentCounts, after: SentCounts, elapsedMs: number): Sent {
  const lost = after.lost - before.lost;
  return {
    loss: lossOf(lost, after.sent - before.sent - lost),
    roundTripMs: after.roundTripMs,
    limited: share(after.limitedMs - before.limitedMs, elapsedMs),
    availableBps: after.availableBps,
  };
}

function entriesOf(report: RTCStatsReport): readonly StatsEntry[] {
  return [...(report as unknown as ReadonlyMap<string, StatsEntry>).values()];
}

const inMs = (seconds: number | undefined): number => (seconds ?? 0) * 1000;

const sum = <T>(of: readonly T[], count: (each: T) => number): number =>
  of.reduce((total, each) => total + count(each), 0);

/** Of a stream that began anew counts are less than before: nothing is known of it then. */
const share = (part: number, whole: number): number => (whole <= 0 ? 0 : Math.min(1, Math.max(0, part / whole)));

const lossOf = (lost: number, arrived: number): number =>
  lost + arrived < MIN_PACKETS ? 0 : share(lost, lost + arrived);
