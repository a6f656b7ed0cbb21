import type { TransportParameters } from '../../src/wire/index.ts';
import type { DatagramSocket } from '../../test/bot/datagram-socket.ts';
import { certificate, type SrtpKeys } from '../../test/bot/dtls.ts';
import { DtlsPath } from '../../test/bot/dtls-path.ts';
import type { MasterKey } from '../../test/bot/srtp.ts';
import type { PacketScript } from './packet-script.ts';
import { CLOCK_RATES, type ExpectedStream, type StreamPlan } from './stream-plan.ts';

/** Says a line to the native program. */
export type Tell = (...words: readonly (string | number)[]) => void;

/** One WebRTC end whose packets the native program sends and receives; this is what it is told. Its other side is a server. */
export class Endpoint implements DatagramSocket {
  readonly id: number;
  /** At the address where it was opened. */
  readonly port: number;
  readonly #tell: Tell;
  #path: DtlsPath | undefined;
  #received: (datagram: Buffer) => void = () => undefined;
  #closed = false;

  constructor(id: number, port: number, tell: Tell) {
    this.id = id;
    this.port = port;
    this.#tell = tell;
  }

  /** A path by ICE and DTLS; `agree` tells the server whose certificate it is. @throws when the server does not answer. */
  async openPath(parameters: TransportParameters, agree: (fingerprint: string) => Promise<unknown>): Promise<void> {
    const own = await certificate();
    const portFor = (port: number) => port;
    this.#path = new DtlsPath(parameters, { certificate: own, portFor, socket: this, media: () => undefined });
    await agree(own.fingerprint); // first, so that no flight of the handshake has to be repeated
    this.secure(await this.#path.open());
  }

  /** The only place that datagrams go to and come from. */
  async connect(port: number, address: string): Promise<void> {
    this.#tell('connect', this.id, address, port);
  }

  /** For AEAD_AES_128_GCM in both directions. */
  secure({ own, server }: SrtpKeys): void {
    this.#tell('keys', this.id, hexOf(own), hexOf(server));
  }

  /** From now on sends receiver reports, and feedback when the packets carry transport-wide numbers in that header extension. */
  answer({ transportSequenceId }: { readonly transportSequenceId: number | undefined }): void {
    this.#tell('answer', this.id, transportSequenceId ?? 0);
  }

  expect({ ssrc, kind, rtxSsrc }: ExpectedStream): void {
    this.#tell('expect', this.id, ssrc, kind, CLOCK_RATES[kind], rtxSsrc ?? 0);
  }

  forget(ssrc: number): void {
    this.#tell('forget', this.id, ssrc);
  }

  /** Sends this stream while all endpoints send. */
  stream(plan: StreamPlan): void {
    const { ssrc, payloadType, kind, framesPerSecond, packetsPerFrame, payloadBytes, extensions, mid } = plan;
    this.#tell(
      ...[
        'stream',
        this.id,
        ssrc,
        payloadType,
        kind,
        CLOCK_RATES[kind],
        framesPerSecond,
        packetsPerFrame,
        payloadBytes,
      ],
      ...[plan.keyFrameEveryMs ?? 0, -(plan.levelDbov ?? -20)],
      ...[extensions?.mid ?? 0, mid ?? '-'],
      ...[extensions?.transportSequence ?? 0, extensions?.absSendTime ?? 0, extensions?.audioLevel ?? 0],
    );
  }

  /** A stream of this endpoint sends these packets again and again, in place of what it sent; when all begin to send, it goes on with the next frame. */
  play(ssrc: number, { periodUs, packets }: PacketScript): void {
    const words = packets.flatMap(({ afterUs, payloadBytes, ends }) => [afterUs, payloadBytes, ends ? 1 : 0]);
    this.#tell('play', this.id, ssrc, periodUs, ...words);
  }

  /** What is no media: STUN and DTLS. */
  onMessage(listener: (datagram: Buffer) => void): void {
    this.#received = listener;
  }

  send(datagram: Buffer): void {
    this.#tell('send', this.id, datagram.toString('hex'));
  }

  /** The native program got this. */
  received(datagram: Buffer): void {
    this.#received(datagram);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#path?.close();
    this.#tell('close', this.id);
  }
}

function hexOf({ key, salt }: MasterKey): string {
  return Buffer.concat([key, salt]).toString('hex');
}
