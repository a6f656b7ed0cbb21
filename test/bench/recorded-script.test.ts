import { describe, expect, test } from 'vitest';
import { recordedScript, type SeenDatagram } from '../../bench/send-path/recorded-script.ts';
import { writeRtpPacket } from '../support/rtp-packet.ts';

describe('what a browser was seen to send', () => {
  function seen(atMs: number, sequence: number, payloadBytes: number, { marker = false, ssrc = 7 } = {}): SeenDatagram {
    const payload = Buffer.alloc(payloadBytes + 16); // with the tag of SRTP
    const packet = { ssrc, sequence, timestamp: 0, marker, payloadType: 96, payload };
    return { atMs, bytes: writeRtpPacket(packet, [[4, Buffer.from('v')]]) };
  }

  const FRAMES = [
    seen(100, 65_533, 900), // of a frame whose beginning was not seen
    seen(101, 65_534, 900, { marker: true }),
    seen(133, 65_535, 1_000),
    seen(133.1, 0, 1_001, { marker: true }),
    seen(166, 1, 1_100),
    seen(166.2, 2, 1_100),
    seen(167, 3, 1_101, { marker: true }),
    seen(200, 4, 1_200), // of one whose end was not seen
  ];

  const SCRIPT = {
    periodUs: 68_001, // two frames, the second 34 ms after the first
    packets: [
      { afterUs: 0, payloadBytes: 1_000, ends: false },
      { afterUs: 100, payloadBytes: 1_001, ends: true },
      { afterUs: 33_000, payloadBytes: 1_100, ends: false },
      { afterUs: 33_200, payloadBytes: 1_100, ends: false },
      { afterUs: 34_000, payloadBytes: 1_101, ends: true },
    ],
  };

  test('becomes whole frames with their sizes and times', () => expect(recordedScript(FRAMES)).toEqual(SCRIPT));

  test('is that of its largest stream, without reports, padding marks, repetitions and what came late', () => {
    const padded = FRAMES.map(({ atMs, bytes }) => ({ atMs, bytes: Buffer.from(bytes) }));
    for (const { bytes } of padded) bytes[0] = (bytes[0] ?? 0) | 0x20;
    const [, , third] = FRAMES;
    const others = [seen(150, 1, 300, { ssrc: 8, marker: true }), seen(170, 2, 300, { ssrc: 8, marker: true })];
    const report = { atMs: 167.5, bytes: Buffer.concat([Buffer.of(0x80, 200, 0, 6), Buffer.alloc(24)]) };
    const repeated = third ? [{ ...third, atMs: 168 }] : [];
    const all = [...padded, ...others, report, ...repeated].toSorted((left, right) => left.atMs - right.atMs);
    expect(recordedScript(all)).toEqual(SCRIPT);
  });

  test('is refused where there are no two frames', () =>
    expect(() => recordedScript(FRAMES.slice(0, 4))).toThrow('no two frames'));
});
