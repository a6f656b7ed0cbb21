import { EventEmitter } from 'node:events';
import type { types } from 'mediasoup-client';
import { describe, expect, test } from 'vitest';
import type { CallError, ProducerId } from '../../src/base/index.ts';
import type { CameraCodec } from '../../src/client/camera-codec.ts';
import type { E2ee } from '../../src/client/e2ee/e2ee.ts';
import type { LocalTrack } from '../../src/client/local-track.ts';
import { Pending } from '../../src/client/pending.ts';
import type { Session } from '../../src/client/session.ts';
import { openUplink } from '../../src/client/uplink.ts';
import type { SentClientMessage, Source } from '../../src/wire/index.ts';
import { recordedLog } from '../support/recorded-log.ts';
import { settled } from '../support/settled.ts';

interface ProduceOptions {
  readonly codec: { readonly mimeType: string };
  readonly encodings?: readonly object[];
  readonly onRtpSender: (sender: RTCRtpSender) => void;
  readonly appData: unknown;
}

/** What is used of mediasoup-client's transport: makes a sender, then asks for an id. Closing it ends what is under way. */
class FakeTransport extends EventEmitter {
  readonly id = 't1';
  closed = false;
  readonly observer = new EventEmitter();
  readonly asked: ProduceOptions[] = [];
  readonly senders: FakeSender[] = [];
  /** Offer and answer wait for this. */
  negotiation: Promise<void> = Promise.resolve();
  closedProducers = 0;
  readonly #end = new Pending<never>();

