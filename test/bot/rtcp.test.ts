import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RtcpPacketConverter, type RtcpRrPacket, type RtcpTransportLayerFeedback, type TransportWideCC } from 'werift';
import { readRtcp, writeNack, writePictureLoss, writeReceiverReport, writeSenderReport } from './rtcp.ts';
import { TransportFeedback } from './transport-feedback.ts';

/* Read back by another implementation where there is one. */

describe('transport-wide feedback', () => {
  test('says of every packet whether and when it came', () => {
    const arrivals = fc.array(
      fc.record({ skipped: fc.integer({ min: 0, max: 20 }), afterMs: fc.double({ min: 0, max: 200, noNaN: true }) }),
      { minLength: 1, maxLength: 40 },
    );
    fc.assert(
      fc.property(fc.nat(0xffff), arrivals, (start, steps) => {
        const feedback = new TransportFeedback();
        const expected: { sequence: number; atMs: number }[] = [];
        let [sequence, atMs] = [start, 1_000];
        for (const { skipped, afterMs } of steps) {
          sequence += 1 + skipped;
          atMs += afterMs;
          expected.push({ sequence: sequence & 0xffff, atMs });
          feedback.received(sequence & 0xffff, atMs);
        }
        const [read] = RtcpPacketConverter.deSerialize(feedback.take(1, 2) ?? Buffer.alloc(0));
        const said = (read as RtcpTransportLayerFeedback).feedback as TransportWideCC;
        const statuses = said.packetChunks.flatMap((chunk) => ('symbolList' in chunk ? chunk.symbolList : []));
        const came = statuses.flatMap((status, index) =>
          status === 0 ? [] : (said.baseSequenceNumber + index) & 0xffff,
        );
        expect(came).toEqual(expected.map((each) => each.sequence));
        let nowMs = said.referenceTime * 64;
        said.recvDeltas.forEach(({ delta }, index) => {
          nowMs += delta / 1_000;
          expect(Math.abs(nowMs - (expected[index]?.atMs ?? 0))).toBeLessThan(0.5);
        });
        expect(said.recvDeltas).toHaveLength(expected.length);
      }),
    );
  });

  test('says nothing when nothing came since', () => {
    const feedback = new TransportFeedback();
    feedback.received(7, 100);
    expect(feedback.take(1, 2)).toBeDefined();
    expect(feedback.take(1, 2)).toBeUndefined();
  });
});

describe('reports and requests', () => {
  test('a NACK names exactly what was asked for', () => {
    const sequences = fc.uniqueArray(fc.nat(0xffff), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(sequences, (asked) => {
        const sorted = asked.toSorted((a, b) => a - b);
        expect(readRtcp(writeNack(1, 2, sorted))).toEqual([{ kind: 'nack', ssrc: 2, sequences: sorted }]);
      }),
    );
  });

  test('a receiver report says what it was given', () => {
    const block = { ssrc: 9, fractionLost: 13, cumulativeLost: 70, highestIndex: 65_540, jitter: 200 };
    const [read] = RtcpPacketConverter.deSerialize(
      writeReceiverReport(1, [{ ...block, lastReport: 5, sinceLastReport: 6 }]),
    );
    expect((read as RtcpRrPacket).reports[0]).toMatchObject({
      ssrc: 9,
      fractionLost: 13,
      packetsLost: 70,
      highestSequence: 65_540,
      jitter: 200,
      lsr: 5,
      dlsr: 6,
    });
  });

  test('a compound packet is read to its end, and what is cut off is left alone', () => {
    const report = writeSenderReport({ ssrc: 3, wallMs: 1_500, timestamp: 7, packets: 1, bytes: 2 }, 'bot');
    const compound = Buffer.concat([report, writePictureLoss(1, 4)]);
    expect(readRtcp(compound).map(({ kind, ssrc }) => ({ kind, ssrc }))).toEqual([
      { kind: 'sender-report', ssrc: 3 },
      { kind: 'picture-loss', ssrc: 4 },
    ]);
    expect(readRtcp(compound.subarray(0, -4))).toHaveLength(1);
  });
});
