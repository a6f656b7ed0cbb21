import { computed, signal } from '@preact/signals';
import type { Call, MemberId, Security } from '../src/client/index.ts';
import { handsAfter } from './people.ts';
import { announcements } from './strings/index.ts';

export interface SaidMessage {
  readonly id: number;
  readonly name: string;
  readonly text: string;
  readonly own: boolean;
}

export interface ShownReaction {
  readonly id: number;
  readonly memberId: MemberId;
  readonly emoji: string;
}

/** Long enough to look up and see who it was. */
const REACTION_MS = 4_000;

/** The newest messages that a page keeps: a call of a working day, and no more memory than that. */
const MAX_MESSAGES = 1_000;

/** What people say and show beside sound and pictures: chat, reactions and a raised hand. */
export class Talk {
  readonly messages = signal<readonly SaidMessage[]>([]);
  readonly reactions = signal<readonly ShownReaction[]>([]);
  readonly handRaised = signal(false);
  /** Of the others, in the order in which they went up. */
  readonly hands = signal<readonly MemberId[]>([]);
  /** The last thing that only eyes would notice, for screen readers. */
  readonly announcement = signal('');
  readonly #call: Call;
  readonly #lastRead = signal(0);
  #lastId = 0;

  readonly unread = computed(
    () => this.messages.value.filter(({ id, own }) => !own && id > this.#lastRead.value).length,
  );

  constructor(call: Call) {
    this.#call = call;
    call.on('chat', ({ displayName, text }) => this.#said({ name: displayName, text, own: false }));
    call.on('reaction', ({ memberId, displayName, emoji }) => {
      this.#shown(memberId, emoji);
      this.announcement.value = announcements.reaction(displayName, emoji);
    });
    call.on('securityChanged', (security) => this.#watchHands(security));
  }

  say(text: string): void {
    this.#call.sendChat(text);
    this.#said({ name: this.#call.displayName, text, own: true });
  }

  react(emoji: string): void {
    this.#call.react(emoji);
    const { self } = this.#call.security;
    if (self !== undefined) this.#shown(self, emoji);
  }

  raiseHand(raised: boolean): void {
    this.#call.setHandRaised(raised);
    this.handRaised.value = raised;
  }

  read(): void {
    this.#lastRead.value = this.#lastId;
  }

  #said(message: Omit<SaidMessage, 'id'>): void {
    this.#lastId += 1;
    this.messages.value = [...this.messages.value, { ...message, id: this.#lastId }].slice(-MAX_MESSAGES);
  }

  #shown(memberId: MemberId, emoji: string): void {
    this.#lastId += 1;
    const id = this.#lastId;
    this.reactions.value = [...this.reactions.value, { id, memberId, emoji }];
    setTimeout(() => {
      this.reactions.value = this.reactions.value.filter((reaction) => reaction.id !== id);
    }, REACTION_MS);
  }

  #watchHands(security: Security): void {
    const before = this.hands.value;
    const hands = handsAfter(before, security);
    if (hands.join() === before.join()) return;
    this.hands.value = hands;
    const raised = hands.find((memberId) => !before.includes(memberId));
    const member = raised === undefined ? undefined : security.members.get(raised);
    if (member) this.announcement.value = announcements.hand(member.name ?? member.userId);
  }
}
