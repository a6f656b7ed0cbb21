import type { Browser } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CLEAR_PREFIX_BYTES, type Codec, decodeHeader, parseKeyId, type Source } from '../../src/crypto/index.ts';
import { openChromium } from '../support/chromium.ts';
import { chiSquare, entropyBits, opusDuration, parseVp8 } from '../support/clear-media.ts';
import { type ConclaveServer, openConclaveServer } from '../support/conclave-server.ts';
import { NodeMember } from '../support/node-member.ts';
import { Tap, type TappedFrame } from '../support/tap.ts';
import { until } from '../support/until.ts';
import { WorkerObjects } from '../support/worker-objects.ts';
import { drawnDevices } from './drawn-devices.ts';
import { Participant } from './participant.ts';

/** After so long nothing that a removed member has may open. */
const REMOVED_AFTER_MS = 1_000;

/** Enough of each stream that a byte which is too frequent would show. */
const AUDIO_FRAMES = 150;
const VIDEO_FRAMES = 90;

/** Six standard deviations above the mean of 255 degrees of freedom: noise gets there once in a hundred million. */
const CHI_SQUARE_LIMIT = 255 + 6 * Math.sqrt(2 * 255);

/** So many bytes in a row that its sealed form has too would be a leak; by chance once in 10^7 frames of 10 kB. */
const LEAK_BYTES = 6;

/** T-S1, T-S9, T-S10 with people in browsers, one of them recorded. Each goes on where the one before it stopped. */
describe('what the server has of a call', () => {
  const objects = new WorkerObjects();
  const taps: Record<'microphone' | 'camera', Tap | undefined> = { microphone: undefined, camera: undefined };
  const openers: Record<'microphone' | 'camera', ReturnType<NodeMember['opener']> | undefined> = {
    microphone: undefined,
    camera: undefined,
  };
  let server: ConclaveServer;
  let browser: Browser;
  let link: string;
  let people: Participant[];
  /** A member of the call who shows that the recorded bytes are the real ones. */
  let nora: NodeMember;
  /** The one who is listened at: not in the group's first leaf, whose short key ids would read as Opus by chance. */
  const watched = 'Béla Bartók';

  beforeAll(async () => {
    server = await openConclaveServer();
    browser = await openChromium();
    link = server.inviteLink();
    const open = async (name: string, hue: number) =>
      Participant.open(await browser.createBrowserContext(), link, name, {
        prepare: (page) => page.evaluateOnNewDocument(drawnDevices, hue),
        width: 640,
        height: 480,
      });
    people = [await open('Ada Lovelace', 150), await open(watched, 30), await open('Chimamanda', 260)];
    for (const person of people) await person.join();
    nora = await NodeMember.join(link, 'Nora');
  });

  afterAll(async () => {
    for (const tap of Object.values(taps)) tap?.close();
    nora?.close();
    await browser?.close();
    await server?.close();
  });

  test('three people talk and see each other, while one of them is recorded', async () => {
    const names = people.map(({ name }) => name);
    for (const person of people) await person.sees(...names.filter((name) => name !== person.name));
    const { memberId } = await until('Nora knows the name', () => nora.leafOf(watched));
    for (const source of ['microphone', 'camera'] as const) {
      const producerId = await until(`the ${source} is published`, () => nora.producerOf(memberId, source));
      taps[source] = await Tap.open(objects, producerId);
      openers[source] = nora.opener(memberId, source, tapOf(source).codec);
    }
    await until('enough sound', () => tapOf('microphone').frames.length >= AUDIO_FRAMES);
    await until('enough pictures', () => tapOf('camera').frames.length >= VIDEO_FRAMES);
  });

  test.each(['microphone', 'camera'] as const)('every frame of the %s is sealed as its sender and source', (source) => {
    const { codec, frames } = tapOf(source);
    for (const { bytes } of frames) {
      const header = decodeHeader(bytes, CLEAR_PREFIX_BYTES[codec]);
      expect(header && parseKeyId(header.keyId)).toMatchObject({ leafIndex: nora.leafOf(watched)?.leaf, source });
    }
  });

  test.each(['microphone', 'camera'] as const)('what is sealed of the %s is noise', (source) => {
    const { codec, frames } = tapOf(source);
    const noise = Buffer.concat(frames.map(({ bytes }) => ciphertextOf(bytes, codec)));
    expect(noise.length).toBeGreaterThan(5_000);
    expect(entropyBits(noise)).toBeGreaterThan(7.9);
    expect(chiSquare(noise)).toBeLessThan(CHI_SQUARE_LIMIT);
  });

  test('read as if they were clear, no frame is one that a decoder would take', () => {
    const steps = durations(tapOf('microphone').frames);
    expect(steps.length).toBeGreaterThan(0);
    expect(shareSound(steps)).toBeLessThan(0.2);
    for (const { bytes } of tapOf('camera').frames) expect(parseVp8(bytes)).toBeUndefined();
  });

  test('the same bytes are sound for a member who has the keys, and none of it is in the sealed ones', async () => {
    const opened = await openAll('microphone');
    expect(opened.length).toBeGreaterThanOrEqual(AUDIO_FRAMES * 0.9);
    expect(shareSound(durations(opened))).toBeGreaterThan(0.8);
    for (const frame of opened) expect(leaks(frame, 'opus')).toBe(false);
  });

  test('the same bytes are pictures for a member who has the keys, and none of it is in the sealed ones', async () => {
    const opened = await openAll('camera');
    expect(opened.length).toBeGreaterThanOrEqual(VIDEO_FRAMES * 0.9);
    const parsed = opened.map(({ bytes }) => parseVp8(bytes));
    expect(parsed).not.toContain(undefined);
    const sizes = parsed.flatMap((frame) => frame?.size ?? []);
    expect(sizes.length).toBeGreaterThan(0);
    for (const { width, height } of sizes) {
      expect([180, 360, 720]).toContain(height);
      expect(width / height).toBeCloseTo(16 / 9);
    }
    for (const frame of opened) expect(leaks(frame, 'vp8')).toBe(false);
  });

  test('a newcomer opens nothing from before, with any key that it has, and what comes after', async () => {
    const before = all();
    const oscar = await NodeMember.join(link, 'Oscar');
    expect(before.length).toBeGreaterThan(AUDIO_FRAMES);
    expect(await countOpened(oscar, before)).toBe(0);
    await until('it opens what comes after', async () => await countOpened(oscar, last(10)));
    oscar.close();
  });

  test('a removed member opens nothing sealed more than 1 s later, with any key that it ever had', async () => {
    const petra = await NodeMember.join(link, 'Petra');
    await until('it opens what is sealed now', async () => await countOpened(petra, last(10)));
    petra.leave();
    const toldAtMs = await until('the others are told', () => (nora.leafOf('Petra') ? undefined : performance.now()));
    const sealedLater = () => framesFrom(toldAtMs + REMOVED_AFTER_MS);
    await until('much is sealed', () => sealedLater().length > AUDIO_FRAMES);
    const frames = sealedLater();
    expect(await countOpened(petra, frames)).toBe(0);
    expect(await countOpened(nora, frames)).toBe(frames.length);
    petra.close();
  });

  test('no page threw anything', () => {
    expect(people.flatMap(({ errors }) => errors)).toEqual([]);
  });

  function tapOf(source: 'microphone' | 'camera'): Tap {
    const tap = taps[source];
    if (!tap) throw new Error('nothing is recorded');
    return tap;
  }

  /** What a member's own keys open, as it would open them when they arrive. */
  async function openAll(source: 'microphone' | 'camera') {
    const opened: (TappedFrame & { readonly sealed: Uint8Array })[] = [];
    for (const frame of tapOf(source).frames) {
      const outcome = await openers[source]?.open(frame.bytes.buffer);
      if (outcome?.kind === 'opened')
        opened.push({ ...frame, bytes: new Uint8Array(outcome.bytes), sealed: frame.bytes });
    }
    return opened;
  }

  function all(): readonly (TappedFrame & { readonly source: Source; readonly codec: Codec })[] {
    return (['microphone', 'camera'] as const).flatMap((source) => {
      const { codec, frames } = tapOf(source);
      return frames.map((frame) => ({ ...frame, source, codec }));
    });
  }

  const framesFrom = (limitMs: number) => all().filter(({ atMs }) => atMs >= limitMs);
  const last = (count: number) =>
    all()
      .toSorted((a, b) => a.atMs - b.atMs)
      .slice(-count);
});

