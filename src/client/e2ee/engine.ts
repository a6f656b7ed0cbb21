import type { Clock, MemberId } from '../../base/index.ts';
import {
  type Admission,
  type CodeEvent,
  type CodeRound,
  digitCode,
  firstCodeRound,
  type Group,
  type Member,
  nextCodeRound,
  wakeAtMs,
} from '../../crypto/index.ts';
import type { Presence, SealedMessage, SentSealedMessage } from '../../wire/index.ts';
import type { CallMember } from '../roster.ts';
import type { DeliveryPort } from './delivery-port.ts';
import { emojiCodeOf } from './emoji-code.ts';
import { ForkCheck, type ForkStep } from './fork-check.ts';
import type { FrameKeys } from './frame-keys.ts';
import type { Epoch, GroupListener, KnockedAs, Knocker, RemovedAs, Standing } from './group-listener.ts';
import { GroupMember, type OwnMember } from './group-member.ts';
import type { IdentityStore } from './identity-store.ts';
import type { MlsFact } from './mls-fact.ts';
import type { EngineNews } from './news.ts';
import { RefreshSchedule } from './refresh-schedule.ts';
import { type Compared, ShownCodes } from './shown-codes.ts';
import { markVerified, standings, whoStayed } from './verified-people.ts';

const DIGITS_LABEL = 'conclave call code';
const DIGITS_BYTES = 32;

export interface EngineOptions {
  readonly own: OwnMember;
  readonly admission: Admission;
  readonly lobby: boolean;
  readonly port: DeliveryPort;
  readonly keys: FrameKeys;
  readonly identity: IdentityStore;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  readonly tell: (news: EngineNews) => void;
}

/**
 * A welcome may lead into a copy of the call that its sender made for us alone. So often we ask for another one, of another member; when all
 * are elsewhere even then, the call is split.
 */
const MAX_STRAYS = 2;

const SILENT: Presence = { microphoneOn: false, cameraOn: false, handRaised: false, recording: false };

/** What runs from the first epoch on. */
interface Talk {
  readonly group: Group;
  readonly refresh: RefreshSchedule;
  readonly shown: ShownCodes;
  code: CodeRound;
  /** Of the epoch that the code round is about. */
  members: readonly Member[];
  /** No commit was followed since the welcome: we are where it led us. */
  isFresh: boolean;
}

/**
 * One stay of this device in the encrypted call: follows the group, keeps the frame keys, says to the others what people do, and
 * watches that all are in the same call. Runs in the SDK's worker, or in Node for members without a browser.
 */
export class E2eeEngine implements GroupListener {
  readonly #options: EngineOptions;
  readonly #member: GroupMember;
  readonly #presence = new Map<MemberId, Presence>();
  #own: Presence = SILENT;
  #talk: Talk | undefined;
  #standing: Standing = { kind: 'outside' };
  #forks: ForkCheck;
  #forked = false;
  /** Welcomes in a row that led to where nobody else is. */
  #strays = 0;
  #digitsWatched = false;
  /** Emoji codes that were made, in all groups of this stay: each has a number of its own. */
  #rounds = 0;
  #cancelWake: () => void = () => undefined;
  #wakeForksAtMs: number | undefined;

  constructor(options: EngineOptions) {
    const { own, admission, lobby, port, clock } = options;
    this.#options = options;
    this.#member = new GroupMember(own, { admission, lobby, port, clock, listener: this });
    this.#forks = new ForkCheck(own.memberId, options.random);
    options.keys.halted = true;
  }

  /** Asks to be let in. */
  begin(): Promise<void> {
    return this.#member.offer();
  }

  told(fact: MlsFact): Promise<void> {
    return this.#member.told(fact);
  }

  say(message: SentSealedMessage): Promise<boolean> {
    return this.#member.say(message);
  }

  /** What others should know of us; newcomers hear it with the next check-in. */
  async show(presence: Presence): Promise<void> {
    this.#own = presence;
    await this.say({ case: 'presence', value: presence });
  }

  admit(knocker: KnockedAs, admitted: boolean): Promise<void> {
    return this.#member.admit(knocker, admitted);
  }

  /** Who may remove others, by the server's word. */
  moderatorsAre(moderators: ReadonlySet<MemberId>): Promise<void> {
    return this.#member.moderatorsAre(moderators);
  }

  /** @throws CallError as `GroupMember.remove` */
  remove(target: RemovedAs): Promise<void> {
    return this.#member.remove(target);
  }

  /** Starts a round of the emoji code with everybody. */
  makeEmoji(): void {
    this.#codeHappened({ kind: 'start-asked', nowMs: this.#nowMs() });
  }

