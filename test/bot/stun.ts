import { createHmac, randomBytes } from 'node:crypto';

/*
 * Connectivity checks towards a server that has one address (RFC 8445): the client controls and nominates with every check. An
 * ICE-lite server only answers; others check the way back, and are answered (RFC 8489).
 */

const HEADER_BYTES = 20;
const TRANSACTION_BYTES = 12;
const MAGIC_COOKIE = 0x2112a442;
const BINDING_REQUEST = 0x0001;
const BINDING_SUCCESS = 0x0101;

const XOR_MAPPED_ADDRESS = 0x0020;
const IPV4 = 0x01;
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

/** Of all ends in this process, for a server that checks the way back: it tells them apart by their ports. */
export const OWN_CREDENTIALS: IceCredentials = {
  usernameFragment: randomBytes(4).toString('hex'),
  password: randomBytes(16).toString('hex'),
};

/** A check that nominates its path; `remote` is the server's half of the credentials. */
export function bindingRequest(remote: IceCredentials): Buffer {
  const priority = Buffer.alloc(4);
  priority.writeUInt32BE(PEER_REFLEXIVE_PRIORITY);
  const attributes = [
    attribute(USERNAME, Buffer.from(`${remote.usernameFragment}:${OWN_CREDENTIALS.usernameFragment}`)),
    attribute(PRIORITY, priority),
    attribute(ICE_CONTROLLING, randomBytes(8)),
    attribute(USE_CANDIDATE, Buffer.alloc(0)),
  ];
  return sealed(BINDING_REQUEST, randomBytes(TRANSACTION_BYTES), attributes, remote.password);
}

/** The answer to a check that came from this IPv4 address and port. */
export function bindingSuccess(request: Buffer, from: { readonly address: string; readonly port: number }): Buffer {
  const mapped = Buffer.alloc(8);
  mapped.writeUInt8(IPV4, 1);
  mapped.writeUInt16BE(from.port ^ (MAGIC_COOKIE >>> 16), 2);
  mapped.writeUInt32BE((ipv4(from.address) ^ MAGIC_COOKIE) >>> 0, 4);
  const transaction = request.subarray(HEADER_BYTES - TRANSACTION_BYTES, HEADER_BYTES);
  return sealed(BINDING_SUCCESS, transaction, [attribute(XOR_MAPPED_ADDRESS, mapped)], OWN_CREDENTIALS.password);
}

/** The server checks. Not authenticated either. */
export function isBindingRequest(bytes: Buffer): boolean {
  return bytes.length >= HEADER_BYTES && bytes.readUInt16BE(0) === BINDING_REQUEST;
}

/** The server has heard a check. Not authenticated: whoever can forge it on loopback can break the test anyway. */
export function isBindingSuccess(bytes: Buffer): boolean {
  return bytes.length >= HEADER_BYTES && bytes.readUInt16BE(0) === BINDING_SUCCESS;
}

/** A message with its integrity and fingerprint (RFC 8489, sections 14.5 and 14.7). */
function sealed(type: number, transaction: Buffer, attributes: readonly Buffer[], password: string): Buffer {
  const said = Buffer.concat(attributes);
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt16BE(type, 0);
  header.writeUInt32BE(MAGIC_COOKIE, 4);
  transaction.copy(header, HEADER_BYTES - TRANSACTION_BYTES);
  // Each seal counts itself in the length that it covers, and nothing after it.
  header.writeUInt16BE(said.length + INTEGRITY_BYTES, 2);
  const integrity = createHmac('sha1', password).update(header).update(said).digest();
  const signed = Buffer.concat([said, attribute(MESSAGE_INTEGRITY, integrity)]);
  header.writeUInt16BE(signed.length + FINGERPRINT_BYTES, 2);
  const fingerprint = Buffer.alloc(4);
  fingerprint.writeUInt32BE((crc32(Buffer.concat([header, signed])) ^ FINGERPRINT_XOR) >>> 0);
  return Buffer.concat([header, signed, attribute(FINGERPRINT, fingerprint)]);
}

function ipv4(address: string): number {
  return address.split('.').reduce((all, byte) => all * 256 + Number(byte), 0);
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
