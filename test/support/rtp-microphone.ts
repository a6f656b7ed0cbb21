import type { types } from 'mediasoup';

const PACKET_MS = 20;

/** A frame of Opus at 48 kHz. */
const PACKET_TIMESTAMPS = 960;

const SILENT_DBOV = -127;

/** Sends 50 packets a second, as loud as it is told, as if from a microphone. */
export class RtpMicrophone {
  levelDbov = SILENT_DBOV;
  readonly #producer: types.Producer;
  readonly #sending: NodeJS.Timeout;
  #sequence = 0;

  /** `producer` is of a direct transport, with the parameters of `opusRtpParameters()`. */
  constructor(producer: types.Producer) {
    this.#producer = producer;
    const ssrc = producer.rtpParameters.encodings?.[0]?.ssrc ?? 0;
    this.#sending = setInterval(() => {
      this.#sequence += 1;
      if (!producer.closed) producer.send(opusPacket(this.#sequence, ssrc, this.levelDbov));
    }, PACKET_MS);
  }

  get producer(): types.Producer {
    return this.#producer;
  }

  silence(): void {
    this.levelDbov = SILENT_DBOV;
  }

  close(): void {
    clearInterval(this.#sending);
  }
}

/** One RTP packet of Opus with an audio level (RFC 6464) in header extension 1; `levelDbov` from -127 to 0. */
function opusPacket(sequence: number, ssrc: number, levelDbov: number): Buffer {
  const packet = Buffer.alloc(12 + 8 + 3);
  packet.writeUInt16BE(0x90_6f, 0); // version 2, with extensions; payload type 111
  packet.writeUInt16BE(sequence & 0xffff, 2);
  packet.writeUInt32BE(sequence * PACKET_TIMESTAMPS, 4);
  packet.writeUInt32BE(ssrc, 8);
  packet.writeUInt32BE(0xbede_0001, 12); // one-byte extensions, one word
  packet.writeUInt8(0x10, 16);
  packet.writeUInt8(-levelDbov, 17);
  return packet;
}
