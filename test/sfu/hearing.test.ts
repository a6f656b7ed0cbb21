import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ProducerId } from '../../src/base/index.ts';
import { type DirectPeer, DirectRoom } from '../support/direct-room.ts';
import { opusRtpParameters } from '../support/rtp-fixtures.ts';
import type { RtpMicrophone } from '../support/rtp-microphone.ts';
import { until } from '../support/until.ts';

const MICROPHONES = 13;
const MAX_HEARD = 10;

/** What a person notices (the issue): from the first sound to the first packet, with the opening of the consumer. */
const CLAIM_LIMIT_MS = 300;

/** Measured: 210 to 480 ms, which is the interval of the meter and its 10 packets. Three times that and more. */
const MEASURED_LIMIT_MS = 1_500;

/** In a second so many, and no more, may take places of others without being measured. */
const NEW_MS = 1_100;

interface Speaker extends DirectPeer {
  readonly sound: RtpMicrophone;
  readonly id: ProducerId;
}

let room: DirectRoom;
let listener: DirectPeer;
const speakers: Speaker[] = [];
beforeAll(async () => {
  room = await DirectRoom.open(MAX_HEARD);
  for (let count = 0; count < MICROPHONES; count += 1) {
    const peer = await room.join();
    const sound = await peer.microphone();
    speakers.push({ ...peer, sound, id: sound.producer.id as ProducerId });
    peer.peer.setView({ tiles: [], hears: true });
  }
  // So that those who have just come hold none of the places that are given without measuring.
  const comeMs = performance.now();
  await until('they are no longer new', () => performance.now() - comeMs > NEW_MS);
  listener = await room.join();
  listener.peer.setView({ tiles: [], hears: true });
});
afterAll(() => room.close());

/** What `peer` has, and whether it flows. */
const consumersOf = ({ consumers }: DirectPeer) => [...consumers.values()].filter(({ closed }) => !closed);
const heardBy = (peer: DirectPeer) => consumersOf(peer).filter(({ paused }) => !paused);

/** One for whom the listener has no consumer, so that one must be opened. */
function unheard(): Speaker {
  const speaker = speakers.find(({ id }) => listener.consumers.get(id)?.closed ?? true);
  if (!speaker) throw new Error('everybody is heard');
  return speaker;
}

/** From the first sound of `speaker` to its first packet at the listener. */
async function beginsToSpeak(speaker: Speaker, { claims }: { readonly claims: boolean }): Promise<number> {
  const startMs = performance.now();
  const arrived = once(listener.packets, speaker.id);
  speaker.sound.levelDbov = -25;
  if (claims) speaker.peer.beginsToSpeak();
  await arrived;
  const tookMs = performance.now() - startMs;
  process.stdout.write(
    `heard ${Math.round(tookMs)} ms after the first sound, ${claims ? 'with' : 'without'} a claim\n`,
  );
  return tookMs;
}

describe('a room with more microphones than are heard', () => {
  test('hears so many, and nobody hears itself', async () => {
    await until('the listener hears ten', () => heardBy(listener).length === MAX_HEARD);
    for (const speaker of speakers) {
      await until('a speaker hears the same but itself', () => heardBy(speaker).length >= MAX_HEARD - 1);
      expect(speaker.consumers.has(speaker.id)).toBe(false);
    }
    expect(consumersOf(listener).length).toBe(MAX_HEARD);
  });

  test('hears who says that it begins to speak within 300 ms', async () => {
    expect(await beginsToSpeak(unheard(), { claims: true })).toBeLessThan(CLAIM_LIMIT_MS);
    expect(heardBy(listener).length).toBe(MAX_HEARD);
  });

  test('hears who begins to speak without a word as soon as it is measured', async () => {
    expect(await beginsToSpeak(unheard(), { claims: false })).toBeLessThan(MEASURED_LIMIT_MS);
    expect(heardBy(listener).length).toBe(MAX_HEARD);
  });

  test('keeps who has just made room at rest, and hears it again without opening anything', async () => {
    const resting = await until('who rests', () =>
      speakers.find(({ id }) => listener.consumers.get(id)?.closed === false && listener.consumers.get(id)?.paused),
    );
    const opened = listener.facts.filter((fact) => fact.case === 'consumerOpened').length;
    expect(await beginsToSpeak(resting, { claims: true })).toBeLessThan(CLAIM_LIMIT_MS);
    expect(listener.facts.filter((fact) => fact.case === 'consumerOpened').length).toBe(opened);
  });

  test('hears the sound of a screen besides', async () => {
    const presenter = speakers[0];
    const id = await presenter?.peer.produce('screen-audio', opusRtpParameters('1'), { paused: false });
    await until('the screen is heard', () => heardBy(listener).some(({ producerId }) => producerId === id));
    expect(heardBy(listener).length).toBe(MAX_HEARD + 1);
  });

  test('hears two screens, and none that is muted in place of one that is not', async () => {
    const [first, second, third] = speakers;
    const share = async (speaker: Speaker | undefined, paused: boolean) =>
      (await speaker?.peer.produce('screen-audio', opusRtpParameters('2'), { paused })) as ProducerId;
    const hears = (...ids: readonly (ProducerId | undefined)[]) => {
      const heard = heardBy(listener).map(({ producerId }) => producerId);
      return heard.length === MAX_HEARD + ids.length && ids.every((id) => id && heard.includes(id));
    };
    const film =
      first &&
      [...listener.consumers.keys()].find((id) =>
        listener.facts.some(
          (fact) =>
            fact.case === 'producerOpened' &&
            fact.value.producer.id === id &&
            fact.value.producer.source === 'screen-audio',
        ),
      );
    const muted = await share(second, true);
    const music = await share(third, false);
    await until('the two that are not muted', () => hears(film, music));
    await second?.peer.setProducerPaused(muted, { paused: false });
    await until('the latest two', () => hears(muted, music));
    await third?.peer.setProducerPaused(music, { paused: true });
    await until('the two that are not muted', () => hears(film, muted));
    second?.peer.closeProducer(muted);
    third?.peer.closeProducer(music);
  });

  test('hears everybody when there are no more than may be heard', async () => {
    for (const speaker of speakers.splice(0, MICROPHONES - MAX_HEARD)) speaker.peer.leave();
    await until('all are heard', () => heardBy(listener).length === MAX_HEARD);
    const heard = heardBy(listener).map(({ producerId }) => producerId);
    expect(new Set(heard)).toEqual(new Set(speakers.map(({ id }) => id)));
  });
});
