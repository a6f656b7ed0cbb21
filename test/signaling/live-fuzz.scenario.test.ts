import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ConsumerId, RoomId } from '../../src/base/index.ts';
import type { Sfu } from '../../src/sfu/index.ts';
import {
  type AnyRtpCapabilities,
  type AnyRtpParameters,
  encodeClientFrame,
  MAX_FRAME_BYTES,
  type SentClientMessage,
} from '../../src/wire/index.ts';
import { openSfu } from '../support/open-sfu.ts';
import {
  browserRtpCapabilities,
  dtlsParameters,
  opusRtpParameters,
  simulcastRtpParameters,
} from '../support/rtp-fixtures.ts';
import { mutateFields } from '../wire/field-mutation.ts';
import { clientMessage } from '../wire/frame-arbitraries.ts';
import { mutate, randomFrom } from '../wire/frame-mutation.ts';
import { Attacker, type Fate, type Standing } from './attacker.ts';
import { Bystanders } from './bystanders.ts';
import { isEmpty, SignalingFixture } from './signaling-fixture.ts';

const FRAMES = 10_000;

/** By then every kind of frame has been seen, and what is made once is made. */
const WARM_UP_FRAMES = 2_000;

/** Bystanders are looked after this often. More often finds a failure nearer to its frame and takes longer. */
const FRAMES_BETWEEN_LOOKS = 50;

/** The bystanders' facts, some hundred bytes a frame, are kept by the test. 300 sessions that leak would be 9 MB. */
const HEAP_GROWTH_LIMIT_BYTES = 8 * 1024 * 1024;

/** More than 256 KiB end the connection without a word, as another test shows. */
const MAX_SENT_BYTES = 2 * MAX_FRAME_BYTES;

/** As long as a real one, so that the same seed makes the same frames. */
const NO_CONSUMER = '00000000-0000-0000-0000-000000000000' as ConsumerId;

/** Members reach furthest, so that more come as such. */
const STANDINGS: readonly Standing[] = ['stranger', 'greeted', 'member', 'member'];

/** It takes 7 s on a free core, and 33 s on a seventh of one. */
const LIMIT_MS = 240_000;

const ROOM = 'room';
const NO_LIMIT = { perSecond: 1e9, burst: 1e9 };

let sfu: Sfu;
let fixture: SignalingFixture;

beforeAll(async () => {
  sfu = await openSfu();
  const flood = { frames: NO_LIMIT, bytes: NO_LIMIT, refusals: NO_LIMIT, publishes: NO_LIMIT, unmutes: NO_LIMIT };
  fixture = await SignalingFixture.open(sfu, { limits: { ...flood, maxBadFrames: 20, helloTimeoutMs: 60_000 } });
});
afterAll(async () => {
  await fixture.close();
  sfu.close();
});

/** What reaches furthest: frames that the server would carry out, were they left whole. */
function wellAimed({ client }: Attacker, bystanders: Bystanders): readonly SentClientMessage[] {
  const opened = client.facts.findLast((fact) => fact.case === 'consumerOpened')?.value.consumerId;
  const tiles = [{ peerId: bystanders.speakerId, source: 'camera' as const, heightPx: 360, priority: 1 }];
  const rtpCapabilities = browserRtpCapabilities() as AnyRtpCapabilities;
  const opus = opusRtpParameters() as AnyRtpParameters;
  const simulcast = simulcastRtpParameters() as AnyRtpParameters;
  return [
    { case: 'join', value: { roomId: ROOM as RoomId, rtpCapabilities } },
    { case: 'leave', value: {} },
    { case: 'connectTransport', value: { direction: 'send', dtlsParameters: dtlsParameters() } },
    { case: 'restartIce', value: { direction: 'recv' } },
    { case: 'produce', value: { source: 'microphone', rtpParameters: opus, paused: false } },
    { case: 'produce', value: { source: 'camera', rtpParameters: simulcast, paused: false } },
    { case: 'view', value: { tiles, hears: true } },
    { case: 'consumerReady', value: { consumerId: opened ?? NO_CONSUMER } },
    { case: 'closeProducer', value: { producerId: bystanders.microphone } },
  ];
}

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

function heapBytes(): number {
  collectGarbage();
  collectGarbage(); // what was held weakly goes at the second
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Sends the frames, and gives how many met which fate and by how much the heap grew. */
async function bombard(seed: number, bystanders: Bystanders) {
  const arbitrary = fc.sample(clientMessage, { numRuns: 200, seed });
  const fates: Record<Fate, number> = { answered: 0, refused: 0, closed: 0, intent: 0 };
  let heapBefore = 0;
  let attacker = await Attacker.open(fixture, ROOM, 'stranger');
  for (let frame = 0; frame < FRAMES; frame += 1) {
    const random = randomFrom(seed + frame); // of its own: when a connection ends is not the seed's to say
    const standing = STANDINGS[random(STANDINGS.length)] ?? 'member';
    try {
      if (attacker.isClosed) {
        await attacker.expectClosing();
        attacker = await Attacker.open(fixture, ROOM, standing);
      }
      const bodies = random(2) === 0 ? arbitrary : wellAimed(attacker, bystanders);
      const body = bodies[random(bodies.length)] ?? { case: 'ping', value: {} };
      const change = random(2) === 0 ? mutate : mutateFields;
      const bytes = change(encodeClientFrame(attacker.nextId, body), random).subarray(0, MAX_SENT_BYTES);
      fates[await attacker.fateOf(bytes)] += 1;
      if (frame % FRAMES_BETWEEN_LOOKS === 0) await bystanders.expectService();
      if (frame === WARM_UP_FRAMES) heapBefore = heapBytes();
    } catch (error) {
      void attacker.client.close();
      throw new Error(`seed ${seed}, frame ${frame}`, { cause: error });
    }
  }
  void attacker.client.close();
  return { fates, growthBytes: heapBytes() - heapBefore };
}

test(
  `${FRAMES} mutated frames: each is answered, refused or ends its connection; bystanders are served`,
  async () => {
    const seed = Date.now() >>> 0;
    const bystanders = await Bystanders.open(fixture, ROOM);
    const { fates, growthBytes } = await bombard(seed, bystanders);
    await bystanders.expectService();
    for (const [fate, frames] of Object.entries(fates)) {
      expect(frames, `seed ${seed}: ${fate}`).toBeGreaterThan(FRAMES / 1_000); // else the mutations reach too little
    }
    expect(growthBytes, `seed ${seed}`).toBeLessThan(HEAP_GROWTH_LIMIT_BYTES);

    await fixture.clear();
    expect(isEmpty(sfu), `seed ${seed}`).toBe(true);
    expect(sfu.load).toMatchObject({ workers: 1, workerDeaths: 0 });
    expect(await fixture.count('sessionsClosed')).toBe(await fixture.count('sessionsOpened'));
    expect(await fixture.count('refusals', 'internal')).toBe(0);
  },
  LIMIT_MS,
);
