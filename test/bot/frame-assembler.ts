import type { Codec } from '../../src/crypto/index.ts';
import { pieceOf } from '../support/payload-descriptor.ts';
import type { RtpPacket } from '../support/rtp-packet.ts';

/** Packets that are remembered while their frame is incomplete: 2 s of a 720p layer. */
const KEPT_PACKETS = 512;

interface Kept {
  readonly timestamp: number;
  readonly begins: boolean;
  readonly ends: boolean;
  readonly bytes: Uint8Array;
}

/** Puts the encoded frames of one stream together again, whatever order their packets come in. */
export class FrameAssembler {
  readonly #codec: Codec;
  readonly #kept = new Map<number, Kept>();
  #highest = 0;

  constructor(codec: Codec) {
    this.#codec = codec;
  }

  /** `index` is the packet's sequence number without rollover. The answer is the frame that this packet completes. */
  add(index: number, packet: RtpPacket): Uint8Array<ArrayBuffer> | undefined {
    const { start, begins, ends } = pieceOf(this.#codec, packet);
    const bytes = packet.payload.subarray(start);
    if (bytes.length === 0) return undefined; // padding, with which the server probes
    if (begins && ends) return new Uint8Array(bytes);
    this.#kept.set(index, { timestamp: packet.timestamp, begins, ends, bytes });
    this.#forgetOld(index);
    return this.#complete(index, packet.timestamp);
  }

  #complete(index: number, timestamp: number): Uint8Array<ArrayBuffer> | undefined {
    const at = (place: number) => {
      const kept = this.#kept.get(place);
      return kept?.timestamp === timestamp ? kept : undefined;
    };
    let first = index;
    while (at(first)?.begins === false) first -= 1;
    let last = index;
    while (at(last)?.ends === false) last += 1;
    if (!at(first) || !at(last)) return undefined;
    const pieces: Uint8Array[] = [];
    for (let place = first; place <= last; place += 1) {
      const bytes = at(place)?.bytes;
      if (bytes) pieces.push(bytes);
      this.#kept.delete(place);
    }
    return new Uint8Array(Buffer.concat(pieces));
  }

  #forgetOld(index: number): void {
    this.#highest = Math.max(this.#highest, index);
    for (const place of this.#kept.keys()) {
      if (place > this.#highest - KEPT_PACKETS) break; // they came about in order
      this.#kept.delete(place);
    }
  }
}
