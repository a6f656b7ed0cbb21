import { CallError, type PeerId, type RoomId } from '../base/index.ts';
import type { SentServerMessage } from '../wire/index.ts';
import type { TokenClaims } from './token-claims.ts';

/** Somebody who is in a room, or on the way in or back. */
export interface Guest {
  readonly claims: TokenClaims;
  /** Absent on the way in, and while its media is lost. */
  readonly peerId: PeerId | undefined;
  tell(fact: SentServerMessage): void;
  /** Ends its session. */
  remove(): void;
}

interface Door {
  locked: boolean;
  readonly guests: Set<Guest>;
  /** Devices that were let in before: a lock does not keep them from coming back. */
  readonly known: Set<string>;
  /** Devices that were removed. */
  readonly barred: Set<string>;
}

/**
 * So many devices of a room are remembered as known, and as many as barred; then the oldest are forgotten: 100 kB for a room that has seen a
 * hundred times its seats.
 */
const MAX_REMEMBERED = 2_000;

/**
 * Who may come into each room. A door is there from the first who comes to the last who goes, and forgets with it: no lock and no bar
 * outlives the call.
 */
export class Doors {
  readonly #doors = new Map<RoomId, Door>();

  get size(): number {
    return this.#doors.size;
  }

  /**
   * Lets the guest in; once more is the same as once.
   * @throws CallError `removed` for a device that was, `room-locked` for one that was never here
   */
  enter(guest: Guest): void {
    const { room } = guest.claims;
    const device = deviceOf(guest);
    const door = this.#doors.get(room) ?? { locked: false, guests: new Set(), known: new Set(), barred: new Set() };
    if (door.barred.has(device)) throw new CallError('removed', 'this device was removed from the room');
    if (door.locked && !door.known.has(device)) throw new CallError('room-locked', 'the room takes nobody new now');
    this.#doors.set(room, door);
    door.guests.add(guest);
    remember(door.known, device);
  }

  /** The guest is gone for good. Twice is once. */
  leave(guest: Guest): void {
    const { room } = guest.claims;
    const door = this.#doors.get(room);
    if (door?.guests.delete(guest) && door.guests.size === 0) this.#doors.delete(room);
  }

  isLocked(room: RoomId): boolean {
    return this.#doors.get(room)?.locked ?? false;
  }

  /** Everybody in the room is told, also when it was so before. @throws CallError as #moderated */
  setLocked(by: Guest, locked: boolean): void {
    const { door, peerId } = this.#moderated(by);
    door.locked = locked;
    const fact: SentServerMessage = { case: 'roomLocked', value: { locked, by: peerId } };
    for (const guest of door.guests) if (guest.peerId !== undefined) guest.tell(fact);
  }

  /** That peer's session ends, and its device does not come back. @throws CallError as #moderated; `not-found`; `forbidden` for oneself */
  remove(by: Guest, peerId: PeerId): void {
    const { door } = this.#moderated(by);
    const guest = [...door.guests].find((each) => each.peerId === peerId);
    if (!guest) throw new CallError('not-found', 'no such peer');
    if (guest === by) throw new CallError('forbidden', 'nobody removes themselves: leave');
    remember(door.barred, deviceOf(guest));
    guest.remove();
  }

  /** @throws CallError `forbidden` unless the token says moderator, `out-of-order` unless in the room */
  #moderated(by: Guest): { readonly door: Door; readonly peerId: PeerId } {
    const { claims, peerId } = by;
    if (!claims.moderator) throw new CallError('forbidden', 'the token gives no right to moderate');
    const door = this.#doors.get(claims.room);
    if (!door?.guests.has(by) || peerId === undefined) throw new CallError('out-of-order', 'JoinRequest comes first');
    return { door, peerId };
  }
}

/** Within a room. Ids are URL-safe: a blank cannot be part of one. */
const deviceOf = ({ claims: { sub, device } }: Guest) => `${sub} ${device}`;

function remember(devices: Set<string>, device: string): void {
  devices.delete(device);
  devices.add(device);
  const [oldest] = devices;
  if (devices.size > MAX_REMEMBERED && oldest !== undefined) devices.delete(oldest);
}
