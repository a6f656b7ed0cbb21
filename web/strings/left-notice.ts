import type { LeftReason } from '../../src/client/index.ts';
import { words } from './spoken.ts';

/** Refusals that also end a call which was joined. */
const ENDS: ReadonlySet<string> = new Set(['replaced', 'removed', 'unavailable']);

const refusal = (code: string): string | undefined => {
  const refusals: Readonly<Record<string, string>> = words.value.REFUSALS;
  return refusals[code];
};

/** Whether the words are about coming in, not about a call that ended. */
export function isTurnedAway(reason: LeftReason): boolean {
  return (
    reason.kind === 'not-admitted' ||
    (reason.kind === 'refused' && refusal(reason.code) !== undefined && !ENDS.has(reason.code))
  );
}

export function leftNotice(reason: LeftReason): string | undefined {
  const { NOT_ADMITTED, STRINGS } = words.value;
  if (reason.kind === 'asked') return undefined;
  if (reason.kind === 'moved') return STRINGS.left.moved;
  if (reason.kind === 'not-admitted') return NOT_ADMITTED[reason.reason];
  if (reason.kind === 'unreachable') return STRINGS.left.unreachable;
  return refusal(reason.code) ?? STRINGS.left.broken;
}