  /** While somebody looks at the 30 digits they are made at every epoch. */
  watchDigits(watched: boolean): void {
    this.#digitsWatched = watched;
    this.#tellDigits();
  }

  /** People found this code the same: who was in it and still is here is verified, on this device and from now on. */
  async verify(compared: Compared): Promise<void> {
    const { identity } = this.#options;
    if (!this.#talk) return;
    const { group, shown } = this.#talk;
    const devices = whoStayed(shown.devicesIn(compared), devicesOf(group.members));
    await identity.remember(markVerified(identity.verified(), devices));
    this.#tellMembers(group);
  }

  close(): void {
    this.#member.close();
    this.#options.keys.close();
    this.#talk = undefined;
    this.#cancelWake();
  }

  standing(standing: Standing): void {
    this.#standing = standing;
    if (!this.#member.group) this.#talk = undefined; // there is nobody to talk to
    this.#haltOrGo();
    this.#options.tell({ kind: 'standing', standing });
  }

  async epoch({ epoch, group, removed, byUs, entered }: Epoch): Promise<void> {
    const { keys, own } = this.#options;
    await keys.epochBegan({ epoch: BigInt(epoch), group, removed, entered });
    const nowMs = this.#nowMs();
    const { authenticator, members } = group;
    const memberIds = memberIdsOf(group);
    const codeEpoch = { epoch: BigInt(epoch), authenticator, memberIds };
    if (!this.#talk || entered) {
      const refresh = new RefreshSchedule(this.#options.random, { members: members.length, nowMs });
      this.#talk = {
        group,
        refresh,
        shown: new ShownCodes(),
        code: firstCodeRound(own.memberId, codeEpoch),
        members,
        isFresh: true,
      };
      this.#forks = new ForkCheck(own.memberId, this.#options.random); // another group may have had epochs of these numbers
      this.#options.tell({ kind: 'emoji', code: { kind: 'none' } });
    } else {
      this.#talk.refresh.epochBegan({ members: members.length, byUs, nowMs });
      this.#codeHappened({ kind: 'epoch-began', epoch: codeEpoch });
      this.#talk.members = members;
      this.#talk.isFresh = false;
      this.#strays = 0;
    }
    for (const memberId of [...this.#presence.keys()])
      if (!memberIds.includes(memberId)) this.#presence.delete(memberId);
    this.#tellMembers(group);
    this.#tellDigits();
    this.#forkStep(this.#forks.epochBegan({ epoch: BigInt(epoch), authenticator, memberIds, nowMs }));
  }

  ready(epoch: number): void {
    this.#options.keys.ready(BigInt(epoch));
  }

  message(from: Member, message: SealedMessage, epoch: bigint): void {
    const { memberId } = from.credential;
    const { tell } = this.#options;
    const nowMs = this.#nowMs();
    switch (message.case) {
      case 'checkIn': {
        const { epoch: claimed, authenticator, presence } = message.value;
        this.#present(memberId, presence);
        const word = { memberId, epoch: BigInt(claimed), authenticator, sealedIn: epoch, nowMs };
        this.#forkStep(this.#forks.checkIn(word));
        break;
      }
      case 'presence':
        this.#present(memberId, message.value);
        break;
      case 'chat':
        tell({ kind: 'chat', memberId, text: message.value.text });
        break;
      case 'reaction':
        tell({ kind: 'reaction', memberId, emoji: message.value.emoji });
        break;
      case 'muteAsk':
        if (message.value.memberId === this.#options.own.memberId) tell({ kind: 'mute-asked', memberId });
        break;
      case 'moveHere':
        if (this.#isOtherDevice(from)) tell({ kind: 'moved-away', memberId });
        break;
      case 'admission':
      case 'admittedBefore':
      case 'removal':
        break; // the group member has heard it
      default:
        this.#codeHappened({ kind: 'received', from: memberId, epoch, message, nowMs });
    }
  }

  unopened(from: MemberId): void {
    this.#forkStep(this.#forks.unopened(from, this.#nowMs()));
  }

  knocking(knockers: readonly Knocker[]): void {
    this.#options.tell({ kind: 'knocking', knockers });
  }

  removed(memberId: MemberId, by: MemberId): void {
    this.#options.tell({ kind: 'removed', memberId, by });
  }

  #present(memberId: MemberId, presence: Presence): void {
    const before = this.#presence.get(memberId);
    const same = before && (Object.keys(presence) as (keyof Presence)[]).every((key) => before[key] === presence[key]);
    if (same) return;
    this.#presence.set(memberId, presence);
    this.#options.tell({ kind: 'presence', memberId, presence });
  }

  #codeHappened(event: CodeEvent): void {
    const talk = this.#talk;
    if (!talk) return;
    const before = talk.code;
    const { round, sends } = nextCodeRound(before, event, (count) => crypto.getRandomValues(new Uint8Array(count)));
    talk.code = round;
    if (round.stage !== before.stage) this.#tellEmoji(talk);
    this.#scheduleWake();
    for (const send of sends) this.#sayIfHere(send);
  }

  #forkStep({ verdict, checkIn, wakeAtMs: atMs }: ForkStep): void {
    const group = this.#talk?.group;
    if (checkIn && group && !group.closed) {
      const { epoch, authenticator } = group;
      const value = { epoch: Number(epoch), authenticator: new Uint8Array(authenticator), presence: this.#own };
      this.#sayIfHere({ case: 'checkIn', value });
    }
    this.#forked = verdict.kind === 'forked';
    this.#haltOrGo();
    if (this.#forked && this.#talk?.isFresh && this.#strays < MAX_STRAYS) {
      this.#talk.isFresh = false;
      this.#strays += 1;
      this.begin().catch(() => undefined); // we have left
    }
    this.#options.tell({ kind: 'agreement', verdict });
    this.#wakeForksAtMs = atMs;
    this.#scheduleWake();
  }

  /** Of the same person, by the leaf whose proof was checked. */
  #isOtherDevice({ credential }: Member): boolean {
    const { userId, memberId } = this.#options.own;
    return credential.userId === userId && credential.memberId !== memberId;
  }

  #sayIfHere(message: SentSealedMessage): void {
    this.say(message).catch(() => undefined); // we have left
  }

  #haltOrGo(): void {
    this.#options.keys.halted = this.#standing.kind !== 'inside' || this.#forked;
  }

  /** One timer for all that waits for time to pass. */
  #scheduleWake(): void {
    this.#cancelWake();
    const talk = this.#talk;
    if (!talk) return;
    const nowMs = this.#nowMs();
    const { wakeAtMs: refreshAtMs, refresh } = talk.refresh.ask({
      framesOfOneKey: this.#options.keys.sealedInEpoch,
      codeRuns: talk.code.stage.kind === 'open' || talk.code.stage.kind === 'revealing',
      nowMs,
    });
    if (refresh) void this.#member.refresh().catch(() => undefined); // we have left
    const atMs = Math.min(refreshAtMs, wakeAtMs(talk.code) ?? Infinity, this.#wakeForksAtMs ?? Infinity);
    this.#cancelWake = this.#options.clock.after(Math.max(0, atMs - nowMs), () => this.#wake());
  }

  #wake(): void {
    const nowMs = this.#nowMs();
    if (this.#wakeForksAtMs !== undefined && this.#wakeForksAtMs <= nowMs) this.#forkStep(this.#forks.tick(nowMs));
    this.#codeHappened({ kind: 'time-passed', nowMs });
  }

  #tellMembers(group: Group): void {
    const { own, identity, tell } = this.#options;
    const trust = standings(devicesOf(group.members), identity.verified());
    const members = group.members.map(({ credential, name }): CallMember => {
      const { memberId, userId, deviceId } = credential;
      return { memberId, userId, deviceId, name, trust: trust.get(userId)?.kind ?? 'new' };
    });
    tell({ kind: 'members', epoch: Number(group.epoch), self: own.memberId, members });
  }

