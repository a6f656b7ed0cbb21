/**
 * From the first who wants in or is gone to the commit for all who came meanwhile. Longer makes fewer commits and
 * slower joins.
 */
export const BATCH_WINDOW_MS = 100;

/**
 * A committer of 200 members needs 0.3 s and a round trip. Longer leaves a room waiting for a phone that fell asleep.
 */
export const COMMITTER_LIMIT_MS = 1_500;

/** When all members were asked in vain, each next round is twice as patient as the one before, up to here. */
export const MAX_COMMITTER_LIMIT_MS = 12_000;

/** Founding is a few milliseconds of work and a round trip. */
export const FOUNDING_LIMIT_MS = 5_000;

/** From the welcome to the newcomer's word that it is in. Who takes longer is asked for a new key package. */
export const ENTERING_LIMIT_MS = 5_000;

/**
 * A member that is behind and does not move for so long is no member any more. It does not count while its socket is known to be
 * gone. Longer than the 18 s in which silence is found, so that whoever is silently away keeps its place. Twice as long, and who
 * hangs is on all screens without a picture twice as long.
 */
export const BEHIND_LIMIT_MS = 20_000;

/** A commit that nobody confirms or rejects is taken for good after this: the next one waits no longer. */
export const CONFIRM_LIMIT_MS = 3_000;

/**
 * From the first rejection of a commit to the verdict. Longer lets slow members vote, and keeps those who rejected
 * waiting.
 */
export const VERDICT_LIMIT_MS = 1_500;

/**
 * Key packages of one batch: 64 honest ones of 1 KiB fit four times; 64 of 8 KiB would be more than clients read at
 * once.
 */
export const MAX_BATCH_BYTES = 256 * 1024;
