import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { burstScript, ratesOf, split } from '../../bench/endpoints/packet-script.ts';

describe('a frame', () => {
  test.each([
    [9_600, 8, [1_200, 1_200, 1_200, 1_200, 1_200, 1_200, 1_200, 1_200]],
    [4_001, 4, [1_000, 1_000, 1_000, 1_001]],
    [4_003, 4, [1_000, 1_001, 1_001, 1_001]],
    [1_111, 1, [1_111]],
  ])('of %i bytes in %i packets', (bytes, packets, sizes) => expect(split(bytes, packets)).toEqual(sizes));

  test('is split whole, into packets that grow by one byte at most, once', () =>
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), fc.integer({ min: 1, max: 60 }), (bytes, packets) => {
        const sizes = split(bytes, packets);
        expect(sizes).toHaveLength(packets);
        expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(bytes);
        expect(sizes).toEqual(sizes.toSorted((left, right) => left - right));
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }),
    ));
});

describe('a script of bursts', () => {
  test.each([
    ['equal', 8],
    ['near_equal', 8],
    ['near_equal', 4],
    ['near_equal', 1],
  ] as const)('%s, %i packets a frame: each frame leaves at once and ends with its last', (sizes, burst) => {
    const { periodUs, packets } = burstScript(burst, sizes, 30);
    expect(periodUs).toBe(1_000_000);
    expect(packets).toHaveLength(30 * burst);
    for (const [at, packet] of packets.entries()) {
      expect(packet.afterUs).toBe(Math.round((Math.floor(at / burst) * 1e6) / 30));
      expect(packet.ends).toBe(at % burst === burst - 1);
    }
  });

  test('of equal sizes has one', () =>
    expect(new Set(burstScript(8, 'equal', 30).packets.map(({ payloadBytes }) => payloadBytes)).size).toBe(1));

  test('loads a server as it says', () =>
    expect(ratesOf(burstScript(4, 'equal', 60))).toEqual({
      frames_per_second: 60,
      packets_per_frame: 4,
      bits_per_second: 60 * 4 * 1_200 * 8,
    }));

  test('of nearly equal sizes leaves another rest from frame to frame', () => {
    const { packets } = burstScript(8, 'near_equal', 30);
    const frames = Array.from({ length: 30 }, (_, at) => packets.slice(8 * at, 8 * at + 8));
    const rests = frames.map((frame) => frame.filter((packet) => packet.payloadBytes > (frame[0]?.payloadBytes ?? 0)));
    expect(new Set(rests.map(({ length }) => length)).size).toBeGreaterThanOrEqual(6); // of eight that there can be
    expect(packets.every(({ payloadBytes }) => payloadBytes >= 1_100 && payloadBytes <= 1_200)).toBe(true);
  });
});
