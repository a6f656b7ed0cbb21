import { CallError, type Clock, type Rate, type RoomId, TokenBucket } from '../../base/index.ts';
import type { ClientMessage, WireMember } from '../../wire/index.ts';
import type { Outbox } from '../outbox.ts';
import { isRefresh } from './batch.ts';
import type { MlsRoom } from './mls-room.ts';
import type { MlsRooms } from './mls-rooms.ts';

/** What a session may make the others hear: every one of these goes to a whole room. */
export interface MlsRates {
  readonly offers: Rate;
  readonly refreshes: Rate;
  readonly sealed: Rate;
  readonly sealedBytes: Rate;
}

export interface MlsSeatOptions {
  readonly rooms: MlsRooms;
  readonly roomId: RoomId;
  readonly member: WireMember;
  readonly outbox: Pick<Outbox, 'fact' | 'holdFacts' | 'isAttached'>;
  readonly rates: MlsRates;
  readonly clock: Clock;
}

type ValueOf<Case extends ClientMessage['case']> = Extract<ClientMessage, { readonly case: Case }>['value'];

/** outside --a key package is offered--> inside --leave()--> outside */
type SeatState = { readonly kind: 'outside' } | { readonly kind: 'inside'; readonly room: MlsRoom };

/**
 * One session's place with the delivery service of its room. Facts that a request causes come after its answer.
 *
 * @throws CallError from all requests: what `MlsDelivery` throws, `out-of-order` before the first offer, `rate-limited`
 */
export class MlsSeat {
  readonly #options: MlsSeatOptions;
  readonly #buckets: { readonly [Name in keyof MlsRates]: TokenBucket };
  #state: SeatState = { kind: 'outside' };

  constructor(options: MlsSeatOptions) {
    const { rates, clock } = options;
    const bucket = (rate: Rate) => new TokenBucket(rate, clock.nowMs());
    this.#options = options;
    this.#buckets = {
      offers: bucket(rates.offers),
      refreshes: bucket(rates.refreshes),
      sealed: bucket(rates.sealed),
      sealedBytes: bucket(rates.sealedBytes),
    };
  }

  offer({ keyPackage }: ValueOf<'offerKeyPackage'>): void {
    this.#take('offers', 1);
    const { rooms, roomId, member, outbox } = this.#options;
    if (this.#state.kind === 'outside') {
      const room = rooms.open(roomId);
      room.enter(member.memberId, (fact) => outbox.fact(fact));
      this.#state = { kind: 'inside', room };
      if (!outbox.isAttached) this.away();
    }
    outbox.holdFacts();
    this.#room.carryOut((delivery, nowMs) => delivery.offer({ member, keyPackage }, nowMs));
  }

  commit(request: ValueOf<'commit'>): void {
    const room = this.#room;
    if (isRefresh(request)) this.#take('refreshes', 1);
    this.#options.outbox.holdFacts();
    room.carryOut((delivery, nowMs) => delivery.commit(this.#id, request, nowMs));
  }

  epochReached({ epoch }: ValueOf<'epochReached'>): void {
    this.#room.carryOut((delivery, nowMs) => delivery.epochReached(this.#id, epoch, nowMs));
  }

  commitRejected({ epoch }: ValueOf<'commitRejected'>): void {
    this.#room.carryOut((delivery, nowMs) => delivery.commitRejected(this.#id, epoch, nowMs));
  }

  admit({ memberId, admitted }: ValueOf<'admit'>): void {
    this.#room.carryOut((delivery, nowMs) => delivery.admit(this.#id, memberId, admitted, nowMs));
  }

  sealed({ message }: ValueOf<'sealed'>): void {
    const room = this.#room;
    this.#take('sealed', 1);
    this.#take('sealedBytes', message.byteLength);
    room.carryOut((delivery) => delivery.sealed(this.#id, message));
  }

  get isInside(): boolean {
    return this.#state.kind === 'inside';
  }

  /** Has the keys of the room: does not wait to be let in. */
  get isMember(): boolean {
    return this.#state.kind === 'inside' && this.#state.room.isMember(this.#id);
  }

  /** The session has no socket. */
  away(): void {
    if (this.#state.kind === 'inside') this.#state.room.away(this.#id);
  }

  /** It has one again. */
  back(): void {
    if (this.#state.kind === 'inside') this.#state.room.back(this.#id);
  }

  /** Twice is once. A new offer comes in again. */
  leave(): void {
    if (this.#state.kind === 'outside') return;
    const { room } = this.#state;
    const { rooms, roomId } = this.#options;
    this.#state = { kind: 'outside' };
    room.leave(this.#id);
    rooms.release(roomId);
  }

  get #id() {
    return this.#options.member.memberId;
  }

  get #room(): MlsRoom {
    if (this.#state.kind === 'outside') throw new CallError('out-of-order', 'a key package comes first');
    return this.#state.room;
  }

  #take(name: keyof MlsRates, amount: number): void {
    if (this.#buckets[name].take(amount, this.#options.clock.nowMs())) return;
    throw new CallError('rate-limited', `too many ${name === 'sealedBytes' ? 'bytes of sealed messages' : name}`);
  }
}
