import { say } from './progress.mjs';
import { SetupError } from './setup-error.mjs';

/**
 * Ends a script whose set-up failed: one line for what a person can act on, a stack for what is our own mistake.
 *
 * @param {unknown} error
 * @returns {never}
 */
export function reportAndExit(error) {
  report(error);
  process.exit(1);
}

/** @param {unknown} error */
export function report(error) {
  if (error instanceof SetupError) say(error.message);
  else console.error(error);
}
