import type { types } from 'mediasoup';

const PACKET_BYTES = 1_000;
const TICK_MS = 20;

/** How often a layer says which of its timestamps is what time: without, nobody may switch to it. */
const REPORT_TICKS = 25;

/** Of 90 kHz. */
const TICK_TIMESTAMPS = 1_800;

/** From 1900, where NTP counts from, to 1970. */
const NTP_OFFSET_S = 2_208_988_800;

/** Sends VP8 in several simulcast layers, each at its own rate and of key frames only, as if from a camera. */
export class RtpCamera {
  readonly #transport: types.DirectTransport;
  readonly #producer: types.Producer;
  readonly #layers: readonly { readonly ssrc: number; readonly bps: number; sequence: number; owedBytes: number }[];
  readonly #sending: NodeJS.Timeout;
  #ticks = 0;

  /** `producer` is of that transport, with an ssrc for each layer; `ratesBps` from the lowest. */
  constructor(transport: types.DirectTransport, producer: types.Producer, ratesBps: readonly number[]) {
    this.#transport = transport;
    this.#producer = producer;
    const { encodings = [] } = producer.rtpParameters;
    this.#layers = ratesBps.map((bps, at) => ({ ssrc: encodings[at]?.ssrc ?? 0, bps, sequence: 0, owedBytes: 0 }));
    this.#sending = setInterval(() => this.#tick(), TICK_MS);
  }

  close(): void {
    clearInterval(this.#sending);
  }

  #tick(): void {
    if (this.#producer.closed) return;
    const timestamp = this.#ticks * TICK_TIMESTAMPS;
    for (const layer of this.#layers) {
      if (this.#ticks % REPORT_TICKS === 0) this.#transport.sendRtcp(senderReport(layer.ssrc, timestamp));
      layer.owedBytes += (layer.bps * TICK_MS) / 8_000;
      for (; layer.owedBytes > 0; layer.owedBytes -= PACKET_BYTES) {
        layer.sequence += 1;
        this.#producer.send(vp8Packet(layer.sequence, layer.ssrc, timestamp));
      }
    }
    this.#ticks += 1;
  }
}

/** The whole of a key frame (RFC 7741): first partition, and the bit that says "not a key frame" clear. */
function vp8Packet(sequence: number, ssrc: number, timestamp: number): Buffer {
  const packet = Buffer.alloc(PACKET_BYTES);
  packet.writeUInt16BE(0x80_e0, 0); // version 2; marker, payload type 96
  packet.writeUInt16BE(sequence & 0xffff, 2);
  packet.writeUInt32BE(timestamp >>> 0, 4);
  packet.writeUInt32BE(ssrc, 8);
  packet.writeUInt8(0x10, 12);
  return packet;
}

/** RFC 3550 section 6.4.1, without counts. */
function senderReport(ssrc: number, timestamp: number): Buffer {
  const report = Buffer.alloc(28);
  report.writeUInt16BE(0x80_c8, 0);
  report.writeUInt16BE(6, 2);
  report.writeUInt32BE(ssrc, 4);
  const nowMs = Date.now();
  report.writeUInt32BE(Math.floor(nowMs / 1_000) + NTP_OFFSET_S, 8);
  report.writeUInt32BE(Math.floor(((nowMs % 1_000) / 1_000) * 2 ** 32), 12);
  report.writeUInt32BE(timestamp >>> 0, 16);
  return report;
}
