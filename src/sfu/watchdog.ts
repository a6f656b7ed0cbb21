import { type Clock, every } from '../base/index.ts';

/** Four requests a second for each worker, of some ten microseconds. */
const BEAT_MS = 250;

/**
 * A ping unanswered for so many beats means a hang: found within 1.5 s, which leaves as much for people to be moved before they
 * have waited 3 s. A worker answers in well under a millisecond, and between any two packets. Lower would kill one on a machine
 * that is only overloaded: it would have to get no turn at all while Node, on the same cores, gets five. Beats are counted, not
 * time: when Node itself or the whole machine stalls, one beat is late, and the answer that waited is read before the next.
 */
const MAX_SILENT_BEATS = 5;

/** Calls `hung` once when `ping` is not answered; a ping that fails was answered. The result ends the watch. */
export function watch(clock: Clock, ping: () => Promise<unknown>, hung: () => void): () => void {
  let silentBeats: number | undefined;
  const answered = () => {
    silentBeats = undefined;
  };
  const stop = every(clock, BEAT_MS, () => {
    if (silentBeats === undefined) {
      silentBeats = 0;
      ping().then(answered, answered);
      return;
    }
    silentBeats += 1;
    if (silentBeats < MAX_SILENT_BEATS) return;
    stop();
    hung();
  });
  return stop;
}
