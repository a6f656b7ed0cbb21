import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CallError, ProducerId } from '../../src/base/index.ts';
import type { RtpParameters, Sfu, Source } from '../../src/sfu/index.ts';
import { joinPeer, openSfu } from '../support/open-sfu.ts';
import {
  dtlsParameters,
  opusRtpParameters,
  screenRtpParameters,
  simulcastRtpParameters,
} from '../support/rtp-fixtures.ts';

let sfu: Sfu;
beforeAll(async () => {
  sfu = await openSfu();
});
afterAll(() => sfu.close());

const refusal = (code: CallError['code']) => expect.objectContaining({ name: 'CallError', code });
const live = { paused: false };

describe('publishing', () => {
  test('is told to the others, with what is paused', async () => {
    const [ada, bob] = [await joinPeer(sfu, 'told'), await joinPeer(sfu, 'told')];
    const camera = await ada.peer.produce('camera', simulcastRtpParameters(), { paused: true });
    const screen = await ada.peer.produce('screen', screenRtpParameters(), live);
    const sound = await ada.peer.produce('screen-audio', opusRtpParameters('3'), live);
    expect(bob.told('producerOpened')).toEqual([
      { peerId: ada.id, producer: { id: camera, source: 'camera', paused: true } },
      { peerId: ada.id, producer: { id: screen, source: 'screen', paused: false } },
      { peerId: ada.id, producer: { id: sound, source: 'screen-audio', paused: false } },
    ]);
    expect(ada.told('producerOpened')).toEqual([]);
  });

  test('a source is published once, until it is closed', async () => {
    const { peer } = await joinPeer(sfu, 'once');
    const id = await peer.produce('microphone', opusRtpParameters('0'), live);
    await expect(peer.produce('microphone', opusRtpParameters('1'), live)).rejects.toEqual(refusal('forbidden'));
    peer.closeProducer(id);
    await peer.produce('microphone', opusRtpParameters('2'), live);
  });

  test('a source is published once, even when asked for twice at the same moment', async () => {
    const { peer } = await joinPeer(sfu, 'at-once');
    const producing = ['0', '1', '2'].map((mid) => peer.produce('microphone', opusRtpParameters(mid), live));
    const outcomes = await Promise.allSettled(producing);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
  });

  test('a refused source can be tried again', async () => {
    const { peer } = await joinPeer(sfu, 'again');
    await expect(peer.produce('camera', { ...simulcastRtpParameters(), encodings: [{}, {}] }, live)).rejects.toEqual(
      refusal('invalid'),
    );
    await peer.produce('camera', simulcastRtpParameters(), live);
  });

  test.each([
    ['microphone', simulcastRtpParameters()],
    ['screen-audio', simulcastRtpParameters()],
    ['camera', opusRtpParameters()],
    ['screen', opusRtpParameters()],
    [
      'camera',
      { ...simulcastRtpParameters(), codecs: [...simulcastRtpParameters().codecs, ...opusRtpParameters().codecs] },
    ],
  ] satisfies [Source, RtpParameters][])(
    'a %s is refused with codecs of the other kind',
    async (source, rtpParameters) => {
      const { peer } = await joinPeer(sfu, 'kind');
      await expect(peer.produce(source, rtpParameters, live)).rejects.toEqual(refusal('forbidden'));
      peer.leave();
    },
  );

  const camera = simulcastRtpParameters();
  const [vp8, rtx] = camera.codecs;
  const bad: Record<string, RtpParameters> = {
    'no codec': { ...camera, codecs: [] },
    'a codec that is not routed': {
      ...camera,
      codecs: [{ mimeType: 'video/theora', payloadType: 96, clockRate: 90_000 }],
    },
    'only RTX': { ...camera, codecs: rtx ? [rtx] : [] },
    'RTX of nothing': { ...camera, codecs: vp8 && rtx ? [vp8, { ...rtx, parameters: { apt: 55 } }] : [] },
    'RTX that does not say of what': { ...camera, codecs: vp8 && rtx ? [vp8, { ...rtx, parameters: {} }] : [] },
    'a payload type twice': { ...camera, codecs: vp8 ? [vp8, vp8] : [] },
    'an encoding with an unknown payload type': { ...camera, encodings: [{ rid: 'r0', codecPayloadType: 12 }] },
    'encodings with neither ssrc nor rid': { ...camera, encodings: [{}, {}] },
    'one encoding, no ssrc, no rid, no mid': { ...camera, mid: '', encodings: [{}] },
    'simulcast and SVC at once': {
      ...camera,
      encodings: [
        { rid: 'r0', scalabilityMode: 'L3T3' },
        { rid: 'r1', scalabilityMode: 'L3T3' },
      ],
    },
    'header extension 0': { ...camera, headerExtensions: [{ uri: 'urn:ietf:params:rtp-hdrext:sdes:mid', id: 0 }] },
  };

  test.each(Object.entries(bad))('%s is invalid, and nothing is told', async (_, rtpParameters) => {
    const [ada, bob] = [await joinPeer(sfu, 'bad'), await joinPeer(sfu, 'bad')];
    await expect(ada.peer.produce('camera', rtpParameters, live)).rejects.toEqual(refusal('invalid'));
    expect(bob.told('producerOpened')).toEqual([]);
    ada.peer.leave();
    bob.peer.leave();
    expect(sfu.load.workerDeaths).toBe(0);
  });

  test('simulcast of sound is invalid', async () => {
    const { peer } = await joinPeer(sfu, 'simulcast-sound');
    const rtpParameters = { ...opusRtpParameters(), encodings: [{ ssrc: 1 }, { ssrc: 2 }] };
    await expect(peer.produce('microphone', rtpParameters, live)).rejects.toEqual(refusal('invalid'));
  });

  test.each([
    ['mid', opusRtpParameters('0'), { ...opusRtpParameters('1'), mid: '0' }],
    ['ssrc', opusRtpParameters('0'), { ...opusRtpParameters('1'), encodings: opusRtpParameters('0').encodings ?? [] }],
  ])("one's own %s used twice is invalid, and keeps the cause for the log", async (_, first, second) => {
    const { peer } = await joinPeer(sfu, 'twice');
    await peer.produce('microphone', first, live);
    const error = await peer.produce('screen-audio', second, live).catch((each: unknown) => each);
    expect(error).toEqual(refusal('invalid'));
    expect((error as CallError).cause).toBeInstanceOf(Error);
    peer.leave();
  });

  test('the mid and ssrc of another peer are not ones to fight over', async () => {
    const [ada, bob] = [await joinPeer(sfu, 'same-mid'), await joinPeer(sfu, 'same-mid')];
    await ada.peer.produce('microphone', opusRtpParameters('0'), live);
    await bob.peer.produce('microphone', opusRtpParameters('0'), live);
  });
});

