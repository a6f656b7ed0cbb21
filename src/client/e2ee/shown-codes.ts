import type { PersonDevice } from './verified-people.ts';

/** What people found to be the same: the digits of an epoch, or the emoji of a round, which each device counts for itself. */
export type Compared =
  | { readonly kind: 'digits'; readonly epoch: number }
  | { readonly kind: 'emoji'; readonly round: number };

/** A press may come a moment after another code took the place of the one that was compared; not after several. */
const MAX_SHOWN = 4;

/** The codes that were last shown, and whose devices each of them vouches for. */
export class ShownCodes {
  #shown: readonly { readonly code: Compared; readonly devices: readonly PersonDevice[] }[] = [];

  show(code: Compared, devices: readonly PersonDevice[]): void {
    this.#shown = [...this.#shown, { code, devices }].slice(-MAX_SHOWN);
  }

  /** Nobody's for a code that was never shown, or too long ago. */
  devicesIn(compared: Compared): readonly PersonDevice[] {
    return this.#shown.findLast(({ code }) => isSame(code, compared))?.devices ?? [];
  }
}

function isSame(one: Compared, other: Compared): boolean {
  if (one.kind === 'digits') return other.kind === 'digits' && one.epoch === other.epoch;
  return other.kind === 'emoji' && one.round === other.round;
}
