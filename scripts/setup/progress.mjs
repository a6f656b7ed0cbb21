/** Nobody waits longer than this without a sign of life. */
const TELL_EVERY_MS = 10_000;

/**
 * One line on stderr: stdout belongs to answers, such as the path that worker.mjs prints.
 *
 * @param {string} line
 */
export function say(line) {
  process.stderr.write(`conclave: ${line}\n`);
}

/**
 * Runs a long step and says when it starts, where it is every ten seconds, and how long it took.
 *
 * @template T
 * @param {string} title
 * @param {(at: (place: string) => void) => Promise<T>} work - May call `at('12/90')` to say how far it is.
 * @returns {Promise<T>}
 */
export async function step(title, work) {
  const startedMs = Date.now();
  const seconds = () => `${Math.round((Date.now() - startedMs) / 1000)} s`;
  let place = '';

  say(`${title} ...`);
  const timer = setInterval(() => say(`${title} ... ${place && `${place}, `}${seconds()}`), TELL_EVERY_MS);
  try {
    const result = await work((reached) => {
      place = reached;
    });
    say(`${title}: done in ${seconds()}`);
    return result;
  } finally {
    clearInterval(timer);
  }
}
