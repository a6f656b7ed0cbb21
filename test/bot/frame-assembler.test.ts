import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RtpPacket } from '../support/rtp-packet.ts';
import { FrameAssembler } from './frame-assembler.ts';
import { OutgoingStream } from './outgoing-stream.ts';

/** The packets of frames of these sizes, as a bot sends them, with the frames. */
function sent(sizes: readonly number[]) {
  const packets: RtpPacket[] = [];
  const stream = new OutgoingStream({
    codec: 'vp8',
    mid: '1',
    ssrc: 1,
    rtxSsrc: 2,
    payloadType: 96,
    rtxPayloadType: 97,
    clockRate: 90_000,
    cname: 'bot',
    send: (packet) => packets.push(packet),
  });
  const frames = sizes.map((size, index) => new Uint8Array(size).fill(index));
  frames.forEach((frame, index) => {
    stream.send(frame, { capturedMs: index * 33 });
  });
  return { frames, packets };
}

const sizes = fc.array(fc.integer({ min: 1, max: 3_500 }), { minLength: 1, maxLength: 8 });

describe('a frame that was cut into packets', () => {
  test('comes together once, whatever order they come in', () => {
    fc.assert(
      fc.property(sizes, fc.infiniteStream(fc.nat()), (lengths, order) => {
        const { frames, packets } = sent(lengths);
        const indexed = packets.map((packet, index) => ({ packet, index, rank: order.next().value ?? 0 }));
        const assembler = new FrameAssembler('vp8');
        const whole = indexed
          .toSorted((a, b) => a.rank - b.rank)
          .flatMap(({ packet, index }) => assembler.add(index, packet) ?? []);
        const byFirstByte = (all: readonly Uint8Array[]) => all.toSorted((a, b) => (a[0] ?? 0) - (b[0] ?? 0));
        expect(byFirstByte(whole)).toEqual(frames);
      }),
    );
  });

  test('does not come together when one is missing, and the others do', () => {
    fc.assert(
      fc.property(sizes, fc.nat(), (lengths, pick) => {
        const { frames, packets } = sent(lengths);
        const lost = packets[pick % packets.length];
        const assembler = new FrameAssembler('vp8');
        const whole = packets.flatMap((packet, index) => (packet === lost ? [] : (assembler.add(index, packet) ?? [])));
        const lostFrame = frames.findIndex((frame) => frame[0] === lost?.payload.at(-1));
        expect(whole).toEqual(frames.filter((_, index) => index !== lostFrame));
      }),
    );
  });
});
