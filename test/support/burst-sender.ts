import type { types } from 'mediasoup';
import { screenRtpParameters } from './rtp-fixtures.ts';

/** As long as browsers make them; a worker adds header extensions of its own. */
export const BURST_PACKET_BYTES = 1_200;

/** A frame of a good camera, and as many as a worker sends in one call. */
export const BURST_PACKETS = 8;

const FRAME_TIMESTAMPS = 3_000;

/** Of a receiver that answers nothing: what it does not ask for again, it does not get twice. */
export const BURST_CAPABILITIES: types.RtpCapabilities = {
  codecs: [{ kind: 'video', mimeType: 'video/VP8', preferredPayloadType: 101, clockRate: 90_000, rtcpFeedback: [] }],
};

/** A camera on no network whose frames are eight packets of the same length, numbered from 0 in their last four bytes. */
export class BurstSender {
  #sent = 0;
  readonly #ssrc: number;

  private constructor(
    readonly producer: types.Producer,
    ssrc: number,
  ) {
    this.#ssrc = ssrc;
  }

  static async open(router: types.Router): Promise<BurstSender> {
    const transport = await router.createDirectTransport();
    const { encodings: [{ ssrc = 0 } = {}] = [], ...parameters } = screenRtpParameters() as types.RtpParameters;
    const producer = await transport.produce({
      kind: 'video',
      rtpParameters: { ...parameters, encodings: [{ ssrc }] },
    });
    return new BurstSender(producer, ssrc);
  }

  get sent(): number {
    return this.#sent;
  }

  /** The packets of one frame, one right behind the other. */
  sendBurst(): void {
    const timestamp = (this.#sent / BURST_PACKETS) * FRAME_TIMESTAMPS;
    for (let left = BURST_PACKETS - 1; left >= 0; left -= 1) {
      this.producer.send(numberedPacket(this.#sent, { ssrc: this.#ssrc, timestamp, marker: left === 0 }));
      this.#sent += 1;
    }
  }
}

/** The number that the sender gave it, whatever the worker wrote into its header; `undefined` for what is no such packet. */
export function numberIn(bytes: Uint8Array): number | undefined {
  const isReport = bytes.length < BURST_PACKET_BYTES / 2;
  return isReport ? undefined : Buffer.from(bytes).readUInt32BE(bytes.length - 4);
}

/** All of them begin a key frame (RFC 7741, section 4.2), so that a receiver may begin with any. */
function numberedPacket(
  number: number,
  { ssrc, timestamp, marker }: { readonly ssrc: number; readonly timestamp: number; readonly marker: boolean },
): Buffer {
  const packet = Buffer.alloc(BURST_PACKET_BYTES);
  packet.writeUInt16BE(marker ? 0x80_e0 : 0x80_60, 0); // version 2; payload type 96
  packet.writeUInt16BE(number & 0xffff, 2);
  packet.writeUInt32BE(timestamp, 4);
  packet.writeUInt32BE(ssrc, 8);
  packet.writeUInt8(0x10, 12);
  packet.writeUInt32BE(number, BURST_PACKET_BYTES - 4);
  return packet;
}
