/**
 * How somebody comes through. `excellent`: nothing to notice. `good`: a trained ear hears it. `poor`: everybody does. `lost`: nothing comes
 * that should.
 */
export type Quality = 'excellent' | 'good' | 'poor' | 'lost';

/** What came from one person in a stretch of time. */
export interface Received {
  /** Packets that never came, of those that were sent, 0 to 1; before any was repaired. 0 when there were too few to tell. */
  readonly loss: number;
  /** Of sound (RFC 3550 section 6.4.1). That of pictures says more of their sizes than of the line. */
  readonly jitterMs: number;
  /** Of the time, of the picture that stood still for longest, 0 to 1. */
  readonly frozen: number;
  /** For how long nothing came at all, of what is to come without a pause. */
  readonly silentMs: number;
  /** Longer means that it is gone. */
  readonly silentLimitMs: number;
}

/** What went out from here, as the server reports it. */
export interface Sent {
  /** As in Received. */
  readonly loss: number;
  /** To the server and back. */
  readonly roundTripMs: number;
  /** Of the time in which the browser made the picture worse for want of bandwidth, 0 to 1. */
  readonly limited: number;
  /** What the line is thought to carry, in bits per second. */
  readonly availableBps: number;
}

/** The most that still counts as that. */
interface Limits {
  readonly excellent: number;
  readonly good: number;
}

/**
 * 2 %: what retransmission and Opus' repair hide within a frame or two. 8 %: near the tenth that Opus' in-band repair was made for; beyond
 * it words are lost, and pictures stand still between retransmissions.
 */
const LOSS: Limits = { excellent: 0.02, good: 0.08 };

/** In ms. Chromium keeps 40 to 60 ms of sound in store: less is hidden for nothing, twice as much is heard as delay, more as gaps. */
const JITTER_MS: Limits = { excellent: 30, good: 80 };

/** One lone hiccup of 40 ms in 2 s; a picture that stands still for a tenth of the time is seen to stutter. */
const FROZEN: Limits = { excellent: 0.02, good: 0.1 };

/**
 * In ms, to the server: who listens has a way of their own. 150 ms from mouth to ear go unnoticed, at 400 people talk into each other
 * (ITU-T G.114): two ways of half the round trip each, and 100 ms for capture, jitter and playout.
 */
const ROUND_TRIP_MS: Limits = { excellent: 150, good: 300 };

/** Of the time: the first seconds of each stream are limited on any line. */
const LIMITED: Limits = { excellent: 0.2, good: 1 };

/** Voice and the smallest picture take 200 kbit/s: a line that is limited below has room for neither a second one nor a repair. */
const NARROW_BPS = 250_000;

const BEST_FIRST = ['excellent', 'good', 'poor', 'lost'] as const satisfies readonly Quality[];

const rankOf = (quality: Quality) => BEST_FIRST.indexOf(quality);

const worst = (qualities: readonly Quality[]): Quality => BEST_FIRST[Math.max(...qualities.map(rankOf))] ?? 'lost';

const best = (qualities: readonly Quality[]): Quality => BEST_FIRST[Math.min(...qualities.map(rankOf))] ?? 'lost';

function within(value: number, { excellent, good }: Limits): Quality {
  if (value <= excellent) return 'excellent';
  return value <= good ? 'good' : 'poor';
}

/** The worst of what is noticed: a clear picture helps nobody whose words are lost. */
export function qualityReceived({ loss, jitterMs, frozen, silentMs, silentLimitMs }: Received): Quality {
  if (silentMs >= silentLimitMs) return 'lost';
  return worst([within(loss, LOSS), within(jitterMs, JITTER_MS), within(frozen, FROZEN)]);
}

/** As the others are likely to have it, as far as the server. */
export function qualitySent({ loss, roundTripMs, limited, availableBps }: Sent): Quality {
  const bandwidth = within(limited, LIMITED);
  const isNarrow = bandwidth !== 'excellent' && availableBps < NARROW_BPS;
  return worst([within(loss, LOSS), within(roundTripMs, ROUND_TRIP_MS), isNarrow ? 'poor' : bandwidth]);
}

/** So many measurements in a row, each worse than what is shown, before it is shown: one alone is a hiccup. */
const WORSE_AFTER = 2;

/** As many before it is shown as better: a line that has just been bad is soon bad again, and a mark that flickers says nothing. */
const BETTER_AFTER = 3;

/** What is shown, and the latest measurements that it follows. */
export interface ShownQuality {
  readonly quality: Quality;
  readonly latest: readonly Quality[];
}

/**
 * After one more measurement. It becomes as bad as the better of two that are worse, as good as the worst of three that are better.
 * What is lost is lost at once, for a silence has lasted already, and is over at once when something comes.
 */
export function nextShown(before: ShownQuality | undefined, measured: Quality): ShownQuality {
  if (!before || measured === 'lost' || before.quality === 'lost') return { quality: measured, latest: [measured] };
  const latest = [...before.latest, measured].slice(-BETTER_AFTER);
  const ofTwo = best(latest.slice(-WORSE_AFTER));
  const ofThree = worst(latest);
  if (latest.length >= WORSE_AFTER && rankOf(ofTwo) > rankOf(before.quality)) return { quality: ofTwo, latest };
  if (latest.length >= BETTER_AFTER && rankOf(ofThree) < rankOf(before.quality)) return { quality: ofThree, latest };
  return { quality: before.quality, latest };
}
