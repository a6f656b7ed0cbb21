import { describe, expect, test } from 'vitest';
import { FrameSealer, KeyStore, MAX_LEAVES } from '../../../src/crypto/sframe/index.ts';
import { ALICE, baseKeyOf, bufferOf, hex, installed, opened, openPair, sealed } from './frames-fixture.ts';

const FRAME = bufferOf([1, 2, 3, 4]);

describe('epochs', () => {
  test('n and n + 16 share their low bits: the older is gone before the newer stands', async () => {
    const { aliceKeys, bobKeys, sealer, opener } = openPair('vp9');
    const old = await sealed(sealer, FRAME);
    const older = await sealed(sealer, FRAME);
    expect(await opened(opener, old)).toBe(hex(FRAME));

    sealer.use(installed(aliceKeys, 17n));
    const newer = await sealed(sealer, FRAME);
    expect(hex(newer).slice(0, 6)).toBe(hex(old).slice(0, 6)); // the same config byte and key id

    expect(await opener.open(newer)).toEqual({ kind: 'dropped', reason: 'replay' }); // taken for epoch 1, counter 0
    installed(bobKeys, 17n);
    expect(await opened(opener, newer)).toBe(hex(FRAME));
    expect(await opener.open(older)).toEqual({ kind: 'dropped', reason: 'forged' });
  });

  test('a frame of an epoch that is not installed yet has no key, and opens when it is', async () => {
    const { aliceKeys, bobKeys, sealer, opener } = openPair('vp8');
    sealer.use(installed(aliceKeys, 2n));
    const frame = await sealed(sealer, FRAME);
    expect(await opener.open(frame)).toEqual({ kind: 'dropped', reason: 'no-key' });
    installed(bobKeys, 2n);
    expect(await opened(opener, frame)).toBe(hex(FRAME));
  });

  test('an old epoch opens until it is forgotten, and not a frame later, also of those in flight', async () => {
    const { bobKeys, sealer, opener } = openPair('opus', 'microphone');
    const [first, second, third] = [
      await sealed(sealer, FRAME),
      await sealed(sealer, FRAME),
      await sealed(sealer, FRAME),
    ];
    installed(bobKeys, 2n);
    expect(await opened(opener, first)).toBe(hex(FRAME));
    const inFlight = opener.open(second);
    bobKeys.forget(1n);
    expect(await inFlight).toEqual({ kind: 'dropped', reason: 'no-key' });
    expect(await opener.open(third)).toEqual({ kind: 'dropped', reason: 'no-key' });
  });

  test('forgetting an epoch leaves the one that took its place', () => {
    const store = new KeyStore(ALICE);
    installed(store, 1n);
    const keys = installed(store, 17n);
    store.forget(1n);
    expect(store.has(keys)).toBe(true);
  });

  test('an epoch is installed once, and never after a newer one: its counters would begin again', () => {
    const store = new KeyStore(ALICE);
    installed(store, 5n);
    store.forget(5n);
    expect(store.install(5n, baseKeyOf(5n))).toBeUndefined();
    expect(store.install(4n, baseKeyOf(4n))).toBeUndefined();
    expect(store.install(6n, baseKeyOf(6n))).toBeDefined();
  });

  test('two sealers of one source never share a counter: a source that is published again goes on', async () => {
    const { epoch, sealer, opener } = openPair('vp8');
    const again = new FrameSealer({ source: 'camera', codec: 'vp8' });
    again.use(epoch);
    sealer.use(epoch);
    const frames = [await sealed(sealer, FRAME), await sealed(again, FRAME), await sealed(sealer, FRAME)];
    expect(new Set(frames.map(hex)).size).toBe(3);
    for (const frame of frames) expect(await opened(opener, frame)).toBe(hex(FRAME));
  });

  test('a sealer does not go back to an older epoch', async () => {
    const { aliceKeys, epoch, sealer, bobKeys, opener } = openPair('vp9');
    sealer.use(installed(aliceKeys, 2n));
    sealer.use(epoch);
    installed(bobKeys, 2n);
    const outcome = await opener.open(await sealed(sealer, FRAME));
    expect(outcome).toMatchObject({ kind: 'opened', owner: { epoch: 2n } });
  });

  test('a key seals its share of frames and then no more; the next epoch begins at 0', async () => {
    const { aliceKeys, sealer } = openPair('vp9', 'screen', { maxFramesPerKey: 2n });
    await sealed(sealer, FRAME);
    await sealed(sealer, FRAME);
    expect(await sealer.seal(FRAME)).toEqual({ kind: 'refused', reason: 'key-used-up' });
    sealer.use(installed(aliceKeys, 2n));
    expect(hex(await sealed(sealer, FRAME)).slice(0, 6)).toBe('908032');
  });

  test('a key that was prepared makes no frame wait', async () => {
    const { epoch, bobKeys } = openPair('vp9');
    await epoch.prepare({ leafIndex: ALICE, source: 'camera' });
    expect(epoch.sealing('camera').lazy.ready).toBeDefined();
    const camera = { leafIndex: ALICE, source: 'camera' } as const;
    await bobKeys.at(1)?.prepare(camera);
    expect(bobKeys.at(1)?.opening(camera).lazy.ready).toBeDefined();
  });

  test('frames that wait for the first key keep their order, in sealing and through a stream', async () => {
    const { sealer, opener } = openPair('opus', 'microphone');
    const frames = await Promise.all([1, 2, 3, 4].map((byte) => sealed(sealer, bufferOf([byte]))));
    expect(frames.map((frame) => hex(frame).slice(0, 4))).toEqual(['8031', '8131', '8231', '8331']);

    const order: string[] = [];
    const open = new TransformStream<ArrayBuffer, string>({
      transform: async (frame, controller) => controller.enqueue(await opened(opener, frame)),
    });
    const collect = new WritableStream<string>({ write: (frame) => void order.push(frame) });
    const received = new ReadableStream<ArrayBuffer>({
      start(controller) {
        for (const frame of frames) controller.enqueue(frame);
        controller.close();
      },
    });
    await received.pipeThrough(open).pipeTo(collect);
    expect(order).toEqual(['01', '02', '03', '04']);
  });

  test('a leaf that key ids have no room for gets no keys', () => {
    expect(() => new KeyStore(MAX_LEAVES)).toThrow('has no key id');
  });
});
