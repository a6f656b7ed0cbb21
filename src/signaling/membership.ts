import {
  CallError,
  type Clock,
  type MemberId,
  type PeerId,
  randomId,
  Scope,
  TokenBucket,
  type UserId,
} from '../base/index.ts';
import type { Metrics } from '../ops/index.ts';
import type { Peer, PeerFact, Sfu } from '../sfu/index.ts';
import type { ClientMessage, SentServerMessage } from '../wire/index.ts';
import type { Devices, Replaceable } from './devices.ts';
import type { Doors, Guest } from './doors.ts';
import type { Caller } from './handlers.ts';
import type { Invites } from './invites.ts';
import type { SignalingLimits } from './limits.ts';
import type { MlsRooms } from './mls/mls-rooms.ts';
import { MlsSeat } from './mls/mls-seat.ts';
import type { Outbox } from './outbox.ts';
import type { TokenClaims } from './token-claims.ts';

/** What a membership needs of its server. */
export interface MembershipHost {
  readonly sfu: Pick<Sfu, 'join'>;
  readonly devices: Devices<Replaceable>;
  readonly doors: Doors;
  readonly mls: MlsRooms;
  readonly invites: Pick<Invites, 'send'>;
  readonly limits: Pick<SignalingLimits, 'mls' | 'rejoinMs' | 'publishes' | 'unmutes' | 'moderations' | 'invites'>;
  readonly clock: Clock;
  readonly metrics: Pick<Metrics, 'joinSeconds'>;
}

/** The session, as others may end it. */
export interface Holder extends Replaceable {
  remove(): void;
}

type Join = Extract<ClientMessage, { readonly case: 'join' }>['value'];

/**
 *     greeted -- JoinRequest --> joining --> joined
 *        ^---------- (failed) -----'           |
 *        '------ LeaveRequest, MediaLost ------'
 *     any -- the session closes --> closed
 *
 * The place in the group of keys goes by another clock: it outlives MediaLost, for a while.
 */
type MembershipState =
  | { readonly kind: 'greeted'; readonly claims: TokenClaims }
  | { readonly kind: 'joining'; readonly claims: TokenClaims }
  | { readonly kind: 'joined'; readonly claims: TokenClaims; readonly peer: Peer }
  | { readonly kind: 'closed' };

const KEY_PACKAGE_WANTED: SentServerMessage = { case: 'keyPackageWanted', value: {} };

/** Who is behind a session, and its place in the room. Its requests come one at a time. */
export class Membership implements Caller {
  readonly #host: MembershipHost;
  readonly #outbox: Pick<Outbox, 'fact' | 'holdFacts' | 'isAttached'>;
  readonly #holder: Holder;
  /** What the room's door sees of it. */
  readonly #guest: Guest;
  readonly #memberId = randomId<MemberId>();
  readonly #publishes: TokenBucket;
  readonly #unmutes: TokenBucket;
  readonly #moderations: TokenBucket;
  readonly #invites: TokenBucket;
  /** Waits for who lost its media to join again. */
  #rejoin = new Scope();
  #seat: MlsSeat | undefined;
  #state: MembershipState;

  constructor(
    host: MembershipHost,
    claims: TokenClaims,
    outbox: Pick<Outbox, 'fact' | 'holdFacts' | 'isAttached'>,
    holder: Holder,
  ) {
    this.#host = host;
    this.#outbox = outbox;
    this.#holder = holder;
    const nowMs = host.clock.nowMs();
    this.#publishes = new TokenBucket(host.limits.publishes, nowMs);
    this.#unmutes = new TokenBucket(host.limits.unmutes, nowMs);
    this.#moderations = new TokenBucket(host.limits.moderations, nowMs);
    this.#guest = this.#asGuest(claims);
    this.#invites = new TokenBucket(host.limits.invites, nowMs);
    this.#state = { kind: 'greeted', claims };
  }

  /** In a room or about to be, or in its group of keys. Outside there is nothing that a new Hello would not give. */
  get isInRoom(): boolean {
    const { kind } = this.#state;
    return kind === 'joining' || kind === 'joined' || this.#seat?.isInside === true;
  }

