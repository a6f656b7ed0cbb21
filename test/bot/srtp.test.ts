import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { writeRtpPacket } from '../support/rtp-packet.ts';
import { nearestIndex, Srtp } from './srtp.ts';

const MASTER = { key: Buffer.alloc(16, 7), salt: Buffer.alloc(12, 9) };

function packet(index: number): Buffer {
  const payload = Buffer.from(`packet ${index}`);
  const fields = { ssrc: 5, sequence: index & 0xffff, timestamp: index, marker: false, payloadType: 96, payload };
  return writeRtpPacket(fields, [[3, Buffer.of(1, 2)]]);
}

describe('SRTP', () => {
  test('what one side protects the other opens, out of order and over a rollover of the sequence number', () => {
    const shuffled = fc
      .tuple(fc.integer({ min: 0, max: 0x1_0000 }), fc.array(fc.integer({ min: 0, max: 200 }), { minLength: 1 }))
      .map(([start, steps]) => steps.map((step) => start + step));
    fc.assert(
      fc.property(shuffled, (indices) => {
        const [sender, receiver] = [new Srtp(MASTER), new Srtp(MASTER)];
        const first = Math.min(...indices);
        const last = Math.max(...indices);
        const sealed = new Map<number, Buffer>();
        for (let index = first; index <= last; index += 1) sealed.set(index, sender.protectRtp(packet(index)));
        receiver.openRtp(sealed.get(first) ?? Buffer.alloc(0));
        for (const index of indices)
          expect(receiver.openRtp(sealed.get(index) ?? Buffer.alloc(0))).toEqual(packet(index));
      }),
      { numRuns: 30 },
    );
  });

  test('what was changed on the way does not open', () => {
    const [sender, receiver] = [new Srtp(MASTER), new Srtp(MASTER)];
    const rtp = sender.protectRtp(packet(1));
    const rtcp = sender.protectRtcp(Buffer.alloc(12, 1));
    expect(receiver.openRtcp(rtcp)).toEqual(Buffer.alloc(12, 1));
    for (const bytes of [rtp, rtcp]) bytes[bytes.length - 8] = (bytes[bytes.length - 8] ?? 0) ^ 1;
    expect(receiver.openRtp(rtp)).toBeUndefined();
    expect(receiver.openRtcp(rtcp)).toBeUndefined();
  });

  test.each([
    [undefined, 65_535, 65_535],
    [65_535, 0, 65_536],
    [65_536, 65_535, 65_535],
    [70_000, 4_465, 70_001],
    [3, 65_530, 65_530],
  ])('after %s the sequence number %i is index %i', (highest, sequence, index) => {
    expect(nearestIndex(highest, sequence)).toBe(index);
  });
});
