import { createCipheriv, createDecipheriv } from 'node:crypto';

/*
 * SRTP and SRTCP with AEAD_AES_128_GCM (RFC 7714 over RFC 3711), which is what the server prefers. No key derivation rate,
 * no MKI.
 */

export const KEY_BYTES = 16;
export const SALT_BYTES = 12;
const TAG_BYTES = 16;

/** SRTCP's own trailer: the E flag and the index. */
const INDEX_BYTES = 4;
const RTCP_HEADER_BYTES = 8;

/** Labels of the key derivation (RFC 3711, section 4.3.2). */
const LABELS = { rtp: { key: 0, salt: 2 }, rtcp: { key: 3, salt: 5 } } as const;

const SEQUENCE_RANGE = 0x1_0000;
const HALF_RANGE = 0x8000;

/** One side's master key and salt, as DTLS gives them. */
export interface MasterKey {
  readonly key: Buffer;
  readonly salt: Buffer;
}

interface SessionKey {
  readonly key: Buffer;
  readonly salt: Buffer;
}

/** Protects what one side sends, or opens what it sent; every SSRC has its own packet index. */
export class Srtp {
  readonly #rtp: SessionKey;
  readonly #rtcp: SessionKey;
  /** The highest index so far: the rollover counter above the sequence number. */
  readonly #indices = new Map<number, number>();
  readonly #iv = Buffer.alloc(SALT_BYTES);
  #rtcpIndex = 0;

  constructor(master: MasterKey) {
    this.#rtp = derive(master, LABELS.rtp);
    this.#rtcp = derive(master, LABELS.rtcp);
  }

  protectRtp(packet: Buffer): Buffer {
    const headerBytes = rtpHeaderBytes(packet);
    const header = packet.subarray(0, headerBytes);
    const cipher = createCipheriv('aes-128-gcm', this.#rtp.key, this.#rtpIv(packet));
    cipher.setAAD(header);
    const sealed = cipher.update(packet.subarray(headerBytes));
    cipher.final();
    return Buffer.concat([header, sealed, cipher.getAuthTag()]);
  }

  /** `undefined` for what does not authenticate. */
  openRtp(packet: Buffer): Buffer | undefined {
    const headerBytes = rtpHeaderBytes(packet);
    if (packet.length < headerBytes + TAG_BYTES) return undefined;
    const decipher = createDecipheriv('aes-128-gcm', this.#rtp.key, this.#rtpIv(packet));
    const header = packet.subarray(0, headerBytes);
    decipher.setAAD(header);
    decipher.setAuthTag(packet.subarray(-TAG_BYTES));
    const opened = decipher.update(packet.subarray(headerBytes, -TAG_BYTES));
    try {
      decipher.final();
    } catch {
      return undefined;
    }
    return Buffer.concat([header, opened]);
  }

  protectRtcp(compound: Buffer): Buffer {
    this.#rtcpIndex += 1;
    const trailer = Buffer.alloc(INDEX_BYTES);
    trailer.writeUInt32BE((this.#rtcpIndex | 0x8000_0000) >>> 0);
    const header = compound.subarray(0, RTCP_HEADER_BYTES);
    const cipher = createCipheriv('aes-128-gcm', this.#rtcp.key, this.#rtcpIv(header, this.#rtcpIndex));
    cipher.setAAD(Buffer.concat([header, trailer]));
    const sealed = cipher.update(compound.subarray(RTCP_HEADER_BYTES));
    cipher.final();
    return Buffer.concat([header, sealed, cipher.getAuthTag(), trailer]);
  }

  /** `undefined` for what does not authenticate. */
  openRtcp(packet: Buffer): Buffer | undefined {
    if (packet.length < RTCP_HEADER_BYTES + TAG_BYTES + INDEX_BYTES) return undefined;
    const header = packet.subarray(0, RTCP_HEADER_BYTES);
    const trailer = packet.subarray(-INDEX_BYTES);
    const iv = this.#rtcpIv(header, trailer.readUInt32BE() & 0x7fff_ffff);
    const decipher = createDecipheriv('aes-128-gcm', this.#rtcp.key, iv);
    decipher.setAAD(Buffer.concat([header, trailer]));
    decipher.setAuthTag(packet.subarray(-INDEX_BYTES - TAG_BYTES, -INDEX_BYTES));
    const opened = decipher.update(packet.subarray(RTCP_HEADER_BYTES, -INDEX_BYTES - TAG_BYTES));
    try {
      decipher.final();
    } catch {
      return undefined;
    }
    return Buffer.concat([header, opened]);
  }

  /** RFC 7714, section 8.1. */
  #rtpIv(packet: Buffer): Buffer {
    const ssrc = packet.readUInt32BE(8);
    const index = nearestIndex(this.#indices.get(ssrc), packet.readUInt16BE(2));
    if (index > (this.#indices.get(ssrc) ?? -1)) this.#indices.set(ssrc, index);
    this.#iv.writeUInt16BE(0, 0);
    this.#iv.writeUInt32BE(ssrc, 2);
    this.#iv.writeUIntBE(index, 6, 6);
    return salted(this.#iv, this.#rtp.salt);
  }

  /** RFC 7714, section 9.1. */
  #rtcpIv(header: Buffer, index: number): Buffer {
    this.#iv.writeUInt16BE(0, 0);
    header.copy(this.#iv, 2, 4, 8);
    this.#iv.writeUIntBE(index, 6, 6);
    return salted(this.#iv, this.#rtcp.salt);
  }
}

/** The index with this sequence number that is nearest to the highest so far (RFC 3711, section 3.3.1). */
export function nearestIndex(highest: number | undefined, sequence: number): number {
  if (highest === undefined) return sequence;
  const step = (((sequence - highest) % SEQUENCE_RANGE) + SEQUENCE_RANGE) % SEQUENCE_RANGE;
  const index = highest + (step < HALF_RANGE ? step : step - SEQUENCE_RANGE);
  return index < 0 ? index + SEQUENCE_RANGE : index;
}

function salted(iv: Buffer, salt: Buffer): Buffer {
  for (let at = 0; at < SALT_BYTES; at += 1) iv[at] = (iv[at] ?? 0) ^ (salt[at] ?? 0);
  return iv;
}

function rtpHeaderBytes(packet: Buffer): number {
  const first = packet[0] ?? 0;
  const fixed = 12 + 4 * (first & 0x0f);
  return first & 0x10 ? fixed + 4 + 4 * packet.readUInt16BE(fixed + 2) : fixed;
}

/** AES in counter mode over zeros, from the salt with the label in it (RFC 3711, section 4.3.1; RFC 7714, section 11). */
function derive({ key, salt }: MasterKey, labels: { readonly key: number; readonly salt: number }): SessionKey {
  const stream = (label: number, bytes: number) => {
    const start = Buffer.alloc(16);
    salt.copy(start);
    start[7] = (start[7] ?? 0) ^ label;
    return createCipheriv('aes-128-ctr', key, start).update(Buffer.alloc(bytes));
  };
  return { key: stream(labels.key, KEY_BYTES), salt: stream(labels.salt, SALT_BYTES) };
}