describe('muting', () => {
  test('is told to the others when it changes something, in order', async () => {
    const [ada, bob] = [await joinPeer(sfu, 'mute'), await joinPeer(sfu, 'mute')];
    const id = await ada.peer.produce('microphone', opusRtpParameters(), live);
    await Promise.all([true, true, false, true].map((paused) => ada.peer.setProducerPaused(id, { paused })));
    const heard = bob.facts.map((fact) => fact.case).filter((name) => name.startsWith('producer'));
    expect(heard).toEqual(['producerOpened', 'producerPaused', 'producerResumed', 'producerPaused']);
    const cleo = await joinPeer(sfu, 'mute');
    const entry = cleo.peer.roster.find((each) => each.id === ada.id);
    expect(entry?.producers).toEqual([{ id, source: 'microphone', paused: true }]);
  });

  test('a producer that closes meanwhile is not found any more', async () => {
    const [ada, bob] = [await joinPeer(sfu, 'mute-close'), await joinPeer(sfu, 'mute-close')];
    const id = await ada.peer.produce('microphone', opusRtpParameters(), live);
    const muting = ada.peer.setProducerPaused(id, { paused: true });
    ada.peer.closeProducer(id);
    await expect(muting).rejects.toMatchObject({ code: expect.stringMatching(/^(not-found|invalid)$/) });
    expect(bob.facts.at(-1)).toEqual({ case: 'producerClosed', value: { producerId: id } });
  });

  test("others' producers and unknown ones are not found", async () => {
    const [ada, bob] = [await joinPeer(sfu, 'foreign'), await joinPeer(sfu, 'foreign')];
    const id = await ada.peer.produce('microphone', opusRtpParameters(), live);
    for (const foreign of [id, 'nonsense' as ProducerId]) {
      await expect(bob.peer.setProducerPaused(foreign, { paused: true })).rejects.toEqual(refusal('not-found'));
      expect(() => bob.peer.closeProducer(foreign)).toThrow(refusal('not-found'));
    }
    expect(ada.facts.map((fact) => fact.case)).toEqual(['peerJoined']);
  });
});

describe('transports', () => {
  test('connect once each', async () => {
    const { peer } = await joinPeer(sfu, 'connect');
    await peer.connectTransport('send', dtlsParameters());
    await peer.connectTransport('recv', dtlsParameters());
    await expect(peer.connectTransport('send', dtlsParameters())).rejects.toEqual(refusal('out-of-order'));
  });

  test('connecting twice at the same moment is out of order', async () => {
    const { peer } = await joinPeer(sfu, 'connect-twice');
    const first = peer.connectTransport('send', dtlsParameters());
    await expect(peer.connectTransport('send', dtlsParameters())).rejects.toEqual(refusal('out-of-order'));
    await first;
  });

  test('DTLS parameters that mediasoup refuses are invalid, and may be tried again', async () => {
    const { peer } = await joinPeer(sfu, 'connect-bad');
    const none = { ...dtlsParameters(), fingerprints: [] };
    await expect(peer.connectTransport('send', none)).rejects.toEqual(refusal('invalid'));
    await peer.connectTransport('send', dtlsParameters());
  });

  test('restarting ICE gives a new password each time', async () => {
    const { peer } = await joinPeer(sfu, 'restart');
    const before = peer.recvTransport.iceParameters.password;
    const [first, second] = [await peer.restartIce('recv'), await peer.restartIce('recv')];
    expect(new Set([before, first.password, second.password]).size).toBe(3);
  });
});
