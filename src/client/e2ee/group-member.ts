import {
  CallError,
  type Clock,
  type DeviceId,
  Mailbox,
  type MemberId,
  type RoomId,
  type UserId,
} from '../../base/index.ts';
import {
  type Admission,
  Group,
  type GroupSettings,
  type Member,
  PendingMember,
  type SignatureKeyPair,
} from '../../crypto/index.ts';
import {
  type AddRefusal,
  decodeSealedMessage,
  encodeSealedMessage,
  type SealedMessage,
  type SentSealedMessage,
  type WireCandidate,
  WireError,
} from '../../wire/index.ts';
import { CLOSED_PORT, type DeliveryPort } from './delivery-port.ts';
import { type Device, type DeviceKey, deviceKeyOf, signatureKeyOf } from './device-key.ts';
import {
  type Epoch,
  type GroupListener,
  type KnockedAs,
  type Knocker,
  NOBODY,
  type RefusedReason,
  type RemovedAs,
} from './group-listener.ts';
import { Lobby } from './lobby.ts';
import type { FactValue, MlsFact } from './mls-fact.ts';
import { wireRefusal } from './wire-refusal.ts';

/** Who this device is in the call. */
export interface OwnMember {
  readonly memberId: MemberId;
  readonly userId: UserId;
  readonly deviceId: DeviceId;
  readonly roomId: RoomId;
  readonly signatureKeys: SignatureKeyPair;
  /** Sealed for those who hold the call's secret. */
  readonly name: string;
}

/**
 *     outside -- offer --> asking <--> waiting (lobby)      asking -- offered too often, 5 s passed --> asking
 *                            |  \--> refused
 *                            v
 *                         inside -- refuses a commit --> rejecting
 *                            ^---------- (void) ------------'
 *     inside, rejecting -- KeyPackageWanted, or a commit is missing --> asking
 *     inside -- a commit removes us --> outside
 */
type GroupState =
  | { readonly kind: 'outside' }
  | { readonly kind: 'asking' | 'waiting'; readonly pending: PendingMember }
  | { readonly kind: 'inside'; readonly group: Group }
  | { readonly kind: 'rejecting'; readonly group: Group }
  | { readonly kind: 'refused'; readonly reason: RefusedReason };

/** So often is an offer that led nowhere followed by another: the welcome could not be used, or the key package was too old. */
const MAX_OFFERS = 3;

/** The server takes one offer of a device in 5 s, after the first ten. Less would be refused again. */
const OFFER_AGAIN_MS = 5_000;

/** From one member's answer to the next one's: several fit into the way to the server and back. */
const ANSWER_SPACING_MS = 20;

/** Of those whom this device removed, so many are told to newcomers. More would fill everybody's line when a crowd comes in. */
const MAX_SAID_AGAIN = 8;

/** One device's part in MLS: offers, commits when asked, follows the commits of others, seals and opens. One step at a time. */
export class GroupMember {
  readonly #own: OwnMember;
  readonly #admission: Admission;
  readonly #lobby: Lobby;
  readonly #clock: Clock;
  readonly #mailbox = new Mailbox();
  #port: DeliveryPort;
  #listener: GroupListener;
  #state: GroupState = { kind: 'outside' };
  #offers = 0;
  /** Who may remove others, by the server's word. */
  #moderators: ReadonlySet<MemberId> = new Set();
  /** Whom we removed ourselves. */
  #ownRemovals: readonly DeviceKey[] = [];
  #closed = false;

  constructor(
    own: OwnMember,
    options: {
      readonly admission: Admission;
      /** Whether a person has to press Admit for everybody who comes. */
      readonly lobby: boolean;
      readonly port: DeliveryPort;
      readonly listener: GroupListener;
      readonly clock: Clock;
    },
  ) {
    this.#own = own;
    this.#admission = options.admission;
    this.#port = options.port;
    this.#listener = options.listener;
    this.#lobby = new Lobby(options.lobby);
    this.#clock = options.clock;
  }

  get group(): Group | undefined {
    return this.#state.kind === 'inside' || this.#state.kind === 'rejecting' ? this.#state.group : undefined;
  }

  /** Asks to be let in. */
  offer(): Promise<void> {
    return this.#step(() => this.#offer());
  }

  /** What the server told, in its order. */
  told(fact: MlsFact): Promise<void> {
    return this.#step(() => this.#follow(fact));
  }

  /** Seals for all others. Resolves to false when there is no group to say it in, or the others would not take it (sealed.proto). */
  say(message: SentSealedMessage): Promise<boolean> {
    return this.#step(() => this.#say(message));
  }

