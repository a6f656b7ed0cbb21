const RECORD_HEADER_BYTES = 13;
const HANDSHAKE = 22;
/** Of a handshake message: its number, and where in it a fragment begins. */
const NUMBER_AT = RECORD_HEADER_BYTES + 4;
const HANDSHAKE_HEADER_BYTES = 12;

/**
 * Tells a flight of a DTLS handshake from its repetition (RFC 6347, sections 4.1 and 4.2.2). A worker repeats after 100 ms what a busy
 * process has not answered yet, and werift takes the second ServerHello for a new handshake: both sides then have other keys.
 */
export class HandshakeFlights {
  readonly #seen = new Set<string>();

  /** False when everything in the datagram has come before. What is encrypted always counts as new. */
  isNew(datagram: Buffer): boolean {
    let hasNew = false;
    for (let at = 0; at + RECORD_HEADER_BYTES <= datagram.length; ) {
      const end = at + RECORD_HEADER_BYTES + datagram.readUInt16BE(at + 11);
      const record = datagram.subarray(at, end);
      if (!this.#isRepeated(record)) hasNew = true;
      at = end;
    }
    return hasNew;
  }

  #isRepeated(record: Buffer): boolean {
    const isClear = record.readUInt16BE(3) === 0; // the epoch
    if (record[0] !== HANDSHAKE || !isClear || record.length < RECORD_HEADER_BYTES + HANDSHAKE_HEADER_BYTES)
      return false;
    const fragment = record.toString('hex', NUMBER_AT, NUMBER_AT + 5); // message number and offset
    const isRepeated = this.#seen.has(fragment);
    this.#seen.add(fragment);
    return isRepeated;
  }
}
