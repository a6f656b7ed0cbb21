import { createHmac, randomBytes } from 'node:crypto';

/*
 * Connectivity checks towards an ICE-lite server (RFC 8445, section 2.5): the client controls and nominates with every
 * check, so one kind of request is all there is to say (RFC 8489).
 */

const HEADER_BYTES = 20;
const MAGIC_COOKIE = 0x2112a442;
const BINDING_REQUEST = 0x0001;
const BINDING_SUCCESS = 0x0101;

const USERNAME = 0x0006;
const MESSAGE_INTEGRITY = 0x0008;
const PRIORITY = 0x0024;
const USE_CANDIDATE = 0x0025;
const FINGERPRINT = 0x8028;
const ICE_CONTROLLING = 0x802a;

const INTEGRITY_BYTES = 24;
const FINGERPRINT_BYTES = 8;
const FINGERPRINT_XOR = 0x5354554e;

/** Of a peer-reflexive candidate, which is all that the server ever sees (RFC 8445, section 5.1.2). */
const PEER_REFLEXIVE_PRIORITY = 0x6e0001ff;

export interface IceCredentials {
  readonly usernameFragment: string;
  readonly password: string;
}

/** A check that nominates its path; `remote` is the server's half of the credentials. */
export function bindingRequest(remote: IceCredentials, ownUsernameFragment: string): Buffer {
  const priority = Buffer.alloc(4);
  priority.writeUInt32BE(PEER_REFLEXIVE_PRIORITY);
  const said = Buffer.concat([
    attribute(USERNAME, Buffer.from(`${remote.usernameFragment}:${ownUsernameFragment}`)),
    attribute(PRIORITY, priority),
    attribute(ICE_CONTROLLING, randomBytes(8)),
    attribute(USE_CANDIDATE, Buffer.alloc(0)),
  ]);
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt16BE(BINDING_REQUEST, 0);
  header.writeUInt32BE(MAGIC_COOKIE, 4);
  randomBytes(12).copy(header, 8);
  // Each seal counts itself in the length that it covers, and nothing after it.
  header.writeUInt16BE(said.length + INTEGRITY_BYTES, 2);
  const integrity = createHmac('sha1', remote.password).update(header).update(said).digest();
  const signed = Buffer.concat([said, attribute(MESSAGE_INTEGRITY, integrity)]);
  header.writeUInt16BE(signed.length + FINGERPRINT_BYTES, 2);
  const fingerprint = Buffer.alloc(4);
  fingerprint.writeUInt32BE((crc32(Buffer.concat([header, signed])) ^ FINGERPRINT_XOR) >>> 0);
  return Buffer.concat([header, signed, attribute(FINGERPRINT, fingerprint)]);
}

/** The server has heard a check. Not authenticated: whoever can forge it on loopback can break the test anyway. */
export function isBindingSuccess(bytes: Buffer): boolean {
  return bytes.length >= HEADER_BYTES && bytes.readUInt16BE(0) === BINDING_SUCCESS;
}

function attribute(type: number, value: Buffer): Buffer {
  const padded = Buffer.alloc(4 + value.length + (-value.length & 3));
  padded.writeUInt16BE(type, 0);
  padded.writeUInt16BE(value.length, 2);
  value.copy(padded, 4);
  return padded;
}

function crc32(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (0xedb88320 & -(crc & 1));
  }
  return ~crc >>> 0;
}