  /** A person pressed Admit or Refuse here. The members hear it before the server asks any of them again. */
  admit({ memberId, deviceKey }: KnockedAs, admitted: boolean): Promise<void> {
    return this.#step(async () => {
      await this.#say({ case: 'admission', value: { signatureKey: signatureKeyOf(deviceKey), admitted } });
      this.#decided(deviceKey, admitted);
      this.#port.intend({ case: 'admit', value: { memberId, admitted } });
    });
  }

  /** Whose removals count from now on: neither the server nor a member without the right can remove anybody alone. */
  moderatorsAre(moderators: ReadonlySet<MemberId>): Promise<void> {
    return this.#step(() => {
      this.#moderators = moderators;
    });
  }

  /**
   * Removes a member: the others hear it before the server does. Who has just left by themselves is barred too.
   * @throws CallError as the server refuses it; `not-found` for who is no member
   */
  remove({ memberId, peerId }: RemovedAs): Promise<void> {
    return this.#step(async () => {
      const member = this.group?.members.find(({ credential }) => credential.memberId === memberId);
      if (!member) throw new CallError('not-found', 'no such member');
      const key = deviceKeyOf(member);
      if (!(await this.#sayRemoved(key))) throw new CallError('out-of-order', 'not now: the keys are on their way');
      await this.#port.request({ case: 'removePeer', value: { peerId } }).catch((error: unknown) => {
        if (CallError.from(error).code !== 'not-found') throw error;
      });
      this.#ownRemovals = [...this.#ownRemovals, key].slice(-MAX_SAID_AGAIN);
      this.#removed(member, this.#own.memberId);
    });
  }

  /** Gives this device new keys of its own (RFC 9420, post-compromise security). Nothing happens when a commit is on its way. */
  refresh(): Promise<void> {
    return this.#step(async () => {
      if (this.#state.kind === 'inside') await this.#commit(this.#state.group, [], []);
    });
  }

  /** Forgets all keys. What waits is not done any more, and what is half done leads nowhere. */
  close(): void {
    this.#closed = true;
    this.#listener = NOBODY;
    this.#port = CLOSED_PORT;
    this.group?.close();
  }

  #step<T>(step: () => Promise<T> | T): Promise<T> {
    return this.#mailbox.run(() => {
      if (this.#closed) throw new CallError('unavailable', 'the group was left');
      return step();
    });
  }

  get #settings(): GroupSettings {
    const { memberId, userId, deviceId, ...own } = this.#own;
    return { ...own, credential: { memberId, userId, deviceId }, admission: this.#admission };
  }

  async #say(message: SentSealedMessage): Promise<boolean> {
    const plaintext = encodeSealedMessage(message);
    if (this.#state.kind !== 'inside' || !decoded(plaintext)) return false;
    const sealed = await this.#state.group.seal(plaintext);
    this.#port.intend({ case: 'sealed', value: { message: new Uint8Array(sealed) } });
    return true;
  }

  async #follow(fact: MlsFact): Promise<void> {
    switch (fact.case) {
      case 'groupWanted':
        return this.#found();
      case 'welcomed':
        return this.#enter(fact.value.welcome, fact.value.epoch);
      case 'keyPackageWanted':
        return this.#offer();
      case 'admissionPending':
        if (this.#state.kind === 'asking') this.#set({ kind: 'waiting', pending: this.#state.pending });
        return;
      case 'admissionRefused':
        return this.#refused(fact.value.reason);
      case 'commitWanted':
        return this.#commitWanted(fact.value);
      case 'commitAccepted':
        return this.#commitAccepted(fact.value);
      case 'epochReady':
        return this.#listener.ready(fact.value.epoch);
      case 'commitVoided':
        return this.#voided(fact.value.epoch);
      case 'knocking':
        return this.#knocking(fact.value.candidate);
      case 'sealed':
        return this.#sealed(fact.value);
    }
  }

  /** What we had is forgotten: the others are in a group, or an epoch, that we cannot get to from there. */
  async #offer(): Promise<void> {
    const pending = await PendingMember.create(this.#settings);
    this.group?.close();
    this.#set({ kind: 'asking', pending });
    const value = { keyPackage: new Uint8Array(pending.keyPackage) };
    await this.#port.request({ case: 'offerKeyPackage', value }).catch((error: unknown) => {
      if (CallError.from(error).code !== 'rate-limited') throw error;
      this.#offerLater(pending);
    });
  }

  /** A device that was asked for key packages many times in a row is no broken one: it only has to wait. */
  #offerLater(pending: PendingMember): void {
    this.#clock.after(OFFER_AGAIN_MS, () => {
      const stillWaits = () => this.#state.kind === 'asking' && this.#state.pending === pending;
      this.#step(() => (stillWaits() ? this.#offer() : undefined)).catch(() => undefined); // left, or the stay is over
    });
  }

  async #found(): Promise<void> {
    if (this.#state.kind !== 'asking') return;
    await this.#entered(await Group.found(this.#settings));
  }

  async #enter(welcome: Uint8Array, epoch: number): Promise<void> {
    if (this.#state.kind !== 'asking' && this.#state.kind !== 'waiting') return;
    const outcome = await this.#state.pending.join(welcome);
    if (outcome.kind === 'joined' && outcome.group.epoch === BigInt(epoch)) return this.#entered(outcome.group);
    await this.#offerAgain('cannot-enter');
  }

  /** A key package is too old after 5 minutes: whoever waited in the lobby for longer, and is admitted, needs another. */
  async #refused(reason: AddRefusal): Promise<void> {
    if (this.#state.kind !== 'asking' && this.#state.kind !== 'waiting') return;
    if (reason === 'invalid') return this.#offerAgain(reason);
    this.#set({ kind: 'refused', reason });
  }

  async #offerAgain(reason: RefusedReason): Promise<void> {
    this.#offers += 1;
    if (this.#offers < MAX_OFFERS) return this.#offer();
    this.#set({ kind: 'refused', reason });
  }

  async #entered(group: Group): Promise<void> {
    if (this.#closed) return group.close();
    this.#offers = 0;
    this.#state = { kind: 'inside', group };
    await this.#reached(group, { removed: false, byUs: true, entered: true });
    this.#listener.standing({ kind: 'inside' });
  }

  async #commitWanted({ epoch, adds, removedMemberIds }: FactValue<'commitWanted'>): Promise<void> {
    if (this.#state.kind !== 'inside' || this.#state.group.epoch !== BigInt(epoch)) return;
    await this.#commit(this.#state.group, adds, removedMemberIds);
  }

  async #commit(group: Group, candidates: readonly WireCandidate[], removes: readonly MemberId[]): Promise<void> {
    const wanted = candidates.length > 0 || removes.length > 0;
    const { admitted, refused } = await this.#lobby.sort(candidates, group);
    const adds = admitted.map(({ member, keyPackage }) => ({ credential: member, keyPackage }));
    const staging = await group.stage({ adds, removes }).catch((error: unknown) => {
      if (group.closed) throw error;
      return undefined; // a key package that ran out in this very moment: without an answer another member is asked
    });
    if (!staging) return;
    const refusedAdds = [
      ...staging.refusedAdds.map(({ memberId, reason }) => ({ memberId, reason: wireRefusal(reason) })),
      ...refused,
    ];
    const { staged } = staging;
    if (!staged && !wanted) return;
    try {
      await this.#port.request({
        case: 'commit',
        value: {
          epoch: Number(group.epoch),
          commit: new Uint8Array(staged?.commit ?? []),
          ...(staged?.welcome && { welcome: new Uint8Array(staged.welcome) }),
          addedMemberIds: staged ? [...staged.added] : [],
          removedMemberIds: staged ? [...staged.removed] : [],
          refusedAdds,
        },
      });
    } catch (error) {
      if (staged) group.discard(staged);
      if (CallError.from(error).code === 'unavailable') throw error;
      return; // not our turn, or another commit came first: then its fact is on the way
    }
    if (!staged) return;
    await group.apply(staged);
    await this.#reached(group, { removed: removes.length > 0, byUs: true, entered: false });
    if (staged.added.length === 0) return;
    await this.#tellAdmitted(group);
    await this.#sayRemovedAgain();
  }

  #sayRemoved(key: DeviceKey): Promise<boolean> {
    return this.#say({ case: 'removal', value: { signatureKey: signatureKeyOf(key) } });
  }

  /** Newcomers have not heard it; from others than the moderator they could not believe it. */
  async #sayRemovedAgain(): Promise<void> {
    for (const key of this.#ownRemovals) await this.#sayRemoved(key);
  }

  /** Newcomers see who is here, and not who was: should one of those come back, they are to know. */
  async #tellAdmitted(group: Group): Promise<void> {
    const signatureKeys = this.#lobby.admittedBut(group.members).map(signatureKeyOf);
    if (signatureKeys.length > 0) await this.#say({ case: 'admittedBefore', value: { signatureKeys } });
  }

  async #commitAccepted(fact: FactValue<'commitAccepted'>): Promise<void> {
    const { group } = this;
    if (!group || BigInt(fact.epoch) < group.epoch) return;
    if (BigInt(fact.epoch) > group.epoch) return this.#offer(); // one before it is missing
    if (this.#state.kind === 'rejecting') return;
    const outcome = await group.process(fact.commit, {
      committer: fact.committerId,
      added: fact.added,
      removed: fact.removedMemberIds,
    });
    if (outcome.kind === 'removed') return this.#set({ kind: 'outside' });
    if (outcome.kind === 'applied') {
      await this.#reached(group, { removed: fact.removedMemberIds.length > 0, byUs: false, entered: false });
      return fact.added.length > 0 ? this.#sayRemovedAgain() : undefined;
    }
    this.#set({ kind: 'rejecting', group });
    this.#port.intend({ case: 'commitRejected', value: { epoch: fact.epoch } });
  }

  /**
   * Those who refused that commit are where they were and go on; those who applied it are in an epoch that is none. Who refused an
   * earlier one, which stands, is out as before.
   */
  async #voided(epoch: number): Promise<void> {
    const state = this.#state;
    if (state.kind === 'rejecting' && state.group.epoch === BigInt(epoch)) this.#set({ ...state, kind: 'inside' });
    else if (state.kind === 'inside' && state.group.epoch > BigInt(epoch)) await this.#offer();
  }

  async #knocking({ member, keyPackage }: WireCandidate): Promise<void> {
    const { group } = this;
    if (!group) return;
    const inspected = await group.inspect(keyPackage);
    if (inspected.kind !== 'genuine' || inspected.credential.memberId !== member.memberId) return;
    const knocker = { memberId: member.memberId, deviceKey: deviceKeyOf(inspected), name: inspected.name };
    if (this.#lobby.knocked(knocker) === 'known') this.#answerLater(group, knocker);
    this.#listener.knocking(this.#lobby.knockers);
  }

  /** One after the other, so that not everybody who knows it says so: the first answer reaches the others meanwhile. */
  #answerLater(group: Group, knocker: Knocker): void {
    const turn = group.members.findIndex(({ leaf }) => leaf === group.ownLeaf);
    this.#clock.after(turn * ANSWER_SPACING_MS, () => {
      if (this.#lobby.owesAnswer(knocker.deviceKey)) void this.admit(knocker, true).catch(() => undefined); // we have left
    });
  }

  async #sealed({ message: bytes, senderId }: FactValue<'sealed'>): Promise<void> {
    const { group } = this;
    if (!group) return;
    const outcome = await group.open(bytes);
    if (outcome.kind !== 'opened') {
      if (outcome.presentEpoch) this.#listener.unopened(senderId);
      return;
    }
    const message = decoded(outcome.plaintext);
    if (!message) return;
    if (message.case === 'admission') this.#decided(deviceKeyOf(message.value), message.value.admitted);
    if (message.case === 'admittedBefore')
      this.#lobby.learned(message.value.signatureKeys.map((signatureKey) => deviceKeyOf({ signatureKey })));
    if (message.case === 'removal') this.#heardRemoval(outcome.sender, message.value);
    this.#listener.message(outcome.sender, message, outcome.epoch);
  }

  #heardRemoval({ credential: { memberId: by } }: Member, device: Device): void {
    if (this.#moderators.has(by)) this.#removed(device, by);
  }

  #removed(device: Device, by: MemberId): void {
    const key = deviceKeyOf(device);
    this.#lobby.removed(key);
    this.#listener.knocking(this.#lobby.knockers);
    const member = this.group?.members.find((each) => deviceKeyOf(each) === key);
    if (member) this.#listener.removed(member.credential.memberId, by);
  }

  #decided(key: DeviceKey, admitted: boolean): void {
    this.#lobby.decided(key, admitted);
    this.#listener.knocking(this.#lobby.knockers);
  }

  async #reached(group: Group, how: Pick<Epoch, 'removed' | 'byUs' | 'entered'>): Promise<void> {
    const epoch = Number(group.epoch);
    await this.#listener.epoch({ epoch, group, ...how });
    this.#port.intend({ case: 'epochReached', value: { epoch } });
    if (this.#lobby.arrived(group.members)) this.#listener.knocking(this.#lobby.knockers);
  }

  #set(state: GroupState): void {
    this.#state = state;
    this.#listener.standing(
      state.kind === 'refused' ? { kind: 'refused', reason: state.reason } : { kind: state.kind },
    );
  }
}

/** `undefined` for what is no message of ours, or newer than this code: whoever sent it is a member, and still a stranger's code. */
function decoded(plaintext: Uint8Array): SealedMessage | undefined {
  try {
    return decodeSealedMessage(plaintext);
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}
