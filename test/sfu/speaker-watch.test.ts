import { createWorker, type types } from 'mediasoup';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PeerId, type ProducerId, Scope, systemClock } from '../../src/base/index.ts';
import { CODECS } from '../../src/sfu/codecs.ts';
import { SpeakerWatch } from '../../src/sfu/speaker-watch.ts';
import { opusRtpParameters } from '../support/rtp-fixtures.ts';
import { until } from '../support/until.ts';

const workerBin = process.env.CONCLAVE_WORKER_BIN;
const scope = new Scope();
let router: types.Router;
beforeAll(async () => {
  const worker = scope.own(await createWorker(workerBin === undefined ? {} : { workerBin }));
  router = await worker.createRouter({ mediaCodecs: CODECS });
});
afterAll(() => scope.close());

/** One RTP packet of Opus with an audio level (RFC 6464) in header extension 1; `levelDbov` from -127 to 0. */
function opusPacket(sequence: number, ssrc: number, levelDbov: number): Buffer {
  const packet = Buffer.alloc(12 + 8 + 3);
  packet.writeUInt16BE(0x90_6f, 0); // version 2, with extensions; payload type 111
  packet.writeUInt16BE(sequence & 0xffff, 2);
  packet.writeUInt32BE(sequence * 960, 4);
  packet.writeUInt32BE(ssrc, 8);
  packet.writeUInt32BE(0xbede_0001, 12); // one-byte extensions, one word
  packet.writeUInt8(0x10, 16);
  packet.writeUInt8(-levelDbov, 17);
  return packet;
}

/** A microphone that sends 50 packets a second as loud as `levelDbov` says. */
async function microphone(mid: string) {
  const transport = scope.own(await router.createDirectTransport());
  const rtpParameters = opusRtpParameters(mid) as types.RtpParameters;
  const producer = await transport.produce({ kind: 'audio', rtpParameters });
  const ssrc = rtpParameters.encodings?.[0]?.ssrc ?? 0;
  const sender = { id: producer.id as ProducerId, peerId: mid as PeerId, levelDbov: -127, producer };
  let sequence = 0;
  const sending = setInterval(() => {
    sequence += 1;
    if (!producer.closed) producer.send(opusPacket(sequence, ssrc, sender.levelDbov));
  }, 20);
  scope.add(() => clearInterval(sending));
  return sender;
}

describe('speakers, by real packets through a real worker', () => {
  test('are told when they begin and end, not otherwise; who mutes is silent at once', async () => {
    const watch = new SpeakerWatch(systemClock);
    scope.add(() => watch.close());
    const ear = await watch.openEar(router, scope);
    const told: (readonly PeerId[])[] = [];
    watch.facts.on('changed', (peerIds) => told.push(peerIds));
    const [ada, bob] = [await microphone('1'), await microphone('2')];
    watch.add(ada, ear);
    watch.add(bob, ear);

    ada.levelDbov = -25;
    await until('Ada speaks', () => watch.speakers.join() === '1');
    bob.levelDbov = -10;
    await until('Bob speaks, louder', () => watch.speakers.join() === '2,1');
    ada.levelDbov = -127;
    await until('Ada is done', () => watch.speakers.join() === '2');
    await bob.producer.pause();
    watch.paused(bob.peerId);
    expect(watch.speakers).toEqual([]);

    await bob.producer.resume();
    await until('Bob speaks again', () => watch.speakers.join() === '2');
    bob.levelDbov = -127;
    await until('the room is silent', () => watch.speakers.length === 0);
    const steps = told.map((peerIds) => peerIds.join());
    expect(steps.filter((step, at) => step === steps[at - 1])).toEqual([]);
    expect(steps.at(-1)).toBe('');
  });
});
