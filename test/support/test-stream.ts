import type { types } from 'mediasoup';
import { opusRtpParameters } from './rtp-fixtures.ts';
import { parseRtpPacket } from './rtp-packet.ts';

const PACKET_EVERY_MS = 20;

/** Opus through one router, 50 packets a second, from a sender to a receiver on no network. */
export class TestStream {
  #sent = 0;
  readonly #received = new Set<number>();
  readonly #close: () => void;

  private constructor(producer: types.Producer, consumer: types.Consumer, ssrc: number) {
    consumer.on('rtp', (bytes) => {
      const packet = parseRtpPacket(bytes);
      if (packet) this.#received.add(packet.timestamp / 960);
    });
    const sending = setInterval(() => {
      this.#sent += 1;
      producer.send(opusPacket(this.#sent, ssrc));
    }, PACKET_EVERY_MS);
    this.#close = () => clearInterval(sending);
  }

  static async open(router: types.Router): Promise<TestStream> {
    const [sender, receiver] = [await router.createDirectTransport(), await router.createDirectTransport()];
    const rtpParameters = opusRtpParameters('77') as types.RtpParameters;
    const producer = await sender.produce({ kind: 'audio', rtpParameters });
    const consumer = await receiver.consume({ producerId: producer.id, rtpCapabilities: router.rtpCapabilities });
    return new TestStream(producer, consumer, rtpParameters.encodings?.[0]?.ssrc ?? 0);
  }

  get sent(): number {
    return this.#sent;
  }

  /** Stops sending. The packets that did not arrive, once the last has. */
  async lost(): Promise<number> {
    this.#close();
    const deadlineMs = performance.now() + 2_000;
    while (this.#received.size < this.#sent && performance.now() < deadlineMs)
      await new Promise((resolve) => setTimeout(resolve, PACKET_EVERY_MS));
    return this.#sent - this.#received.size;
  }
}

function opusPacket(sequence: number, ssrc: number): Buffer {
  const packet = Buffer.alloc(12 + 60);
  packet.writeUInt16BE(0x80_6f, 0); // version 2, payload type 111
  packet.writeUInt16BE(sequence & 0xffff, 2);
  packet.writeUInt32BE(sequence * 960, 4);
  packet.writeUInt32BE(ssrc, 8);
  return packet;
}
