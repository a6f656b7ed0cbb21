import { CallError, type PeerId, type UserId } from '../base/index.ts';
import type { Peer } from '../sfu/index.ts';
import type { ClientMessage, SentServerMessage } from '../wire/index.ts';
import type { MlsSeat } from './mls/mls-seat.ts';

/** What the handlers ask of the session that a message came in on. */
export interface Caller {
  join(request: ValueOf<'join'>): Promise<SentServerMessage>;
  leave(): void;
  /** @throws CallError `out-of-order` unless joined. */
  readonly peer: Peer;
  /** @throws CallError also `forbidden`, when the token's role is to listen. */
  readonly speaker: Peer;
  /** Before each source that begins. @throws CallError `rate-limited` */
  checkPublish(): void;
  /** Before each source that is heard or seen again. @throws CallError `rate-limited` */
  checkUnmute(): void;
  /** @throws CallError `forbidden` without the right, `not-found`, `rate-limited`, `out-of-order` unless joined */
  removePeer(peerId: PeerId): void;
  /** @throws CallError as removePeer */
  setLocked(locked: boolean): void;
  /** Resolves when the backend has taken it. @throws CallError also `forbidden`, `rate-limited`, `unavailable` */
  invite(userId: UserId): Promise<void>;
  /** @throws CallError `out-of-order` unless joined, or about to join again after MediaLost. */
  readonly keys: MlsSeat;
}

type ValueOf<Case extends ClientMessage['case']> = Extract<ClientMessage, { readonly case: Case }>['value'];

/** `undefined`: an intent, which is not answered. */
type Answer = SentServerMessage | undefined;

type Handlers = {
  readonly [Case in ClientMessage['case']]: (from: Caller, value: ValueOf<Case>) => Answer | Promise<Answer>;
};

const DONE: SentServerMessage = { case: 'done', value: {} };

/** What each message does. Whatever is thrown refuses it. */
const handlers: Handlers = {
  hello() {
    throw new CallError('out-of-order', 'Hello was said before');
  },
  join: (from, request) => from.join(request),
  ping: () => DONE,
  leave(from) {
    from.leave();
    return DONE;
  },
  async connectTransport(from, { direction, dtlsParameters, transportId }) {
    await from.peer.connectTransport(direction, dtlsParameters, transportId);
    return DONE;
  },
  async restartIce(from, { direction, transportId }) {
    return { case: 'restartIce', value: { iceParameters: await from.peer.restartIce(direction, transportId) } };
  },
  async produce(from, { source, rtpParameters, ...how }) {
    const { speaker } = from;
    from.checkPublish();
    const producerId = await speaker.produce(source, rtpParameters, how);
    return { case: 'produce', value: { producerId } };
  },
  async setProducerPaused(from, { producerId, paused }) {
    const { peer } = from;
    if (!paused) from.checkUnmute();
    await peer.setProducerPaused(producerId, { paused });
    return DONE;
  },
  closeProducer(from, { producerId }) {
    from.peer.closeProducer(producerId);
    return DONE;
  },
  view(from, view) {
    from.peer.setView(view);
    return undefined;
  },
  consumerReady(from, { consumerId }) {
    from.peer.consumerReady(consumerId);
    return undefined;
  },
  speaking(from) {
    from.speaker.beginsToSpeak();
    return undefined;
  },
  removePeer(from, { peerId }) {
    from.removePeer(peerId);
    return DONE;
  },
  setLocked(from, { locked }) {
    from.setLocked(locked);
    return DONE;
  },
  async invite(from, { userId }) {
    await from.invite(userId);
    return DONE;
  },
  offerKeyPackage(from, offer) {
    from.keys.offer(offer);
    return DONE;
  },
  commit(from, request) {
    from.keys.commit(request);
    return DONE;
  },
  epochReached(from, reached) {
    from.keys.epochReached(reached);
    return undefined;
  },
  commitRejected(from, rejected) {
    from.keys.commitRejected(rejected);
    return undefined;
  },
  admit(from, pressed) {
    from.keys.admit(pressed);
    return undefined;
  },
  sealed(from, sealed) {
    from.keys.sealed(sealed);
    return undefined;
  },
};

/** Carries a message out. One function, because the compiler cannot see that a row and a value of the same case fit. */
export function handleMessage(from: Caller, message: ClientMessage): Answer | Promise<Answer> {
  const handler = handlers[message.case] as (from: Caller, value: ClientMessage['value']) => Answer | Promise<Answer>;
  return handler(from, message.value);
}