  async join(request: Join): Promise<SentServerMessage> {
    const state = this.#state;
    if (state.kind === 'joined') throw new CallError('already-joined', 'joined already; leave first');
    if (state.kind !== 'greeted') throw new CallError('unavailable', 'the session has closed');
    if (request.roomId !== state.claims.room) throw new CallError('wrong-room', 'the token is for another room');

    const { clock, metrics, doors } = this.#host;
    doors.enter(this.#guest);
    const startedMs = clock.nowMs();
    const peer = await this.#openPeer(state.claims, request);
    metrics.joinSeconds.observe((clock.nowMs() - startedMs) / 1000);
    const { id: peerId, roster, sendTransport, recvTransport } = peer;
    const memberId = this.#memberId;
    const { room, moderator = false } = state.claims;
    const door = { moderator, locked: doors.isLocked(room) };
    return { case: 'joined', value: { peerId, memberId, peers: [...roster], ...door, sendTransport, recvTransport } };
  }

  leave(): void {
    const { claims, peer } = this.#joined;
    this.#standDown(claims);
    this.#seat?.leave();
    peer.leave();
    this.#host.doors.leave(this.#guest);
  }

  removePeer(peerId: PeerId): void {
    this.#moderate((doors) => doors.remove(this.#guest, peerId));
  }

  setLocked(locked: boolean): void {
    this.#moderate((doors) => doors.setLocked(this.#guest, locked));
  }

  get peer(): Peer {
    return this.#joined.peer;
  }

  get speaker(): Peer {
    const { claims, peer } = this.#joined;
    if (claims.role === 'listener') throw new CallError('forbidden', 'the token is for listening only');
    return peer;
  }

  checkPublish(): void {
    if (!this.#publishes.take(1, this.#host.clock.nowMs()))
      throw new CallError('rate-limited', 'sources begin too often');
  }

  checkUnmute(): void {
    if (!this.#unmutes.take(1, this.#host.clock.nowMs())) throw new CallError('rate-limited', 'unmuted too often');
  }

  async invite(userId: UserId): Promise<void> {
    const { claims } = this.#joined;
    if (claims.role === 'listener') throw new CallError('forbidden', 'the token is for listening only');
    if (!this.#seat?.isMember) throw new CallError('out-of-order', 'who waits to be let in invites nobody');
    const { invites, clock } = this.#host;
    if (!this.#invites.take(1, clock.nowMs())) throw new CallError('rate-limited', 'invites too often');
    await invites.send({ roomId: claims.room, from: claims.sub, to: userId });
  }

  get keys(): MlsSeat {
    const seat = this.#seat;
    if (seat && (this.#state.kind === 'joined' || seat.isInside)) return seat;
    throw new CallError('out-of-order', 'JoinRequest comes first');
  }

  /** The session has no socket, and keeps its place. */
  away(): void {
    this.#seat?.away();
  }

  /** It has one again. */
  back(): void {
    this.#seat?.back();
  }

  /** Leaves the room. A join that is under way leaves as soon as it is done. */
  close(): void {
    const state = this.#state;
    this.#enter({ kind: 'closed' });
    if (state.kind === 'joining' || state.kind === 'joined') this.#host.devices.release(state.claims, this.#holder);
    if (state.kind === 'joined') state.peer.leave();
    this.#rejoin.close();
    this.#seat?.leave();
    this.#host.doors.leave(this.#guest);
  }

  get #joined(): Extract<MembershipState, { kind: 'joined' }> {
    if (this.#state.kind !== 'joined') throw new CallError('out-of-order', 'JoinRequest comes first');
    return this.#state;
  }

  #asGuest(claims: TokenClaims): Guest {
    const peerId = () => (this.#state.kind === 'joined' ? this.#state.peer.id : undefined);
    return {
      claims,
      get peerId() {
        return peerId();
      },
      tell: (fact) => this.#outbox.fact(fact),
      remove: () => this.#holder.remove(),
    };
  }

  #moderate(act: (doors: Doors) => void): void {
    if (!this.#moderations.take(1, this.#host.clock.nowMs()))
      throw new CallError('rate-limited', 'moderates too often');
    this.#outbox.holdFacts(); // what comes of it is told after the answer
    act(this.#host.doors);
  }

  async #openPeer(claims: TokenClaims, request: Join): Promise<Peer> {
    this.#enter({ kind: 'joining', claims });
    this.#outbox.holdFacts(); // the session releases them when the answer is out
    this.#host.devices.claim(claims, this.#holder);
    let lost = false;
    try {
      const peer = await this.#host.sfu.join({
        roomId: request.roomId,
        userId: claims.sub,
        deviceId: claims.device,
        memberId: this.#memberId,
        role: claims.role,
        moderator: claims.moderator ?? false,
        rtpCapabilities: request.rtpCapabilities,
        tell: (fact) => {
          lost ||= fact.case === 'mediaLost';
          this.#tell(fact);
        },
      });
      if (this.#state.kind === 'closed') {
        peer.leave();
        throw new CallError('unavailable', 'closed while joining');
      }
      if (lost) this.#standDown(claims);
      else this.#joinedAs(claims, peer);
      return peer;
    } catch (error) {
      this.#standDown(claims);
      if (!this.#seat?.isInside) this.#host.doors.leave(this.#guest);
      throw error;
    }
  }

  #tell(fact: PeerFact): void {
    this.#outbox.fact(fact);
    if (fact.case !== 'mediaLost' || this.#state.kind !== 'joined') return;
    this.#standDown(this.#state.claims);
    if (this.#seat?.isInside) this.#awaitRejoin(this.#seat);
  }

  #joinedAs(claims: TokenClaims, peer: Peer): void {
    this.#enter({ kind: 'joined', claims, peer });
    this.#rejoin.close();
    const { mls: rooms, limits, clock } = this.#host;
    const member = { memberId: this.#memberId, userId: claims.sub, deviceId: claims.device };
    const [roomId, outbox, rates] = [claims.room, this.#outbox, limits.mls];
    if (this.#seat && !this.#seat.isInside) this.#outbox.fact(KEY_PACKAGE_WANTED); // it left, and may think otherwise
    this.#seat ??= new MlsSeat({ rooms, roomId, member, outbox, rates, clock });
  }

  #awaitRejoin(seat: MlsSeat): void {
    this.#rejoin = new Scope();
    const { clock, limits, doors } = this.#host;
    const tooLate = () => {
      seat.leave();
      doors.leave(this.#guest);
    };
    this.#rejoin.add(clock.after(limits.rejoinMs, tooLate));
  }

  /** Out of the room, the session lives. */
  #standDown(claims: TokenClaims): void {
    this.#host.devices.release(claims, this.#holder);
    this.#enter({ kind: 'greeted', claims });
  }

  /** The only place where the state changes; nothing follows `closed`. */
  #enter(next: MembershipState): void {
    if (this.#state.kind !== 'closed') this.#state = next;
  }
}
