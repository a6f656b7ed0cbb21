import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ReplayBuffer } from '../../src/signaling/replay-buffer.ts';

const body = (bytes: number) => new Uint8Array(bytes);
const seqs = (frames: ReturnType<ReplayBuffer['after']>) => frames?.map(({ seq }) => seq);

describe('a replay buffer', () => {
  test('numbers from one, and gives everything after a number, in order', () => {
    const buffer = new ReplayBuffer(10_000);
    for (const id of [0, 7, 0]) buffer.push(id, body(1));
    expect(buffer.lastSeq).toBe(3);
    expect(buffer.after(0)?.map(({ id, seq }) => [id, seq])).toEqual([
      [0, 1],
      [7, 2],
      [0, 3],
    ]);
    expect(buffer.after(3)).toEqual([]);
    expect(buffer.after(4)).toBeUndefined();
  });

  test('forgets what is acknowledged, once; a number that was never given changes nothing', () => {
    const buffer = new ReplayBuffer(10_000);
    for (let at = 0; at < 5; at += 1) buffer.push(0, body(1));
    expect([buffer.acknowledge(6), seqs(buffer.after(0))]).toEqual([false, [1, 2, 3, 4, 5]]);
    expect([buffer.acknowledge(3), buffer.acknowledge(2), buffer.acknowledge(3)]).toEqual([true, true, true]);
    expect([seqs(buffer.after(3)), buffer.after(2)]).toEqual([[4, 5], undefined]);
  });

  test('above its limit loses the oldest, and says so', () => {
    const buffer = new ReplayBuffer(1_000);
    expect([buffer.push(0, body(300)).complete, buffer.push(0, body(300)).complete]).toEqual([true, true]);
    expect(buffer.push(0, body(300)).complete).toBe(false);
    expect([buffer.after(0), seqs(buffer.after(1))]).toEqual([undefined, [2, 3]]);
    buffer.acknowledge(3);
    expect(buffer.push(0, body(800)).complete).toBe(true);
  });

  test('never gives a wrong frame, whatever is pushed and acknowledged, and never holds more than its limit', () => {
    const step = fc.oneof(
      fc.record({ push: fc.integer({ min: 0, max: 400 }) }),
      fc.record({ acknowledge: fc.integer({ min: 0, max: 60 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const buffer = new ReplayBuffer(1_000);
        const pushed: Uint8Array[] = [];
        for (const each of steps) {
          if ('push' in each) {
            const bytes = body(each.push);
            pushed.push(bytes);
            expect(buffer.push(0, bytes).frame.seq).toBe(pushed.length);
          } else expect(buffer.acknowledge(each.acknowledge)).toBe(each.acknowledge <= pushed.length);
        }
        for (let seq = 0; seq <= pushed.length; seq += 1) {
          const kept = buffer.after(seq);
          if (!kept) continue;
          expect(kept.map((frame) => frame.body)).toEqual(pushed.slice(seq));
          expect(kept.reduce((sum, frame) => sum + frame.body.byteLength, 0)).toBeLessThanOrEqual(1_000);
        }
        expect(buffer.after(pushed.length)).toEqual([]);
      }),
    );
  });
});
