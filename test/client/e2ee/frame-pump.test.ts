import { describe, expect, test } from 'vitest';
import type { MemberId } from '../../../src/base/index.ts';
import { FrameKeys } from '../../../src/client/e2ee/frame-keys.ts';
import {
  type EncodedFrame,
  type MutableFrameCounts,
  pump,
  type Transformer,
} from '../../../src/client/e2ee/frame-pump.ts';
import type { TransformOptions } from '../../../src/client/e2ee/worker-protocol.ts';
import { NO_FRAMES } from '../../../src/client/frame-counts.ts';
import { groupOf, ownMember } from '../../crypto/mls/people.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const bytes = (...values: readonly number[]) => Uint8Array.from(values).buffer;
const VIDEO = { id: 1, kind: 'video', source: 'camera', codec: 'vp8' } as const;

/** A browser's transformer whose frames are the test's. */
function stream(keys: FrameKeys, options: TransformOptions, clock = new FakeClock()) {
  const input = new TransformStream<EncodedFrame, EncodedFrame>();
  const output: ArrayBuffer[] = [];
  const seen = { flowing: 0, keyFrames: 0 };
  const counts: MutableFrameCounts = structuredClone(NO_FRAMES);
  const transformer: Transformer = {
    options,
    readable: input.readable,
    writable: new WritableStream({ write: (frame) => void output.push(frame.data) }),
    async sendKeyFrameRequest() {
      seen.keyFrames += 1;
    },
  };
  const flowing = () => {
    seen.flowing += 1;
  };
  pump(transformer, { keys, counts, flowing, nowMs: () => clock.nowMs() });
  const writer = input.writable.getWriter();
  return { write: (data: ArrayBuffer) => writer.write({ data }), end: () => writer.close(), output, seen, counts };
}

async function pair() {
  const clock = new FakeClock();
  const groups = await groupOf('ada', 'ben');
  const [ada, ben] = await Promise.all(
    groups.map(async (group) => {
      const keys = new FrameKeys(clock);
      await keys.epochBegan({ epoch: group.epoch, group, removed: false, entered: true });
      return { keys, memberId: ownMember(group).credential.memberId as MemberId };
    }),
  );
  if (!ada || !ben) throw new Error('nobody');
  return { ada, ben, clock };
}

describe('the pump of a sender', () => {
  test('seals every frame in order, and says once that frames flow', async () => {
    const { ada } = await pair();
    const { write, output, seen, counts } = stream(ada.keys, { ...VIDEO, direction: 'send' });
    for (let value = 0; value < 5; value += 1) await write(bytes(0x10, value, value));
    await expect.poll(() => output.length).toBe(5);
    expect(output.every((frame) => frame.byteLength > 3 + 16)).toBe(true);
    expect([seen.flowing, counts.send]).toEqual([1, { audio: 0, video: 5, refused: 0 }]);
  });

  test('lets nothing pass without a key, nor while halted', async () => {
    const { ada, clock } = await pair();
    ada.keys.halted = true;
    for (const keys of [ada.keys, new FrameKeys(clock)]) {
      const { write, end, output, counts } = stream(keys, { ...VIDEO, direction: 'send' });
      for (let value = 0; value < 3; value += 1) await write(bytes(0x10, value));
      await end();
      await expect.poll(() => counts.send.refused).toBe(3);
      expect(output).toEqual([]);
    }
  });
});

describe('the pump of a receiver', () => {
  test('opens what its member sealed; S6: clear frames, silence and the frames of others go nowhere', async () => {
    const { ada, ben, clock } = await pair();
    const sent = stream(ada.keys, { ...VIDEO, direction: 'send' });
    for (let value = 0; value < 2; value += 1) await sent.write(bytes(0x10, value));
    await expect.poll(() => sent.output.length).toBe(2);
    const [first, second] = sent.output as [ArrayBuffer, ArrayBuffer];

    const { write, output, seen, counts } = stream(
      ben.keys,
      { ...VIDEO, direction: 'recv', memberId: ada.memberId },
      clock,
    );
    await write(first.slice());
    for (const clear of [bytes(0xf8, 0xff, 0xfe), bytes(0x10, ...Array(200).fill(9)), bytes()]) await write(clear);
    await expect.poll(() => counts.recv.dropped).toBe(3);
    expect(output.map((each) => [...new Uint8Array(each)])).toEqual([[0x10, 0]]);
    expect(Object.values(counts.drops).reduce((sum, each) => sum + each, 0)).toBe(3);
    expect(seen.keyFrames).toBe(0);
    await write(second.slice());
    await expect.poll(() => output.length).toBe(2);
    expect([seen.keyFrames, counts.recv.video]).toEqual([1, 2]); // opens again: the decoder needs a new start

    const swapped = stream(ben.keys, { ...VIDEO, source: 'screen', direction: 'recv', memberId: ada.memberId });
    await swapped.write(first.slice());
    await expect.poll(() => swapped.counts.drops['wrong-owner']).toBe(1);
    expect(swapped.output).toEqual([]);
  });

  test('a frame that comes twice is played once, and is no reason to ask for a key frame', async () => {
    const { ada, ben, clock } = await pair();
    const sent = stream(ada.keys, { ...VIDEO, direction: 'send' });
    for (let value = 0; value < 2; value += 1) await sent.write(bytes(0x10, value));
    await expect.poll(() => sent.output.length).toBe(2);
    const [first, second] = sent.output as [ArrayBuffer, ArrayBuffer];
    const options = { ...VIDEO, direction: 'recv', memberId: ada.memberId } as const;
    const { write, output, seen, counts } = stream(ben.keys, options, clock);
    for (const frame of [first, first, second, first]) await write(frame.slice());
    await expect.poll(() => counts.recv.repeated).toBe(2);
    expect(output.map((each) => [...new Uint8Array(each)])).toEqual([
      [0x10, 0],
      [0x10, 1],
    ]);
    expect([counts.recv.dropped, counts.drops, seen.keyFrames]).toEqual([0, {}, 0]);
  });
});
