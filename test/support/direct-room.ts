import { EventEmitter } from 'node:events';
import { createWorker, type types } from 'mediasoup';
import {
  type DeviceId,
  type MemberId,
  type PeerId,
  type ProducerId,
  randomId,
  Scope,
  silentLog,
  systemClock,
  type UserId,
} from '../../src/base/index.ts';
import { AudioMeter } from '../../src/sfu/audio-meter.ts';
import { CODECS } from '../../src/sfu/codecs.ts';
import { Hearing } from '../../src/sfu/hearing.ts';
import type { PeerFact, RtpParameters, Source } from '../../src/sfu/index.ts';
import { Peer } from '../../src/sfu/peer.ts';
import { PeerMedia } from '../../src/sfu/peer-media.ts';
import type { RoomPart } from '../../src/sfu/room-part.ts';
import { Roster } from '../../src/sfu/roster.ts';
import { SpeakerWatch } from '../../src/sfu/speaker-watch.ts';
import type { Transport } from '../../src/sfu/transport.ts';
import { RtpCamera } from './rtp-camera.ts';
import { browserRtpCapabilities, opusRtpParameters, simulcastRtpParameters } from './rtp-fixtures.ts';
import { RtpMicrophone } from './rtp-microphone.ts';

/** A peer whose packets this process sends and receives itself. It is ready for every consumer at once. */
export interface DirectPeer {
  readonly peer: Peer;
  readonly facts: PeerFact[];
  /** What was opened for it last, by what it is of. */
  readonly consumers: ReadonlyMap<ProducerId, types.Consumer>;
  /** Emits the id of the producer at each of its packets that arrives. */
  readonly packets: EventEmitter;
  microphone(): Promise<RtpMicrophone>;
  /** Of simulcast layers at those rates, from the lowest. */
  camera(ratesBps: readonly number[]): Promise<void>;
}

/** A room as the server builds it on one router, but for its paths: DTLS and SRTP are left out. */
export class DirectRoom {
  readonly #part: RoomPart;
  readonly #roster: Roster;
  readonly #scope: Scope;

  private constructor(part: RoomPart, roster: Roster, scope: Scope) {
    this.#part = part;
    this.#roster = roster;
    this.#scope = scope;
  }

  static async open(maxHeard: number): Promise<DirectRoom> {
    const scope = new Scope();
    const workerBin = process.env.CONCLAVE_WORKER_BIN;
    const worker = scope.own(await createWorker(workerBin === undefined ? {} : { workerBin }));
    const router = await worker.createRouter({ mediaCodecs: CODECS });
    const meter = await AudioMeter.open(router, scope, maxHeard);
    const speakers = scope.own(new SpeakerWatch(systemClock));
    const hearing = new Hearing({ maxHeard, clock: systemClock });
    meter.facts.on('measured', (levels) => {
      speakers.measured(levels);
      hearing.measured(levels);
    });
    // As far as a peer uses its part of the room.
    const part: Pick<RoomPart, 'router' | 'meter'> = { router, meter };
    return new DirectRoom(part as RoomPart, new Roster(speakers, hearing), scope);
  }

  async join(): Promise<DirectPeer> {
    const { router } = this.#part;
    const [send, recv] = [await router.createDirectTransport(), await router.createDirectTransport()];
    const facts: PeerFact[] = [];
    const consumers = new Map<ProducerId, types.Consumer>();
    const packets = new EventEmitter();
    recv.observer.on('newconsumer', (consumer) => {
      consumers.set(consumer.producerId as ProducerId, consumer);
      consumer.on('rtp', () => packets.emit(consumer.producerId));
    });
    const tell = (fact: PeerFact) => {
      facts.push(fact);
      if (fact.case === 'consumerOpened') queueMicrotask(() => peer.consumerReady(fact.value.consumerId));
    };
    const id = randomId<PeerId>();
    const identity = {
      id,
      userId: 'user' as UserId,
      deviceId: 'device' as DeviceId,
      memberId: randomId<MemberId>(),
      role: 'speaker' as const,
      moderator: false,
    };
    const scope = this.#scope.own(new Scope());
    const paths = [recv, send].map((transport) => scope.own(this.#path(transport))) as [Transport, Transport];
    const media = new PeerMedia(this.#part, ...paths, scope);
    const rtpCapabilities = browserRtpCapabilities() as types.RtpCapabilities;
    const options = { identity, rtpCapabilities, media, scope, tell, clock: systemClock, log: silentLog };
    const peer: Peer = new Peer({ ...options, roster: this.#roster.entries }, this.#roster);
    this.#roster.joined(peer);
    const produced = async (source: Source, rtpParameters: RtpParameters) => {
      const opened = new Promise<types.Producer>((resolve) => send.observer.once('newproducer', resolve));
      await peer.produce(source, rtpParameters, { paused: false });
      return opened;
    };
    const microphone = async () => {
      const producer = await produced('microphone', opusRtpParameters());
      return scope.own(new RtpMicrophone(producer));
    };
    const camera = async (ratesBps: readonly number[]) => {
      const encodings = ratesBps.map((_, at) => ({ ssrc: 44_440_001 + at, scalabilityMode: 'L1T1' }));
      const producer = await produced('camera', { ...simulcastRtpParameters(), encodings });
      scope.own(new RtpCamera(send, producer, ratesBps));
    };
    return { peer, facts, consumers, packets, microphone, camera };
  }

  close(): void {
    this.#scope.close();
  }

  /** As far as a peer uses its transports. */
  #path(transport: types.DirectTransport): Transport {
    const path: Pick<Transport, 'home' | 'closed' | 'parameters' | 'produce' | 'consume' | 'close'> = {
      home: this.#part,
      closed: false,
      parameters: {} as Transport['parameters'],
      produce: (options) => transport.produce(options),
      consume: ({ id }, { isWanted: _, ...options }) => transport.consume({ ...options, producerId: id }),
      close: () => transport.close(),
    };
    return path as Transport;
  }
}
