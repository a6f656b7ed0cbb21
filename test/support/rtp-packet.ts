/** What is read of an RTP packet (RFC 3550, section 5.1). */
export interface RtpPacket {
  readonly ssrc: number;
  readonly sequence: number;
  readonly timestamp: number;
  readonly marker: boolean;
  readonly payload: Uint8Array;
}

const FIXED_HEADER_BYTES = 12;

/** Second bytes that are RTCP's (RFC 5761, section 4). */
const RTCP_TYPES = { first: 192, last: 223 };

/** `undefined` for what is no RTP, as the RTCP on the same port. */
export function parseRtpPacket(bytes: Buffer): RtpPacket | undefined {
  const first = bytes[0] ?? 0;
  if (bytes.length < FIXED_HEADER_BYTES || first >> 6 !== 2) return undefined;
  const second = bytes[1] ?? 0;
  if (second >= RTCP_TYPES.first && second <= RTCP_TYPES.last) return undefined;
  let start = FIXED_HEADER_BYTES + 4 * (first & 0x0f);
  if (first & 0x10) start += 4 + 4 * bytes.readUInt16BE(start + 2);
  const end = bytes.length - (first & 0x20 ? (bytes.at(-1) ?? 0) : 0);
  return {
    ssrc: bytes.readUInt32BE(8),
    sequence: bytes.readUInt16BE(2),
    timestamp: bytes.readUInt32BE(4),
    marker: (second & 0x80) !== 0,
    payload: new Uint8Array(bytes.subarray(start, end)),
  };
}
