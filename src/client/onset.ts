/** Speech at a microphone with gain control is at -35 to -20 dBov, its noise after suppression below -60. Lower claims for coughs, higher misses the soft-spoken. */
const LOUD_DBOV = -42;

/** Below this it is quiet. Between the two nothing changes, so that a voice that trails off does not begin again and again. */
const QUIET_DBOV = -52;

/** Looks in a row that have to be loud: one is a click or a key. */
const LOUD_LOOKS = 2;

/** A pause between sentences; who is quiet for longer begins anew. */
const PAUSE_MS = 700;

/** The server listens for itself after a claim: a second one within this would say nothing new. */
const MIN_BETWEEN_CLAIMS_MS = 1_000;

/**
 * Whether somebody speaks into the microphone.
 *
 *     silent ── loud twice in a row ──> speaking ── quiet for PAUSE_MS ──> silent
 */
export type Voice = { readonly claimedAtMs: number } & (
  | { readonly kind: 'silent'; readonly loudLooks: number }
  | { readonly kind: 'speaking'; readonly heardAtMs: number }
);

export const SILENT: Voice = { kind: 'silent', loudLooks: 0, claimedAtMs: Number.NEGATIVE_INFINITY };

/** The voice after one more look at the level. A change of `claimedAtMs` says: claim now to have begun. */
export function voiceAfter(voice: Voice, dbov: number, nowMs: number): Voice {
  const { claimedAtMs } = voice;
  if (voice.kind === 'speaking') {
    if (dbov >= QUIET_DBOV) return { ...voice, heardAtMs: nowMs };
    return nowMs - voice.heardAtMs < PAUSE_MS ? voice : { kind: 'silent', loudLooks: 0, claimedAtMs };
  }
  const loudLooks = dbov >= LOUD_DBOV ? voice.loudLooks + 1 : 0;
  if (loudLooks < LOUD_LOOKS) return { kind: 'silent', loudLooks, claimedAtMs };
  const claims = nowMs - claimedAtMs >= MIN_BETWEEN_CLAIMS_MS;
  return { kind: 'speaking', heardAtMs: nowMs, claimedAtMs: claims ? nowMs : claimedAtMs };
}
