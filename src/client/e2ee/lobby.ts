import type { MemberId } from '../../base/index.ts';
import type { Group, Inspection } from '../../crypto/index.ts';
import type { AddRefusal, WireCandidate } from '../../wire/index.ts';
import { type Device, type DeviceKey, deviceKeyOf } from './device-key.ts';
import type { Knocker } from './group-listener.ts';
import { wireRefusal } from './wire-refusal.ts';

/** Twice the largest call. A member that fills it with devices of its own only has others asked for again. */
const MAX_DECIDED = 2_048;

/** What fits one sealed message twice. Whoever is left out has to be admitted again when nobody is left who knows. */
const MAX_TOLD = 256;

/** What a knock means for this device. */
export type Knock =
  /** A person is to decide, or the knock is none. */
  | 'shown'
  /** Needs no Admit, and whoever was asked to add it did not know, or says so: tell them. */
  | 'known'
  /** Of a device that was removed: nobody is asked. */
  | 'removed';

/**
 * Who knocks, and which devices were let in. Only members decide: what the server says counts for nothing here. An
 * Admit is for a signature key, which the server cannot give to somebody else, and for as long as the call lasts:
 *
 *     unknown --Admit, is or was a member--> admitted <--Admit, Refuse--> refused
 *     any --removed by a moderator--> removed
 */
export class Lobby {
  readonly #on: boolean;
  readonly #knockers = new Map<MemberId, Knocker>();
  /** Those decided first stand first. */
  readonly #admitted = new Map<DeviceKey, boolean>();
  /** Need no Admit, and knock all the same, until they are in. When an answer did not help, a person is asked. */
  readonly #known = new Map<DeviceKey, 'unanswered' | 'answered'>();
  /** No Admit helps them, with a lobby or without. Those removed first stand first. */
  readonly #removed = new Set<DeviceKey>();

  constructor(on: boolean) {
    this.#on = on;
  }

  /** In order of arrival. */
  get knockers(): readonly Knocker[] {
    return [...this.#knockers.values()];
  }

  /** Whom a commit of ours may add, and who is refused or has to wait. Strangers are turned away without a person being asked. */
  async sort(
    candidates: readonly WireCandidate[],
    group: Pick<Group, 'members' | 'inspect'>,
  ): Promise<{
    readonly admitted: readonly WireCandidate[];
    readonly refused: readonly { readonly memberId: MemberId; readonly reason: AddRefusal }[];
  }> {
    if (!this.#on && this.#removed.size === 0) return { admitted: candidates, refused: [] };
    const admitted: WireCandidate[] = [];
    const refused: { readonly memberId: MemberId; readonly reason: AddRefusal }[] = [];
    this.learned(group.members.map(deviceKeyOf)); // whoever has lost its keys still has its leaf
    const inspections = await Promise.all(candidates.map(({ keyPackage }) => group.inspect(keyPackage)));
    for (const [at, candidate] of candidates.entries()) {
      const { memberId } = candidate.member;
      const reason = this.#objectionTo(memberId, inspections[at]);
      if (reason) refused.push({ memberId, reason });
      else admitted.push(candidate);
    }
    return { admitted, refused };
  }

  knocked(knocker: Knocker): Knock {
    const { deviceKey, memberId } = knocker;
    if (this.#removed.has(deviceKey)) return 'removed';
    if (this.#isAdmitted(deviceKey) && !this.#known.has(deviceKey)) {
      this.#known.set(deviceKey, 'unanswered');
      return 'known';
    }
    for (const other of this.knockers)
      if (other.deviceKey === deviceKey && other.memberId !== memberId) this.#knockers.delete(other.memberId);
    this.#knockers.set(memberId, knocker);
    return 'shown';
  }

  /** Nobody has said yet that this knocker needs no Admit. */
  owesAnswer(key: DeviceKey): boolean {
    return this.#isAdmitted(key) && this.#known.get(key) === 'unanswered';
  }

  /** A person pressed Admit or Refuse, here or elsewhere. The last word counts. */
  decided(key: DeviceKey, admitted: boolean): void {
    this.#forgetKnock(key);
    if (this.#known.has(key)) this.#known.set(key, 'answered');
    this.#admitted.delete(key);
    this.#admitted.set(key, admitted);
    const [oldest] = this.#admitted.keys();
    if (this.#admitted.size <= MAX_DECIDED || oldest === undefined) return;
    this.#admitted.delete(oldest);
    this.#known.delete(oldest);
  }

  /** A moderator removed this device: nobody adds it again. */
  removed(key: DeviceKey): void {
    this.#forgetKnock(key);
    this.#removed.add(key);
    const [oldest] = this.#removed;
    if (this.#removed.size > MAX_DECIDED && oldest !== undefined) this.#removed.delete(oldest);
  }

  /** These were admitted, before our time or by being members. What a person said in our time counts for more. */
  learned(keys: readonly DeviceKey[]): void {
    if (!this.#on) return;
    for (const key of keys) if (!this.#admitted.has(key)) this.decided(key, true);
  }

  /** Who is a member was admitted, and knocks no more. Whether anybody did. */
  arrived(members: readonly Device[]): boolean {
    if (!this.#on && this.#known.size === 0) return false;
    const keys = members.map(deviceKeyOf);
    const knocked = keys.filter((key) => this.#forgetKnock(key));
    this.learned(keys);
    for (const key of keys) this.#known.delete(key);
    return knocked.length > 0;
  }

  /** Whom newcomers cannot know of, for they are away: the last of those who were admitted. */
  admittedBut(present: readonly Device[]): readonly DeviceKey[] {
    if (!this.#on) return [];
    const here = new Set(present.map(deviceKeyOf));
    const isAway = (key: DeviceKey) => !here.has(key) && !this.#removed.has(key);
    const away = [...this.#admitted].flatMap(([key, admitted]) => (admitted && isAway(key) ? [key] : []));
    return away.slice(-MAX_TOLD);
  }

  #objectionTo(memberId: MemberId, inspected: Inspection | undefined): AddRefusal | undefined {
    if (!inspected || inspected.kind === 'refused') return wireRefusal(inspected?.reason ?? '');
    if (inspected.credential.memberId !== memberId) return 'invalid';
    const key = deviceKeyOf(inspected);
    if (this.#removed.has(key)) return 'denied';
    return this.#isAdmitted(key) ? undefined : 'waiting';
  }

  #isAdmitted(key: DeviceKey): boolean {
    return !this.#on || (this.#admitted.get(key) ?? false);
  }

  /** Whether it knocked. */
  #forgetKnock(key: DeviceKey): boolean {
    const knocks = this.knockers.filter(({ deviceKey }) => deviceKey === key);
    for (const { memberId } of knocks) this.#knockers.delete(memberId);
    return knocks.length > 0;
  }
}
