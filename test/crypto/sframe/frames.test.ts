import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  AES_256_GCM_SHA512_128,
  type Codec,
  FrameSealer,
  KeyStore,
  MAX_LEAVES,
} from '../../../src/crypto/sframe/index.ts';
import { ALICE, baseKeyOf, bufferOf, hex, installed, opened, openPair, sealed } from './frames-fixture.ts';
import { referenceSeal } from './reference.ts';

const codec = fc.constantFrom<Codec>('opus', 'vp8', 'vp9');
const content = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 64 }),
  fc.uint8Array({ minLength: 1000, maxLength: 1400 }),
  fc.integer({ min: 1, max: 40_000 }).map((size) => new Uint8Array(size).fill(size)),
);

describe('frames', () => {
  test('what is sealed opens to the same bytes, with its owner', async () => {
    await fc.assert(
      fc.asyncProperty(codec, content, async (name, bytes) => {
        const { sealer, opener } = openPair(name, 'screen');
        const outcome = await opener.open(await sealed(sealer, bytes.slice().buffer));
        expect(outcome).toMatchObject({ kind: 'opened', owner: { leafIndex: ALICE, source: 'screen', epoch: 1n } });
        expect(outcome.kind === 'opened' && hex(outcome.bytes)).toBe(hex(bytes));
      }),
    );
  });

  test('are to the byte what RFC 9605 says, written down with another library', async () => {
    const { sealer } = openPair('vp8', 'camera');
    const frame = bufferOf([0x50, 1, 2, 3, 4, 5]);
    for (let counter = 0; counter < 300; counter += 1) {
      const expected = referenceSeal({
        baseKey: baseKeyOf(1n),
        keyId: (1 << 14) | (ALICE << 4) | 1,
        counter,
        metadata: Uint8Array.of(0x50),
        plaintext: Uint8Array.of(1, 2, 3, 4, 5),
      });
      expect(hex(await sealed(sealer, frame))).toBe(`50${hex(expected)}`);
    }
  });

  test('the other suite seals and opens too', async () => {
    const { sealer, opener } = openPair('vp9', 'camera', { suite: AES_256_GCM_SHA512_128 });
    expect(await opened(opener, await sealed(sealer, bufferOf([7, 8, 9])))).toBe('070809');
  });

  test('of VP8 the first byte stays clear, of VP9 and Opus nothing', async () => {
    const frame = Uint8Array.from({ length: 200 }, (_, index) => (index * 7) & 0xff);
    for (const name of ['vp8', 'vp9', 'opus'] as const) {
      const bytes = hex(await sealed(openPair(name).sealer, frame.slice().buffer));
      const clear = name === 'vp8' ? 2 : 0;
      expect(bytes.slice(0, clear)).toBe(hex(frame).slice(0, clear));
      for (let at = clear; at < frame.length * 2 - 8; at += 8)
        expect(bytes).not.toContain(hex(frame).slice(at, at + 8));
    }
  });

  test('grow by 22 bytes at most: config 1 + key id 2 + counter 2 + tag 16 is 21', async () => {
    const store = new KeyStore(MAX_LEAVES - 1);
    const epoch = installed(store, 15n);
    for (const [name, source] of [
      ['vp8', 'screen'],
      ['opus', 'screen-audio'],
    ] as const) {
      const sealer = new FrameSealer({ source, codec: name });
      sealer.use(epoch);
      const key = epoch.sealing(source);
      while ((key.takeCounter() ?? 0n) < 65_534n);
      const frame = bufferOf(new Uint8Array(1200));
      const last = await sealed(sealer, frame); // counter 65,535
      const next = await sealed(sealer, frame); // counter 65,536 takes three bytes, up to 16,777,215
      expect([last.byteLength - frame.byteLength, next.byteLength - frame.byteLength]).toEqual([21, 22]);
    }
  });

  test('50 in flight have 50 nonces, and all open, in any order: before the key is derived and after', async () => {
    const { sealer, opener } = openPair('vp8');
    const frames = Array.from({ length: 50 }, (_, index) => bufferOf([0, index, index + 1]));
    const headers = new Set<string>();
    for (let flight = 0; flight < 2; flight += 1) {
      const out = await Promise.all(frames.map((frame) => sealed(sealer, frame)));
      for (const frame of out) headers.add(hex(new Uint8Array(frame).subarray(1, -18)));
      const back = await Promise.all(out.toReversed().map((frame) => opened(opener, frame)));
      expect(back.toReversed()).toEqual(frames.map(hex));
    }
    expect(headers.size).toBe(100);
  });

  test('a switch of epoch amid frames in flight mixes no keys', async () => {
    const { aliceKeys, bobKeys, sealer, opener } = openPair('opus', 'microphone');
    const frames = Array.from({ length: 20 }, (_, index) => bufferOf([index]));
    const before = frames.map((frame) => sealed(sealer, frame));
    sealer.use(installed(aliceKeys, 2n));
    const after = frames.map((frame) => sealed(sealer, frame));
    installed(bobKeys, 2n);
    for (const flight of [before, after]) {
      const back = await Promise.all(flight.map(async (frame) => await opened(opener, await frame)));
      expect(back).toEqual(frames.map(hex));
    }
  });

  test('of Opus, a frame without bytes stays without bytes; of video it is refused', async () => {
    const none = bufferOf([]);
    const audio = openPair('opus', 'microphone');
    expect(await audio.sealer.seal(none)).toEqual({ kind: 'empty' });
    expect(await audio.opener.open(none)).toEqual({ kind: 'empty' });
    for (const name of ['vp8', 'vp9'] as const) {
      const { sealer, opener } = openPair(name);
      expect(await sealer.seal(none)).toEqual({ kind: 'refused', reason: 'too-short' });
      expect(await opener.open(none)).toEqual({ kind: 'dropped', reason: 'too-short' });
    }
  });

  test('nothing is sealed before there is a key, and nothing goes out clear instead', async () => {
    const sealer = new FrameSealer({ source: 'camera', codec: 'vp8' });
    expect(await sealer.seal(bufferOf([1, 2, 3]))).toEqual({ kind: 'refused', reason: 'no-key' });
    expect(sealer.counts).toMatchObject({ sealed: 0, refused: { 'no-key': 1 } });
  });

  test('are counted', async () => {
    const { sealer, opener } = openPair('opus', 'microphone');
    const frame = await sealed(sealer, bufferOf([1]));
    await sealer.seal(bufferOf([]));
    await opener.open(frame);
    await opener.open(frame);
    await opener.open(bufferOf([]));
    expect(sealer.counts).toEqual({ sealed: 1, empty: 1, refused: { 'no-key': 0, 'too-short': 0, 'key-used-up': 0 } });
    expect(opener.counts).toMatchObject({ opened: 1, empty: 1, dropped: { replay: 1, forged: 0 } });
  });
});
