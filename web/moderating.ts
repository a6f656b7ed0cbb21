import { computed, signal } from '@preact/signals';
import { type Call, CallError, type NamedMember } from '../src/client/index.ts';
import type { Person } from './people.ts';
import { moderationNotice, STRINGS } from './strings/index.ts';

/** Long enough to read a line with two names twice. */
const PASSING_NOTICE_MS = 6_000;

/** Where notices stand until they are put away. */
interface Board {
  notify(notice: { readonly key: string; readonly text: string }): void;
  dismiss(key: string): void;
}

/** What people do about each other: remove, lock, ask to mute; and what others did. */
export class Moderating {
  readonly locked = signal(false);
  /** Whether oneself may remove people and lock the call. */
  readonly allowed = signal(false);
  /** Who asks this device to mute and has no answer yet. */
  readonly asks = signal<readonly NamedMember[]>([]);
  /** Who removed this device, when somebody did. */
  readonly removedBy = signal<string | undefined>(undefined);
  readonly ask = computed(() => this.asks.value.at(-1));
  readonly #call: Call;
  readonly #board: Board;
  #notices = 0;

  constructor(call: Call, board: Board) {
    this.#call = call;
    this.#board = board;
    call.on('stateChanged', (state) => {
      if (state.kind === 'joined') this.allowed.value = state.moderator;
    });
    call.on('lockChanged', ({ locked, by }) => {
      this.locked.value = locked;
      const name = call.roster.peers.find(({ id }) => id === by)?.displayName;
      if (name !== undefined) this.#say(locked ? moderationNotice.locked(name) : moderationNotice.opened(name));
    });
    call.on('memberRemoved', ({ member, by }) => {
      const { self } = call.security;
      if (member.memberId === self) this.removedBy.value = by.displayName;
      else if (by.memberId === self) this.#say(moderationNotice.youRemoved(member.displayName));
      else this.#say(moderationNotice.removed(by.displayName, member.displayName));
    });
    call.on('muteAsked', (who) => {
      this.asks.value = [...this.#asksBut(who), who];
    });
    call.on('localTrackChanged', () => {
      if (call.localTrack('microphone')?.muted !== false) this.asks.value = []; // it is done
    });
  }

  async remove({ peerId }: Person): Promise<void> {
    if (peerId) await this.#attempt(() => this.#call.remove(peerId));
  }

  async lock(locked: boolean): Promise<void> {
    await this.#attempt(() => this.#call.setLocked(locked));
  }

  askToMute({ peerId, name }: Person): void {
    if (!peerId) return;
    void this.#attempt(() => {
      this.#call.askToMute(peerId);
      this.#say(moderationNotice.asked(name));
    });
  }

  /** What this person says to those who ask: mutes, or nothing. Nobody is told. */
  answer({ mutes }: { readonly mutes: boolean }): void {
    this.asks.value = [];
    if (mutes) void this.#call.setMicrophone(false);
  }

  #asksBut({ memberId }: NamedMember): readonly NamedMember[] {
    return this.asks.value.filter((each) => each.memberId !== memberId);
  }

  async #attempt(act: () => void | Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      const { code } = CallError.from(error);
      if (code === 'not-found') return; // they have left meanwhile
      this.#say(code === 'rate-limited' ? STRINGS.people.tooOften : STRINGS.people.failed);
    }
  }

  #say(text: string): void {
    this.#notices += 1;
    const key = `moderation-${this.#notices}`;
    this.#board.notify({ key, text });
    setTimeout(() => this.#board.dismiss(key), PASSING_NOTICE_MS);
  }
}
