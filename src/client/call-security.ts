import { CallError, type Clock, type MemberId } from '../base/index.ts';
import type { Presence, ServerMessage } from '../wire/index.ts';
import type { CallAdmission } from './call-options.ts';
import type { CallParts } from './call-parts.ts';
import { secretBytes } from './call-secret.ts';
import type { E2ee } from './e2ee/e2ee.ts';
import { isMlsFact } from './e2ee/mls-fact.ts';
import { type EngineNews, isSpoken, type SpokenNews } from './e2ee/news.ts';
import { isFinal, NO_SECURITY, type Security, securityAfter, securityBegun, securityHalted } from './e2ee/security.ts';
import type { Media } from './media.ts';

export interface CallSecurityListener {
  /** `people`: who is a member, or what members show of themselves, has changed too. */
  changed(security: Security, what: { readonly people: boolean }): void;
  said(news: SpokenNews): void;
  /** What leaves this device may not be sealed. */
  failed(cause: 'unsealed' | 'broke', message: string): void;
}

/** How a call is secured: keeps the snapshot that the page sees, and carries the page's wishes to the worker that holds the keys. */
export class CallSecurity {
  readonly #admission: CallAdmission;
  readonly #listener: CallSecurityListener;
  #current: Security = NO_SECURITY;
  /** All who knock as the members heard it: also those who have gone away since. */
  #knockers: Security['knockers'] = [];
  #present: ReadonlySet<MemberId> = new Set();
  #e2ee: E2ee | undefined;
  /** Whose stay the group of keys is about: it outlives a lost path, not a lost session. */
  #begun: MemberId | undefined;
  #presence: Presence = { microphoneOn: false, cameraOn: false, handRaised: false, recording: false };
  #digitsWatched = false;

  constructor(admission: CallAdmission, listener: CallSecurityListener) {
    this.#admission = admission;
    this.#listener = listener;
  }

  get current(): Security {
    return this.#current;
  }

  /** What this device says of itself. */
  get presence(): Presence {
    return this.#presence;
  }

  /** As the leaf names them; empty for who is no member. */
  nameOf(memberId: MemberId): string {
    const member = this.#current.members.get(memberId);
    return member?.name ?? member?.userId ?? '';
  }

  /** Absent before the join. */
  get e2ee(): E2ee | undefined {
    return this.#e2ee;
  }

  /** Nothing is sent any more in this call. */
  get isBroken(): boolean {
    return isFinal(this.#current.admittance);
  }

  /** @throws CallError `invalid` without a usable secret, `forbidden` in a browser that cannot seal */
  open(openE2ee: CallParts['openE2ee'], clock: Clock): E2ee {
    const { secret, admission } = this.#admission;
    if (!secret && !admission) throw new CallError('invalid', 'a call needs a secret or an admission of the app');
    if (secret) secretBytes(secret);
    this.#e2ee = openE2ee({
      admission,
      clock,
      told: (news) => this.#told(news),
      failed: (cause, message) => this.#failed(cause, message),
    });
    return this.#e2ee;
  }

  /** The room was joined. A new stay begins unless only the path was lost. */
  joined({ joined: { memberId }, session }: Media, name: string): void {
    if (memberId === this.#begun) return;
    const { secret, lobby = false } = this.#admission;
    const { roomId, userId, deviceId, link } = session;
    this.#begun = memberId;
    this.#knockers = [];
    this.#e2ee?.begin(
      { memberId, roomId, userId, deviceId, name, lobby, secret: secret ? secretBytes(secret) : undefined },
      {
        request: async (body) => {
          await link.request(body, 'done');
        },
        intend: (body) => link.intend(body),
      },
    );
    this.#e2ee?.show(this.#presence);
    if (this.#digitsWatched) this.#e2ee?.watchDigits(true);
    this.#set(securityBegun(this.#current, memberId), { people: true });
  }

  /** What the server told of keys; anything else means nothing here. */
  told(fact: ServerMessage): void {
    if (isMlsFact(fact)) this.#e2ee?.told(fact);
  }

  /** Who the server says is here: nobody else waits at the door. */
  presentAre(present: ReadonlySet<MemberId>): void {
    this.#present = present;
    if (this.#knocking().length !== this.#current.knockers.length) this.#set(this.#current, { people: false });
  }

  show(change: Partial<Presence>): void {
    this.#presence = { ...this.#presence, ...change };
    this.#e2ee?.show(this.#presence);
  }

  watchDigits(watched: boolean): void {
    this.#digitsWatched = watched;
    this.#e2ee?.watchDigits(watched);
  }

  /** The worker goes, with all keys; what was seen last stays. */
  close(): void {
    this.#e2ee?.close();
    this.#e2ee = undefined;
  }

  #told(news: EngineNews): void {
    if (!this.#e2ee) return;
    if (isSpoken(news)) {
      this.#listener.said(news);
      return;
    }
    if (news.kind === 'knocking') this.#knockers = news.knockers;
    this.#set(securityAfter(this.#current, news), { people: news.kind === 'members' || news.kind === 'presence' });
  }

  #failed(cause: 'unsealed' | 'broke', message: string): void {
    if (!this.#e2ee) return;
    this.#listener.failed(cause, message);
    this.#set(securityHalted(this.#current, cause), { people: false });
  }

  #set(security: Security, what: { readonly people: boolean }): void {
    this.#current = { ...security, knockers: this.#knocking() };
    this.#listener.changed(this.#current, what);
  }

  #knocking(): Security['knockers'] {
    return this.#knockers.filter(({ memberId }) => this.#present.has(memberId));
  }
}