  async produce(options: ProduceOptions): Promise<unknown> {
    this.asked.push(options);
    const sender = new FakeSender(options.encodings?.length ?? 1);
    this.senders.push(sender);
    options.onRtpSender(sender as unknown as RTCRtpSender);
    await this.negotiation;
    for (const each of this.senders) each.answered();
    const answer = new Promise<{ readonly id: string }>((resolve, reject) => {
      this.emit('produce', { rtpParameters: {}, appData: options.appData }, resolve, reject);
    });
    const { id } = await Promise.race([answer, this.#end.promise]);
    const close = () => {
      this.closedProducers += 1;
    };
    return { id, closed: false, close, setMaxSpatialLayer: async () => undefined };
  }
  close(): void {
    this.closed = true;
    this.#end.promise.catch(() => undefined);
    this.#end.reject(new Error('closed'));
    this.observer.emit('close');
  }
}

class FakeSender {
  parameters: { encodings: RTCRtpEncodingParameters[] };
  constructor(count: number) {
    this.parameters = { encodings: Array.from({ length: count }, () => ({ active: true })) };
  }
  getParameters = () => structuredClone(this.parameters);
  setParameters = async (parameters: { encodings: RTCRtpEncodingParameters[] }) => {
    this.parameters = parameters;
  };
  /** As browsers do, when the other side's description calls none of several streams paused. */
  answered(): void {
    if (this.parameters.encodings.length > 1) for (const encoding of this.parameters.encodings) encoding.active = true;
  }
  get active() {
    return this.parameters.encodings.map(({ active }) => active);
  }
}

function open({ knows = ['video/VP8', 'video/VP9', 'audio/opus'], prefers = 'vp8' as CameraCodec } = {}) {
  const transport = new FakeTransport();
  const said: string[] = [];
  const answers: Pending<{ readonly producerId: ProducerId }>[] = [];
  let answersAtOnce = true;
  const link = {
    request: (body: SentClientMessage) => {
      said.push(body.case === 'closeProducer' ? `close ${body.value.producerId}` : body.case);
      const answer = new Pending<{ readonly producerId: ProducerId }>();
      answers.push(answer);
      if (answersAtOnce) answer.resolve({ producerId: 'p1' as ProducerId });
      return answer.promise;
    },
  };
  const device = { sendRtpCapabilities: { codecs: knows.map((mimeType) => ({ mimeType })) } };
  const sealed: string[] = [];
  const uplink = openUplink(transport as unknown as types.Transport, { link, device } as unknown as Session, {
    e2ee: { attachSender: (_, { source, codec }) => void sealed.push(`${source} ${codec}`) } as E2ee,
    log: recordedLog(),
    cameraCodec: async () => prefers,
  });
  const produce = (source: Source = 'camera') =>
    uplink.produce({ source, mediaStreamTrack: {}, muted: false } as LocalTrack);
  return {
    transport,
    uplink,
    said,
    answers,
    sealed,
    produce,
    answerLater: () => {
      answersAtOnce = false;
    },
  };
}

const p1 = 'p1' as ProducerId;

describe('a way to the server', () => {
  test.each<[CameraCodec, readonly string[], string]>([
    ['vp8', ['video/VP8', 'video/VP9'], 'video/VP8'],
    ['vp9', ['video/VP8', 'video/VP9'], 'video/VP9'],
    ['vp9', ['video/VP8'], 'video/VP8'],
  ])('a camera that prefers %s, of %j: %s, and sealed as such', async (prefers, knows, expected) => {
    const { transport, sealed, produce } = open({ prefers, knows: [...knows] });
    await produce();
    expect(transport.asked[0]?.codec.mimeType).toBe(expected);
    expect(sealed).toEqual([`camera ${expected.slice(-3).toLowerCase()}`]);
  });

  test('a screen is VP8, whatever cameras are', async () => {
    const { transport, produce } = open({ prefers: 'vp9' });
    await produce('screen');
    expect(transport.asked[0]?.codec.mimeType).toBe('video/VP8');
  });

  test('what is watched is known before the browser is done: the fact follows the answer at once', async () => {
    const { transport, uplink, answers, answerLater, produce } = open();
    answerLater();
    const produced = produce();
    await settled();
    answers[0]?.resolve({ producerId: p1 });
    await Promise.resolve(); // as far as the next message of a socket may be behind
    await Promise.resolve();
    uplink.layersWanted(p1, 0);
    await produced;
    await settled();
    expect(transport.senders[0]?.active).toEqual([true, false, false]);
  });

  test('what is watched of something else changes nothing', async () => {
    const { transport, uplink, produce } = open();
    await produce();
    uplink.layersWanted('p2' as ProducerId, undefined);
    await settled();
    expect(transport.senders[0]?.active).toEqual([true, true, true]);
  });

  test('held, nothing leaves, and what is switched on meanwhile is negotiated afterwards', async () => {
    const { transport, uplink, produce } = open();
    await produce();
    uplink.hold({ held: true });
    const microphone = produce('microphone');
    await settled();
    expect(transport.senders.map(({ active }) => active)).toEqual([[false, false, false]]);
    uplink.hold({ held: false });
    await microphone;
    expect(transport.senders.map(({ active }) => active)).toEqual([[true, true, true], [true]]);
  });

  test('held while the browser negotiates and the server is silent, nothing leaves: neither of that nor of another', async () => {
    const { transport, uplink, answers, answerLater, produce } = open();
    await produce('camera');
    answerLater();
    const negotiation = new Pending<void>();
    transport.negotiation = negotiation.promise;
    const second = produce('camera');
    await settled();
    uplink.hold({ held: true });
    await settled();
    negotiation.resolve();
    await settled();
    expect(transport.senders.map(({ active }) => active)).toEqual([
      [false, false, false],
      [false, false, false],
    ]);
    answers.at(-1)?.resolve({ producerId: p1 });
    await second;
  });

  test('held, what is switched off is withdrawn at once, and negotiated afterwards', async () => {
    const { transport, uplink, said, produce } = open();
    const camera = await produce();
    uplink.hold({ held: true });
    camera.close();
    await settled();
    expect([said, transport.closedProducers]).toEqual([['produce', 'close p1'], 0]);
    uplink.hold({ held: false });
    await settled();
    expect(transport.closedProducers).toBe(1);
  });

  test('closed while it is held, what waits is told', async () => {
    const { transport, uplink, produce } = open();
    uplink.hold({ held: true });
    const camera = produce();
    await settled();
    transport.close();
    await expect(camera).rejects.toMatchObject({ code: 'unavailable' });
    expect(transport.asked).toEqual([]);
  });

  test('closed while the server answers withdraws what stands there, before anybody tries again', async () => {
    const { transport, said, answers, answerLater, produce } = open();
    answerLater();
    const produced = produce();
    let failed = false;
    produced.catch(() => {
      failed = true;
    });
    await settled();
    transport.close();
    await settled();
    expect([failed, said]).toEqual([false, ['produce']]);
    answers[0]?.resolve({ producerId: p1 });
    await settled();
    expect([failed, said]).toEqual([true, ['produce', 'close p1']]);
  });

  test('refused, there is nothing to withdraw', async () => {
    const { said, answers, answerLater, produce } = open();
    answerLater();
    const produced = produce();
    await settled();
    answers[0]?.reject(new Error('no') as CallError);
    await expect(produced).rejects.toThrow('no');
    expect(said).toEqual(['produce']);
  });
});
