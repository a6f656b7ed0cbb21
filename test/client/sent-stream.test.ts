import { describe, expect, test } from 'vitest';
import { encodingPlan } from '../../src/client/encodings.ts';
import { Pending } from '../../src/client/pending.ts';
import { SentStream } from '../../src/client/sent-stream.ts';
import { recordedLog } from '../support/recorded-log.ts';
import { settled } from '../support/settled.ts';

/** An RTCRtpSender as browsers make it: parameters serve for one change, and changes take a while. */
class FakeSender {
  encodings: RTCRtpEncodingParameters[];
  degradationPreference: RTCDegradationPreference | undefined;
  changes = 0;
  failure: Error | undefined;
  #read: RTCRtpSendParameters | undefined;

  constructor(count: number) {
    this.encodings = Array.from({ length: count }, () => ({ active: true }));
  }
  getParameters(): RTCRtpSendParameters {
    this.#read = structuredClone({ encodings: this.encodings }) as RTCRtpSendParameters;
    return this.#read;
  }
  async setParameters(parameters: RTCRtpSendParameters): Promise<void> {
    if (this.failure) throw this.failure;
    if (parameters !== this.#read) throw new DOMException('not what was read last', 'InvalidStateError');
    await settled();
    this.#read = undefined;
    this.changes += 1;
    this.encodings = parameters.encodings;
    this.degradationPreference = parameters.degradationPreference;
  }
  get active(): readonly (boolean | undefined)[] {
    return this.encodings.map((each) => each.active);
  }
}

function open(source: 'camera' | 'screen' = 'camera') {
  const plan = encodingPlan(source, 'vp8');
  const sender = new FakeSender(plan.encodings?.length ?? 1);
  const log = recordedLog();
  return { sender, log, stream: new SentStream(sender, plan, log) };
}

/** Longer than any change takes. */
async function changed(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await settled();
}

describe('a stream that is sent', () => {
  test('loses the layers that nobody watches, and has them again', async () => {
    const { sender, stream } = open();
    stream.set({ top: 0 });
    await changed();
    expect(sender.active).toEqual([true, false, false]);
    stream.set({ top: 2 });
    await changed();
    expect(sender.active).toEqual([true, true, true]);
  });

  test('that is held comes back as it was watched meanwhile', async () => {
    const { sender, stream } = open();
    stream.set({ held: true });
    stream.set({ top: 1 });
    await changed();
    expect(sender.active).toEqual([false, false, false]);
    stream.set({ held: false });
    await changed();
    expect(sender.active).toEqual([true, true, false]);
  });

  test('wishes that come while a change is under way are carried out after it, each from what is then', async () => {
    const { sender, stream, log } = open();
    for (const top of [0, undefined, 2, 1]) stream.set({ top });
    await changed();
    expect([sender.active, log.lines]).toEqual([[true, true, false], []]);
  });

  test('is not changed for nothing', async () => {
    const { sender, stream } = open();
    stream.set({ top: 2 });
    stream.set({ held: false });
    await changed();
    expect(sender.changes).toBe(0);
  });

  test('a screen keeps its resolution', async () => {
    const { sender, stream } = open('screen');
    stream.set({});
    await changed();
    expect(sender.degradationPreference).toBe('maintain-resolution');
  });

  test('a browser that refuses is logged, and asked again at the next change', async () => {
    const { sender, stream, log } = open();
    sender.failure = new DOMException('', 'InvalidModificationError');
    stream.set({ top: 0 });
    await changed();
    sender.failure = undefined;
    stream.set({ top: 1 });
    await changed();
    expect([log.lines.map(({ event }) => event), sender.active]).toEqual([['encodings not set'], [true, true, false]]);
  });

  test('is described to other negotiations as it is, once what is under way is done', async () => {
    const { sender, stream } = open();
    const described: number[] = [];
    const underWay = new Pending<void>();
    const setMaxSpatialLayer = async (layer: number) => {
      described.push(layer);
      await underWay.promise;
      sender.encodings = sender.encodings.map((_, index) => ({ active: index <= layer })); // as mediasoup-client does
    };
    stream.set({ top: 0 });
    await changed();
    stream.negotiated({ setMaxSpatialLayer });
    await changed();
    for (const held of [true, false]) stream.set({ held, top: 2 });
    await changed();
    expect([described, sender.active]).toEqual([[0], [true, true, true]]);
    underWay.resolve();
    await changed();
    await changed();
    expect([described, sender.active]).toEqual([
      [0, 2],
      [true, true, true],
    ]);
  });

  test('that is sent as it was negotiated needs no other negotiation', async () => {
    const { stream } = open();
    stream.set({ held: false });
    stream.negotiated({ setMaxSpatialLayer: () => expect.unreachable() });
    await changed();
  });

  test('held is described as nothing', async () => {
    const { stream } = open();
    const described: number[] = [];
    stream.negotiated({ setMaxSpatialLayer: async (layer) => void described.push(layer) });
    stream.set({ held: true });
    await changed();
    expect(described).toEqual([-1]);
  });

  test('of one stream says nothing to others: they cannot turn it on', async () => {
    const { stream } = open('screen');
    stream.negotiated({ setMaxSpatialLayer: () => expect.unreachable() });
    stream.set({ top: undefined });
    await changed();
  });
});
