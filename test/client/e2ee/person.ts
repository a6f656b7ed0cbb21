import { type DeviceId, type MemberId, type PeerId, randomId, type UserId } from '../../../src/base/index.ts';
import { E2eeEngine } from '../../../src/client/e2ee/engine.ts';
import type { StreamOpener, StreamSealer } from '../../../src/client/e2ee/frame-keys.ts';
import { type IdentityStore, passingIdentity } from '../../../src/client/e2ee/identity-store.ts';
import type { MlsFact } from '../../../src/client/e2ee/mls-fact.ts';
import type { EngineNews } from '../../../src/client/e2ee/news.ts';
import { NO_SECURITY, type Security, securityAfter } from '../../../src/client/e2ee/security.ts';
import type { Admission, DropReason } from '../../../src/crypto/index.ts';
import type { Source, WireMember } from '../../../src/wire/index.ts';
import { admissionOf, hex, ROOM } from '../../crypto/mls/people.ts';
import { KeptKeys } from '../../support/kept-keys.ts';
import { seeded } from '../../support/seeded.ts';
import type { Delivery, Seat } from './delivery.ts';

export interface PersonOptions {
  readonly admission?: Admission;
  readonly lobby?: boolean;
  /** Whose device it is; of somebody of that name when absent. */
  readonly user?: string;
  /** What the device keeps from call to call; a new device when absent. */
  readonly identity?: IdentityStore;
  /** As a hostile server gives it; one of its own when absent. */
  readonly memberId?: MemberId;
}

/** An honest device in the call: the real engine and the real frame keys, without a browser. */
export class Person implements Seat {
  readonly keys: KeptKeys;
  readonly engine: E2eeEngine;
  /** As the page would show it. */
  security: Security = NO_SECURITY;
  /** What others said and did, as `ada: hello`. */
  readonly heard: string[] = [];
  readonly #sealers = new Map<Source, StreamSealer>();
  readonly #openers = new Map<string, StreamOpener>();

  private constructor(
    readonly name: string,
    readonly member: WireMember,
    delivery: Delivery,
    options: Required<Omit<PersonOptions, 'memberId' | 'user'>>,
  ) {
    const { admission, lobby, identity } = options;
    this.keys = new KeptKeys(delivery.clock);
    this.engine = new E2eeEngine({
      own: { ...member, roomId: ROOM, name, signatureKeys: identity.signatureKeys },
      admission,
      lobby,
      identity,
      keys: this.keys,
      port: {
        request: (body) => delivery.hear(this, body),
        intend: (body) => void delivery.hear(this, body).catch(() => undefined), // as the socket: a refusal is logged
      },
      clock: delivery.clock,
      random: seeded(member.userId.length),
      tell: (news) => this.#hear(news),
    });
  }

  /** Comes to the room and asks to be let in. */
  static async join(delivery: Delivery, name: string, options: PersonOptions = {}): Promise<Person> {
    const { lobby = false, memberId = `${name}-${randomId()}` as MemberId } = options;
    const person = new Person(
      name,
      {
        memberId,
        userId: `user-${options.user ?? name}` as UserId,
        deviceId: `device-${name}` as DeviceId,
      },
      delivery,
      {
        lobby,
        admission: options.admission ?? (await admissionOf(undefined, undefined, lobby)),
        identity: options.identity ?? (await passingIdentity()),
      },
    );
    delivery.enter(person);
    person.engine.begin().catch(() => undefined); // refused: the security says so
    return person;
  }

  get id(): MemberId {
    return this.member.memberId;
  }

  get admittance(): string {
    const { admittance } = this.security;
    return admittance.kind === 'halted' ? admittance.cause : admittance.kind;
  }

  /** Whom the page would show, by the names in their leaves. */
  get sees(): readonly string[] {
    return [...this.security.members.values()].map(({ name }) => name ?? '?').sort();
  }

  /** Epoch and epoch authenticator: equal for those who are in the same call. */
  get place(): string {
    const { group } = this.keys;
    return group && !group.closed ? `${group.epoch} ${hex(group.authenticator)}` : 'nowhere';
  }

  /** Presses Admit, or Refuse, for this person as it knocks here. */
  async admits({ id }: Person, admitted = true): Promise<void> {
    const knocker = this.security.knockers.find(({ memberId }) => memberId === id);
    if (!knocker) throw new Error('nobody knocks');
    await this.engine.admit(knocker, admitted);
  }

  /** Presses Remove for that person. */
  async removes({ id }: Person): Promise<void> {
    await this.engine.remove({ memberId: id, peerId: id as string as PeerId });
  }

  told(fact: MlsFact): Promise<void> {
    return this.engine.told(fact);
  }

  async idle(): Promise<void> {
    await this.engine.told({ case: 'epochReady', value: { epoch: 0 } }).catch(() => undefined); // has left
  }

  /** A frame as it goes over the wire; `undefined` when it does not go. */
  async seal(text = 'hello', source: Source = 'microphone'): Promise<ArrayBuffer | undefined> {
    const sealer = this.#sealers.get(source) ?? this.keys.sealer(source, 'opus');
    this.#sealers.set(source, sealer);
    const outcome = await sealer.seal(new TextEncoder().encode(text).buffer as ArrayBuffer);
    return outcome.kind === 'sealed' ? outcome.bytes : undefined;
  }

  /** What becomes of a frame that comes in this person's stream: the text in it, or why it was dropped. */
  async open(from: MemberId, frame: ArrayBuffer, source: Source = 'microphone'): Promise<string | DropReason> {
    const key = `${from} ${source}`;
    const opener = this.#openers.get(key) ?? this.keys.opener({ memberId: from, source, codec: 'opus' });
    this.#openers.set(key, opener);
    const outcome = await opener.open(frame.slice());
    if (outcome.kind === 'opened') return new TextDecoder().decode(outcome.bytes);
    return outcome.kind === 'dropped' ? outcome.reason : 'empty';
  }

  nameOf(memberId: MemberId): string | undefined {
    return this.security.members.get(memberId)?.name;
  }

  #hear(news: EngineNews): void {
    if (news.kind === 'chat') this.heard.push(`${this.security.members.get(news.memberId)?.name}: ${news.text}`);
    else if (news.kind === 'reaction')
      this.heard.push(`${this.security.members.get(news.memberId)?.name}: ${news.emoji}`);
    else if (news.kind === 'moved-away') this.heard.push(`moved to ${this.nameOf(news.memberId)}`);
    else if (news.kind === 'mute-asked') this.heard.push(`${this.nameOf(news.memberId)} asks to mute`);
    else if (news.kind === 'removed') this.heard.push(`${this.nameOf(news.by)} removed ${this.nameOf(news.memberId)}`);
    else this.security = securityAfter(this.security, news);
  }
}

/** So many people, all in the call. */
export async function call(delivery: Delivery, ...names: readonly string[]): Promise<Person[]> {
  const people: Person[] = [];
  for (const name of names) {
    people.push(await Person.join(delivery, name));
    await delivery.advance(200);
  }
  await delivery.advance(3_500); // the last of them are in, and who comes next is not one of a crowd
  return people;
}