async function countOpened(member: NodeMember, frames: readonly (TappedFrame & { readonly codec: Codec })[]) {
  let count = 0;
  for (const { bytes, codec } of frames) if (await member.keys.opensWithAny(bytes, codec)) count += 1;
  return count;
}

function ciphertextOf(bytes: Uint8Array, codec: Codec): Uint8Array {
  const start = CLEAR_PREFIX_BYTES[codec];
  return bytes.subarray(start + (decodeHeader(bytes, start)?.length ?? 0));
}

/** Each frame with the RTP time to the next: how long its sound is. Silence makes gaps, so those are left out. */
function durations<Frame extends TappedFrame>(frames: readonly Frame[]) {
  const longest = 120 * 48; // RFC 6716: no packet holds more than 120 ms
  return frames.flatMap((frame, index) => {
    const rtpStep = (frames[index + 1]?.timestamp ?? Number.NaN) - frame.timestamp;
    return rtpStep > 0 && rtpStep <= longest ? [{ ...frame, rtpStep }] : [];
  });
}

/** How many say in their first byte how long they are, and are. A busy machine skips some sound now and then. */
function shareSound(steps: readonly { readonly bytes: Uint8Array; readonly rtpStep: number }[]): number {
  return steps.filter(({ bytes, rtpStep }) => opusDuration(bytes) === rtpStep).length / steps.length;
}

/** Whether any run of the frame's bytes stands in its sealed form, at any place. */
function leaks(frame: { readonly bytes: Uint8Array; readonly sealed: Uint8Array }, codec: Codec): boolean {
  const sealed = Buffer.from(frame.sealed);
  const clear = Buffer.from(frame.bytes).subarray(CLEAR_PREFIX_BYTES[codec]);
  for (let at = 0; at + LEAK_BYTES <= clear.length; at += LEAK_BYTES)
    if (sealed.includes(clear.subarray(at, at + LEAK_BYTES))) return true;
  return false;
}
