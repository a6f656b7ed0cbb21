import type { types } from 'mediasoup';
import { simulcastRtpParameters } from './rtp-fixtures.ts';

const FRAME_EVERY_MS = 40;
const REPORT_EVERY_FRAMES = 10;
const CLOCK_RATE_HZ = 90_000;
const FIRST_SSRC = 44_440_000;

/** Payload-specific feedback of the kind "picture loss" (RFC 4585, section 6.3.1). */
const PSFB = 206;
const PLI = 1;

/** From 1900 to 1970, as NTP counts. */
const NTP_OFFSET_S = 2_208_988_800;

/** A camera of three layers without a network: 25 frames a second of one packet each, and a key frame for whoever asks. */
export class SimulcastSender {
  /** For which layers a key frame was asked, in order. */
  readonly asked: number[] = [];
  readonly #wanted = new Set<number>();
  readonly #close: () => void;
  #frames = 0;

  private constructor(
    readonly producer: types.Producer,
    readonly transport: types.DirectTransport,
  ) {
    transport.on('rtcp', (bytes) => this.#heard(bytes));
    const sending = setInterval(() => this.#sendFrame(), FRAME_EVERY_MS);
    this.#close = () => clearInterval(sending);
  }

  static async open(router: types.Router): Promise<SimulcastSender> {
    const transport = await router.createDirectTransport();
    const parameters = simulcastRtpParameters() as types.RtpParameters;
    const encodings = [0, 1, 2].map((layer) => ({ ssrc: FIRST_SSRC + layer }));
    const producer = await transport.produce({ kind: 'video', rtpParameters: { ...parameters, encodings } });
    return new SimulcastSender(producer, transport);
  }

  close(): void {
    this.#close();
    this.producer.close();
  }

  #sendFrame(): void {
    if (this.producer.closed) return;
    for (const layer of [0, 1, 2]) {
      const isKey = this.#frames === 0 || this.#wanted.delete(layer);
      this.producer.send(vp8Packet(this.#frames, layer, isKey));
      if (this.#frames % REPORT_EVERY_FRAMES === 0) this.transport.sendRtcp(senderReport(this.#frames, layer));
    }
    this.#frames += 1;
  }

  #heard(bytes: Buffer): void {
    for (let at = 0; at + 12 <= bytes.length; at += 4 + 4 * bytes.readUInt16BE(at + 2)) {
      if (bytes[at + 1] !== PSFB || ((bytes[at] ?? 0) & 0x1f) !== PLI) continue;
      const layer = bytes.readUInt32BE(at + 8) - FIRST_SSRC;
      this.asked.push(layer);
      this.#wanted.add(layer);
    }
  }
}

/** What the sender wrote into a payload. */
export const layerIn = (payload: Uint8Array): number => payload[2] ?? -1;

function timestampOf(frame: number): number {
  return (frame * FRAME_EVERY_MS * CLOCK_RATE_HZ) / 1000;
}

function vp8Packet(frame: number, layer: number, isKey: boolean): Buffer {
  const packet = Buffer.alloc(12 + 20);
  packet.writeUInt16BE(0x80_e0, 0); // version 2, marker, payload type 96
  packet.writeUInt16BE(frame & 0xffff, 2);
  packet.writeUInt32BE(timestampOf(frame), 4);
  packet.writeUInt32BE(FIRST_SSRC + layer, 8);
  packet.writeUInt8(0x10, 12); // starts a frame (RFC 7741, section 4.2)
  packet.writeUInt8(isKey ? 0 : 1, 13);
  packet.writeUInt8(layer, 14);
  return packet;
}

function senderReport(frame: number, layer: number): Buffer {
  const nowMs = Date.now();
  const packet = Buffer.alloc(28);
  packet.writeUInt16BE(0x80_c8, 0);
  packet.writeUInt16BE(6, 2);
  packet.writeUInt32BE(FIRST_SSRC + layer, 4);
  packet.writeUInt32BE(Math.floor(nowMs / 1000) + NTP_OFFSET_S, 8);
  packet.writeUInt32BE(Math.floor(((nowMs % 1000) / 1000) * 2 ** 32), 12);
  packet.writeUInt32BE(timestampOf(frame), 16);
  packet.writeUInt32BE(frame, 20);
  packet.writeUInt32BE(frame * 20, 24);
  return packet;
}