  #tellEmoji({ code, members, shown }: Talk): void {
    const { stage } = code;
    if (stage.kind === 'done') {
      const counted = members.filter(({ credential }) => stage.memberIds.includes(credential.memberId));
      this.#rounds += 1;
      shown.show({ kind: 'emoji', round: this.#rounds }, devicesOf(counted));
    }
    this.#options.tell({ kind: 'emoji', code: emojiCodeOf(code, { round: this.#rounds, nowMs: this.#nowMs() }) });
  }

  #tellDigits(): void {
    const talk = this.#talk;
    if (!this.#digitsWatched || !talk || talk.group.closed) return;
    const { group, shown } = talk;
    const epoch = Number(group.epoch);
    const devices = devicesOf(group.members);
    group
      .exportSecret(DIGITS_LABEL, new Uint8Array(), DIGITS_BYTES)
      .then(digitCode)
      .then((digits) => {
        if (group.closed || Number(group.epoch) !== epoch) return;
        shown.show({ kind: 'digits', epoch }, devices);
        this.#options.tell({ kind: 'digits', epoch, digits });
      })
      .catch(() => undefined); // the group was left meanwhile
  }

  #nowMs(): number {
    return this.#options.clock.nowMs();
  }
}

function devicesOf(members: readonly Member[]) {
  return members.map(({ credential: { userId, deviceId }, signatureKey }) => ({ userId, deviceId, signatureKey }));
}

function memberIdsOf({ members }: Group): readonly MemberId[] {
  return members.map(({ credential }) => credential.memberId);
}
