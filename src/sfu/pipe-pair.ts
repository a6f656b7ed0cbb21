import type { types } from 'mediasoup';
import { CallError, type ProducerId, Scope } from '../base/index.ts';
import { setPaused } from './pausing.ts';
import { SHARED_SOCKET_BUFFERS } from './socket-buffers.ts';

/**
 * Between the workers of one machine. Retransmission although nothing is lost on loopback but in a full socket buffer: that
 * happens when a worker is busiest, and without it everybody behind the pipe would freeze until the next key frame. It costs
 * one kept packet per packet, little beside sending it. Nothing is encrypted once more: what flows is sealed, and stays here.
 */
const PIPE_OPTIONS = {
  listenInfo: {
    protocol: 'udp',
    ip: '127.0.0.1',
    ...SHARED_SOCKET_BUFFERS, // by all that a room has on the other worker: some key frames at once
  },
  enableRtx: true,
  enableSrtp: false,
  enableSctp: false,
} as const satisfies types.PipeTransportOptions;

/** Pairs that stand or are being opened. One that closed or failed is forgotten, so that the next pipe opens another. */
const pairs = new WeakMap<types.Router, Map<types.Router, Promise<PipePair>>>();

/**
 * Two transports that join the routers of one room on two workers, for what goes one way. mediasoup has the like in `pipeToRouter`,
 * which leaves one end open when the other fails, and lets a pause that fails end the process.
 */
export class PipePair {
  readonly #near: types.PipeTransport;
  readonly #far: types.PipeTransport;

  private constructor(near: types.PipeTransport, far: types.PipeTransport) {
    this.#near = near;
    this.#far = far;
  }

  /** The pair that stands between these two, or a fresh one; it lives as long as both routers. @throws mediasoup's error */
  static between(from: types.Router, to: types.Router): Promise<PipePair> {
    const fromHere = pairs.get(from) ?? new Map<types.Router, Promise<PipePair>>();
    pairs.set(from, fromHere);
    const present = fromHere.get(to);
    if (present) return present;
    const opening = PipePair.#open(from, to, () => fromHere.delete(to));
    fromHere.set(to, opening);
    return opening;
  }

  static async #open(from: types.Router, to: types.Router, gone: () => void): Promise<PipePair> {
    const scope = new Scope();
    scope.add(gone);
    const end = async (router: types.Router) => {
      const transport = scope.own(await router.createPipeTransport(PIPE_OPTIONS));
      transport.observer.once('close', () => scope.close());
      return transport;
    };
    try {
      const [near, far] = await Promise.all([end(from), end(to)]);
      await Promise.all([connect(near, far), connect(far, near)]);
      if (scope.closed) throw new CallError('not-found', 'a router closed while a pipe to it opened');
      return new PipePair(near, far);
    } catch (error) {
      scope.close(); // and an end that arrives later closes at once
      throw error;
    }
  }

  /** Makes the producer available under its own id on the other side, paused when it is. @throws mediasoup's error */
  async carry(producerId: ProducerId): Promise<types.Producer> {
    const pipeConsumer = await this.#near.consume({ producerId });
    try {
      const { kind, rtpParameters, producerPaused: paused } = pipeConsumer;
      const pipeProducer = await this.#far.produce({ id: producerId, kind, rtpParameters, paused });
      pipeConsumer.observer.once('close', () => pipeProducer.close());
      pipeProducer.observer.once('close', () => pipeConsumer.close());
      const follow = () => {
        // It fails only when the other worker died: then the pipe is gone, too.
        setPaused(pipeProducer, pipeConsumer.producerPaused).catch(() => undefined);
      };
      pipeConsumer.on('producerpause', follow);
      pipeConsumer.on('producerresume', follow);
      if (pipeConsumer.producerPaused !== paused) follow();
      if (pipeConsumer.closed) pipeProducer.close();
      return pipeProducer;
    } catch (error) {
      pipeConsumer.close();
      throw error;
    }
  }
}

function connect(near: types.PipeTransport, { tuple }: types.PipeTransport): Promise<void> {
  return near.connect({ ip: tuple.localAddress, port: tuple.localPort });
}
