/** What is read of an RTP packet (RFC 3550, section 5.1). */
export interface RtpPacket {
  readonly ssrc: number;
  readonly sequence: number;
  readonly timestamp: number;
  readonly marker: boolean;
  readonly payloadType: number;
  readonly payload: Uint8Array;
}

const FIXED_HEADER_BYTES = 12;

/** Second bytes that are RTCP's (RFC 5761, section 4). */
const RTCP_TYPES = { first: 192, last: 223 };

/** The profile word of one-byte header extensions (RFC 8285, section 4.2). */
const ONE_BYTE_EXTENSIONS = 0xbede;

/** `undefined` for what is no RTP, as the RTCP on the same port. */
export function parseRtpPacket(bytes: Buffer): RtpPacket | undefined {
  const first = bytes[0] ?? 0;
  if (bytes.length < FIXED_HEADER_BYTES || first >> 6 !== 2 || isRtcp(bytes)) return undefined;
  const second = bytes[1] ?? 0;
  let start = FIXED_HEADER_BYTES + 4 * (first & 0x0f);
  if (first & 0x10) start += 4 + 4 * bytes.readUInt16BE(start + 2);
  const end = bytes.length - (first & 0x20 ? (bytes.at(-1) ?? 0) : 0);
  return {
    ssrc: bytes.readUInt32BE(8),
    sequence: bytes.readUInt16BE(2),
    timestamp: bytes.readUInt32BE(4),
    marker: (second & 0x80) !== 0,
    payloadType: second & 0x7f,
    payload: new Uint8Array(bytes.subarray(start, end)),
  };
}

/** Of what is RTP or RTCP on one port. */
export function isRtcp(bytes: Uint8Array): boolean {
  const second = bytes[1] ?? 0;
  return second >= RTCP_TYPES.first && second <= RTCP_TYPES.last;
}

/** The value of a one-byte header extension, which is what browsers and mediasoup write; `undefined` when it is not there. */
export function headerExtension(bytes: Buffer, wanted: number): Buffer | undefined {
  const first = bytes[0] ?? 0;
  let at = FIXED_HEADER_BYTES + 4 * (first & 0x0f);
  if (!(first & 0x10) || bytes.readUInt16BE(at) !== ONE_BYTE_EXTENSIONS) return undefined;
  const end = at + 4 + 4 * bytes.readUInt16BE(at + 2);
  at += 4;
  while (at < end) {
    const head = bytes[at] ?? 0;
    const length = (head & 0x0f) + 1;
    if (head >> 4 === wanted) return bytes.subarray(at + 1, at + 1 + length);
    at += head === 0 ? 1 : 1 + length; // a zero is padding
  }
  return undefined;
}

/** An RTP packet with one-byte header extensions. */
export function writeRtpPacket(packet: RtpPacket, extensions: readonly (readonly [id: number, value: Uint8Array])[]) {
  const said = Buffer.concat(extensions.flatMap(([id, value]) => [Buffer.of((id << 4) | (value.length - 1)), value]));
  const extensionBytes = said.length + (-said.length & 3);
  const header = Buffer.alloc(FIXED_HEADER_BYTES + 4 + extensionBytes);
  header[0] = 0x90;
  header[1] = (packet.marker ? 0x80 : 0) | packet.payloadType;
  header.writeUInt16BE(packet.sequence, 2);
  header.writeUInt32BE(packet.timestamp, 4);
  header.writeUInt32BE(packet.ssrc, 8);
  header.writeUInt16BE(ONE_BYTE_EXTENSIONS, FIXED_HEADER_BYTES);
  header.writeUInt16BE(extensionBytes / 4, FIXED_HEADER_BYTES + 2);
  said.copy(header, FIXED_HEADER_BYTES + 4);
  return Buffer.concat([header, packet.payload]);
}
