import { describe, expect, test } from 'vitest';
import { HandshakeFlights } from './handshake-flights.ts';

interface Fragment {
  readonly number: number;
  readonly offset?: number;
  readonly epoch?: number;
  readonly type?: number;
}

/** A DTLS record with a fragment of 20 bytes (RFC 6347, sections 4.1 and 4.2.2). */
function record({ number, offset = 0, epoch = 0, type = 22 }: Fragment): Buffer {
  const bytes = Buffer.alloc(13 + 12 + 20);
  bytes[0] = type;
  bytes.writeUInt16BE(0xfefd, 1);
  bytes.writeUInt16BE(epoch, 3);
  bytes.writeUInt16BE(Math.floor(Math.random() * 0xffff), 9); // a repetition has a number of its own
  bytes.writeUInt16BE(32, 11);
  bytes.writeUInt16BE(number, 17);
  bytes.writeUIntBE(offset, 19, 3);
  return bytes;
}

const datagram = (...fragments: readonly Fragment[]) => Buffer.concat(fragments.map(record));

describe('flights of a handshake', () => {
  test.each<[string, Buffer, Buffer, boolean]>([
    ['the same message', datagram({ number: 1 }), datagram({ number: 1 }), false],
    ['the next message', datagram({ number: 1 }), datagram({ number: 2 }), true],
    ['another part of it', datagram({ number: 1 }), datagram({ number: 1, offset: 20 }), true],
    ['a flight repeated', datagram({ number: 1 }, { number: 2 }), datagram({ number: 1 }, { number: 2 }), false],
    ['a flight parted differently', datagram({ number: 1 }, { number: 2 }), datagram({ number: 2 }), false],
    ['a message behind one that came', datagram({ number: 1 }), datagram({ number: 1 }, { number: 2 }), true],
    ['what is encrypted', datagram({ number: 1, epoch: 1 }), datagram({ number: 1, epoch: 1 }), true],
    ['a change of cipher', datagram({ number: 1, type: 20 }), datagram({ number: 1, type: 20 }), true],
  ])('%s', (_, first, second, isNew) => {
    const flights = new HandshakeFlights();
    expect(flights.isNew(first)).toBe(true);
    expect(flights.isNew(second)).toBe(isNew);
  });
});
