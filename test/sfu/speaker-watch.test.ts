import { createWorker, type types } from 'mediasoup';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PeerId, type ProducerId, Scope, systemClock } from '../../src/base/index.ts';
import { AudioMeter } from '../../src/sfu/audio-meter.ts';
import { CODECS } from '../../src/sfu/codecs.ts';
import { SpeakerWatch } from '../../src/sfu/speaker-watch.ts';
import { opusRtpParameters } from '../support/rtp-fixtures.ts';
import { RtpMicrophone } from '../support/rtp-microphone.ts';
import { until } from '../support/until.ts';

const workerBin = process.env.CONCLAVE_WORKER_BIN;
const scope = new Scope();
let router: types.Router;
beforeAll(async () => {
  const worker = scope.own(await createWorker(workerBin === undefined ? {} : { workerBin }));
  router = await worker.createRouter({ mediaCodecs: CODECS });
});
afterAll(() => scope.close());

/** A microphone of somebody whose name is its mid. */
async function microphone(mid: string) {
  const transport = scope.own(await router.createDirectTransport());
  const rtpParameters = opusRtpParameters(mid) as types.RtpParameters;
  const sound = scope.own(new RtpMicrophone(await transport.produce({ kind: 'audio', rtpParameters })));
  return { id: sound.producer.id as ProducerId, peerId: mid as PeerId, sound };
}

describe('speakers, by real packets through a real worker', () => {
  test('are told when they begin and end, not otherwise; who mutes is silent at once', async () => {
    const watch = new SpeakerWatch(systemClock);
    const meter = await AudioMeter.open(router, scope, 10);
    meter.facts.on('measured', (levels) => watch.measured(levels));
    const told: (readonly PeerId[])[] = [];
    watch.facts.on('changed', (peerIds) => told.push(peerIds));
    const [ada, bob] = [await microphone('1'), await microphone('2')];
    meter.add(ada);
    meter.add(bob);

    ada.sound.levelDbov = -25;
    await until('Ada speaks', () => watch.speakers.join() === '1');
    bob.sound.levelDbov = -10;
    await until('Bob speaks, louder', () => watch.speakers.join() === '2,1');
    ada.sound.silence();
    await until('Ada is done', () => watch.speakers.join() === '2');
    await bob.sound.producer.pause();
    watch.silenced(bob.peerId);
    expect(watch.speakers).toEqual([]);

    await bob.sound.producer.resume();
    await until('Bob speaks again', () => watch.speakers.join() === '2');
    bob.sound.silence();
    await until('the room is silent', () => watch.speakers.length === 0);
    const steps = told.map((peerIds) => peerIds.join());
    expect(steps.filter((step, at) => step === steps[at - 1])).toEqual([]);
    expect(steps.at(-1)).toBe('');
  });
});
