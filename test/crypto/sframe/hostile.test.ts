import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Codec, FrameOpener, type FrameOpenOutcome, FrameSealer } from '../../../src/crypto/sframe/index.ts';
import { ALICE, BOB, bufferOf, hex, installed, opened, openPair, sealed } from './frames-fixture.ts';

const FRAME = bufferOf([0x10, 2, 3, 4, 5, 6, 7, 8]);

const reasonOf = (outcome: FrameOpenOutcome) => (outcome.kind === 'dropped' ? outcome.reason : outcome.kind);

describe('a hostile server', () => {
  test.each<Codec>(['opus', 'vp8', 'vp9'])('cannot flip a single bit of a sealed %s frame', async (codec) => {
    const { sealer, opener } = openPair(codec);
    for (let counter = 0; counter < 300; counter += 1) await sealer.seal(FRAME); // a header with all its fields
    const frame = new Uint8Array(await sealed(sealer, FRAME));
    for (let bit = 0; bit < frame.length * 8; bit += 1) {
      const flipped = frame.slice();
      flipped[bit >> 3] = (frame[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(['forged', 'not-sframe', 'no-key', 'too-short', 'wrong-owner']).toContain(
        reasonOf(await opener.open(flipped.buffer)),
      );
    }
    expect(await opened(opener, frame.buffer)).toBe(hex(FRAME)); // none of the forgeries used up its counter
  });

  test('cannot change the clear byte of VP8', async () => {
    const { sealer, opener } = openPair('vp8');
    const frame = new Uint8Array(await sealed(sealer, FRAME));
    for (let byte = 0; byte < 256; byte += 1) {
      if (byte === 0x10) continue;
      frame[0] = byte;
      expect(reasonOf(await opener.open(frame.slice().buffer))).toBe('forged');
    }
  });

  test('cannot pass one codec off as another', async () => {
    for (const [from, to] of [
      ['vp8', 'vp9'],
      ['vp9', 'vp8'],
    ] as const) {
      const { sealer, bobKeys } = openPair(from);
      const opener = new FrameOpener({ store: bobKeys, codec: to });
      expect((await opener.open(await sealed(sealer, FRAME))).kind).toBe('dropped');
    }
  });

  test("cannot put another member's or another source's frames into a stream", async () => {
    const { epoch, sealer, opener } = openPair('vp8', 'camera');
    const frame = await sealed(sealer, FRAME);
    const swapped = [
      { leafIndex: ALICE + 1, source: 'camera' },
      { leafIndex: ALICE, source: 'screen' },
      { leafIndex: ALICE, source: 'camera', sinceEpoch: 2n }, // the leaf's next tenant
    ] as const;
    for (const owner of swapped) expect(reasonOf(await opener.open(frame, owner))).toBe('wrong-owner');

    const screen = new FrameSealer({ source: 'screen', codec: 'vp8' });
    screen.use(epoch);
    const camera = { leafIndex: ALICE, source: 'camera', sinceEpoch: 1n } as const;
    expect(reasonOf(await opener.open(await sealed(screen, FRAME), camera))).toBe('wrong-owner');
    expect(reasonOf(await opener.open(frame, camera))).toBe('opened');
  });

  test('cannot rewrite the key id to name another owner', async () => {
    const { sealer, opener } = openPair('vp9', 'camera');
    const frame = new Uint8Array(await sealed(sealer, FRAME));
    expect(hex(frame).slice(0, 6)).toBe('904031');
    for (const [high, low] of [
      [0x40, 0x21],
      [0x80, 0x31],
      [0x41, 0x31],
    ]) {
      frame.set([high ?? 0, low ?? 0], 1);
      expect(reasonOf(await opener.open(frame.slice().buffer))).toBe('forged');
    }
  });

  test('cannot send our own frames back to us', async () => {
    const { bobKeys, opener } = openPair('vp9');
    const own = new FrameSealer({ source: 'camera', codec: 'vp9' });
    const epoch = bobKeys.at(1);
    if (epoch) own.use(epoch);
    expect(bobKeys.leafIndex).toBe(BOB);
    expect(reasonOf(await opener.open(await sealed(own, FRAME)))).toBe('wrong-owner');
  });

  test('cannot play a frame twice: not later, not through another stream, not two copies at a time', async () => {
    const { bobKeys, sealer, opener } = openPair('opus', 'microphone');
    const other = new FrameOpener({ store: bobKeys, codec: 'opus' });
    const frame = await sealed(sealer, FRAME);
    const both = await Promise.all([opener.open(frame), opener.open(frame)]);
    expect(both.map(reasonOf).sort()).toEqual(['opened', 'replay']);
    expect(reasonOf(await opener.open(frame))).toBe('replay');
    expect(reasonOf(await other.open(frame))).toBe('replay');
  });

  test('cannot use up a counter with a forgery', async () => {
    const { sealer, opener } = openPair('vp9');
    const frame = new Uint8Array(await sealed(sealer, FRAME));
    const forged = frame.slice();
    forged.set([0], forged.length - 1);
    forged.set([1], forged.length - 2);
    expect(reasonOf(await opener.open(forged.buffer))).toBe('forged');
    expect(reasonOf(await opener.open(frame.buffer))).toBe('opened');
  });

  test('cannot inject clear media: nothing passes that was not sealed', async () => {
    const silence = [0xf8, 0xff, 0xfe];
    const opus = [0x78, ...new Uint8Array(80).map((_, index) => (index * 37) & 0xff)];
    const vp8Key = [0x10, 0x02, 0x00, 0x9d, 0x01, 0x2a, 0x80, 0x02, 0x68, 0x01, ...new Uint8Array(300).fill(0x5a)];
    const vp8Delta = [0x31, 0x01, 0x00, ...new Uint8Array(200).fill(0xa5)];
    const clear = [silence, opus, vp8Key, vp8Delta];
    for (const codec of ['opus', 'vp8', 'vp9'] as const) {
      const { opener } = openPair(codec);
      for (const frame of clear) expect((await opener.open(bufferOf(frame))).kind).toBe('dropped');
      expect(reasonOf(await opener.open(bufferOf(silence)))).toBe('too-short');
    }
  });

  test('gets an outcome for any bytes whatever, never an exception', async () => {
    const openers = (['opus', 'vp8', 'vp9'] as const).map((codec) => openPair(codec).opener);
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 80 }), async (bytes) => {
        for (const opener of openers) expect((await opener.open(bytes.slice().buffer)).kind).toBe('dropped');
      }),
      { numRuns: 500 },
    );
  });

  test('gets nothing through by cutting a frame anywhere', async () => {
    const { bobKeys, sealer, opener } = openPair('vp8');
    const frame = await sealed(sealer, FRAME);
    for (let length = 0; length < frame.byteLength; length += 1)
      expect((await opener.open(frame.slice(0, length))).kind).toBe('dropped');
    installed(bobKeys, 2n);
    expect(reasonOf(await opener.open(frame))).toBe('opened');
  });
});
