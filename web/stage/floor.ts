import type { PeerId } from '../../src/client/index.ts';

/** Who is looked at because they speak. */
export interface Floor {
  /** Who speaks, or spoke last; nobody before somebody did. */
  readonly holder: PeerId | undefined;
  /** Since when. */
  readonly sinceMs: number;
  /** Who is louder now, and gets it at `dueMs` if they still are. */
  readonly challenger?: { readonly peerId: PeerId; readonly sinceMs: number; readonly dueMs: number };
}

export interface Heard {
  /** Loudest first. */
  readonly speakers: readonly PeerId[];
  /** Who can be looked at: oneself, and who only listens, are not among them. */
  readonly people: readonly PeerId[];
}

export const NO_FLOOR: Floor = { holder: undefined, sinceMs: 0 };

/** What is shorter is a cough or a yes. Longer, and the picture lags behind the talk. */
export const TURN_MS = 1_000;

/** For who speaks into another's words: eyes follow an interruption, not an overlap. */
export const OVERLAP_MS = 3_000;

/** Nobody is large for less: faces that change faster make people seasick. */
export const LEAST_HOLD_MS = 2_500;

/** The floor after a look at who is heard; the very same object when nothing changed. Look again at `challenger.dueMs`. */
export function floorAfter(before: Floor, { speakers, people }: Heard, nowMs: number): Floor {
  const loudest = speakers.find((peerId) => people.includes(peerId));
  const { holder, sinceMs } = before;
  if (holder === undefined || !people.includes(holder)) {
    if (loudest !== undefined) return { holder: loudest, sinceMs: nowMs };
    return holder === undefined ? before : NO_FLOOR;
  }
  if (loudest === undefined || loudest === holder) return before.challenger ? { holder, sinceMs } : before;
  const known = before.challenger?.peerId === loudest ? before.challenger.sinceMs : nowMs;
  const patienceMs = speakers.includes(holder) ? OVERLAP_MS : TURN_MS;
  const dueMs = Math.max(known + patienceMs, sinceMs + LEAST_HOLD_MS);
  if (nowMs >= dueMs) return { holder: loudest, sinceMs: nowMs };
  if (before.challenger?.peerId === loudest && before.challenger.dueMs === dueMs) return before;
  return { holder, sinceMs, challenger: { peerId: loudest, sinceMs: known, dueMs } };
}
