import type { TokenClaims } from './token-claims.ts';

/** A session that may have to give way. */
export interface Replaceable {
  replace(): void;
}

/** Which session each device has in each room: a device that comes again (a reload, a new socket) replaces itself. */
export class Devices<Holder extends Replaceable> {
  readonly #holders = new Map<string, Holder>();

  /** `holder` is the device's session in this room from now on; the one before it is told to go first. */
  claim(claims: TokenClaims, holder: Holder): void {
    const key = keyOf(claims);
    const before = this.#holders.get(key);
    this.#holders.set(key, holder);
    if (before !== holder) before?.replace();
  }

  /** Does nothing when another session has taken over. */
  release(claims: TokenClaims, holder: Holder): void {
    const key = keyOf(claims);
    if (this.#holders.get(key) === holder) this.#holders.delete(key);
  }
}

/** Ids are URL-safe: a blank cannot be part of one. */
function keyOf({ room, sub, device }: TokenClaims): string {
  return `${room} ${sub} ${device}`;
}
