import { type Clock, every } from '../base/index.ts';

const BEAT_MS = 500;

/**
 * A ping unanswered for so many beats means a hang: found within 3.5 s. A worker answers in well under a millisecond; lower
 * would kill one on a machine that is only overloaded. Beats are counted, not time: when Node itself stalls, one beat is late,
 * and the answer that waited for Node is read before the next.
 */
const MAX_SILENT_BEATS = 6;

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
