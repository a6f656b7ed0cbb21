import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { types } from 'mediasoup';
import type { Codec } from '../../src/crypto/index.ts';
import { pieceOf } from './payload-descriptor.ts';
import { parseRtpPacket, type RtpPacket } from './rtp-packet.ts';
import type { WorkerObjects } from './worker-objects.ts';

/** A busy test reads late. The kernel may give less. */
const SOCKET_BUFFER_BYTES = 8 * 1024 * 1024;

const CODECS: Readonly<Record<string, Codec>> = { 'audio/opus': 'opus', 'video/VP8': 'vp8', 'video/VP9': 'vp9' };

/** What the server had of one encoded frame. */
export interface TappedFrame {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Of its simulcast layer. */
  readonly ssrc: number;
  /** RTP's, in its clock rate. */
  readonly timestamp: number;
  /** When its last packet came, on the clock of performance.now(). */
  readonly atMs: number;
}

/** The packets of a frame that has begun, in one layer. */
interface Layer {
  last: number;
  pieces: Uint8Array[] | undefined;
}

/**
 * An operator who listens at one producer: records every RTP payload of all its layers. It hangs at the router as
 * another router would, through a pipe, because that is the one consumer which gets every simulcast layer.
 */
export class Tap {
  readonly codec: Codec;
  /** Those of which every packet came in its order, first come first. */
  readonly frames: TappedFrame[] = [];
  readonly #socket: Socket;
  readonly #transport: types.PipeTransport;
  readonly #layers = new Map<number, Layer>();

  private constructor(socket: Socket, transport: types.PipeTransport, codec: Codec) {
    this.#socket = socket;
    this.#transport = transport;
    this.codec = codec;
    socket.on('message', (bytes) => {
      const packet = parseRtpPacket(bytes);
      if (packet) this.#received(packet);
    });
  }

  static async open(objects: WorkerObjects, producerId: string): Promise<Tap> {
    const socket = createSocket({ type: 'udp4', recvBufferSize: SOCKET_BUFFER_BYTES });
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const transport = await objects.routerOf(producerId).createPipeTransport({
      listenInfo: { protocol: 'udp', ip: '127.0.0.1' },
    });
    await transport.connect({ ip: '127.0.0.1', port: socket.address().port });
    const { rtpParameters } = await transport.consume({ producerId });
    const codec = CODECS[rtpParameters.codecs[0]?.mimeType ?? ''];
    if (!codec) throw new Error('a codec that the tap does not know');
    return new Tap(socket, transport, codec);
  }

  close(): void {
    this.#transport.close();
    this.#socket.close();
  }

  #received(packet: RtpPacket): void {
    const { ssrc, sequence, timestamp, payload } = packet;
    const layer = this.#layers.get(ssrc);
    const follows = layer !== undefined && sequence === ((layer.last + 1) & 0xffff);
    const { start, begins, ends } = pieceOf(this.codec, packet);
    const before = begins ? [] : follows ? layer.pieces : undefined; // else its beginning is lost
    const isProbe = payload.length <= start;
    const pieces = before && !isProbe ? [...before, payload.subarray(start)] : before;
    const isWhole = pieces !== undefined && ends && !isProbe;
    this.#layers.set(ssrc, { last: sequence, pieces: isWhole ? undefined : pieces });
    if (!isWhole) return;
    this.frames.push({ bytes: new Uint8Array(Buffer.concat(pieces)), ssrc, timestamp, atMs: performance.now() });
  }
}
