/**
 * A stolen copy of a device's state is worth nothing after this long. Lower heals sooner and costs every member a
 * commit's work.
 */
const LONGEST_MS = 5 * 60_000;

/** The room as a whole commits no oftener: at 100 members one commit costs each of them 25 ms. */
const COMMIT_SPACING_MS = 2_000;

/** The middle of the jitter, which is spread over [0.5, 1) of the interval. */
const MEAN_JITTER = 0.75;

/** Far below what AES-GCM bears; a room has to be large and silent for this to come before the time. */
const MAX_FRAMES_PER_KEY = 2 ** 20;

/** After a try that another commit forestalled: the room is busy. */
const RETRY_MS = 5_000;

/** A new epoch ends a round of the emoji code, so a refresh waits for it: no longer than a round and the next. */
const HOLD_MS = 10_000;

/** 5 min in small rooms; from 113 members on it grows, so that the room's refreshes stay below one per 2 s. */
export function refreshIntervalMs(members: number): number {
  return Math.max(LONGEST_MS, (members * COMMIT_SPACING_MS) / MEAN_JITTER);
}

/** What the schedule is told when it is asked. */
export interface RefreshQuestion {
  /** Frames sealed so far under the key of this epoch that sealed most. */
  readonly framesOfOneKey: number;
  /** A round of the emoji code is running. */
  readonly codeRuns: boolean;
  readonly nowMs: number;
}

export interface RefreshAnswer {
  /** Commit a refresh now. Said once per try. */
  readonly refresh: boolean;
  readonly wakeAtMs: number;
}

export interface RefreshedEpoch {
  readonly members: number;
  /** Its commit carried a path of ours: our leaf is as good as refreshed. */
  readonly byUs: boolean;
  readonly nowMs: number;
}

/** When to refresh our own leaf, so that whoever copied our keys cannot follow (RFC 9420, section 16.6). */
export class RefreshSchedule {
  readonly #random: () => number;
  #members: number;
  #refreshedMs: number;
  #jitter: number;
  #retryAtMs = 0;

  /** `random` is like Math.random. Being added, or founding the group, made the leaf fresh. */
  constructor(random: () => number, { members, nowMs }: { readonly members: number; readonly nowMs: number }) {
    this.#random = random;
    this.#members = members;
    this.#refreshedMs = nowMs;
    this.#jitter = jitter(random());
  }

  epochBegan({ members, byUs, nowMs }: RefreshedEpoch): void {
    this.#members = members;
    if (!byUs) return;
    this.#refreshedMs = nowMs;
    this.#jitter = jitter(this.#random());
    this.#retryAtMs = 0;
  }

  ask({ framesOfOneKey, codeRuns, nowMs }: RefreshQuestion): RefreshAnswer {
    const isWorn = framesOfOneKey >= MAX_FRAMES_PER_KEY;
    const dueAtMs = Math.max(isWorn ? 0 : this.#byTimeMs(), this.#retryAtMs);
    if (nowMs < dueAtMs) return { refresh: false, wakeAtMs: dueAtMs };
    const heldUntilMs = codeRuns && !isWorn ? this.#byTimeMs() + HOLD_MS : 0;
    if (nowMs < heldUntilMs) return { refresh: false, wakeAtMs: heldUntilMs };
    this.#retryAtMs = nowMs + RETRY_MS * (1 + this.#random());
    return { refresh: true, wakeAtMs: this.#retryAtMs };
  }

  #byTimeMs(): number {
    return this.#refreshedMs + refreshIntervalMs(this.#members) * this.#jitter;
  }
}

/** Spread so that members who came together do not refresh together. */
function jitter(random: number): number {
  return 0.5 + random / 2;
}
