import type { Browser } from 'puppeteer-core';
import type { ConclaveServer } from '../support/conclave-server.ts';
import type { Conditions } from '../support/impaired-link.ts';
import { UdpRelay } from '../support/udp-relay.ts';
import { until } from '../support/until.ts';
import type { WorkerObjects } from '../support/worker-objects.ts';
import { drawnDevices } from './drawn-devices.ts';
import { Participant, type StreamStats } from './participant.ts';
import { relayMedia } from './relayed-media.ts';
import { largestGapMs, pageMs, picturesSince, watchPictures } from './shown-pictures.ts';

/** On each way, to the server and from it: from person to person a packet is lost twice as often and waits twice. */
const POOR: Conditions = { loss: 0.05, delayMs: 10, jitterMs: 30, reordered: 0.02, duplicated: 0.01 };

/** Until bandwidth and jitter buffers are used to the line; measured after it. */
const SETTLE_MS = 4_000;
const MEASURE_MS = 8_000;
const BLACKOUT_MS = 2_000;

/** After a blackout a picture is back when it moves: when so many pictures come within a second. */
const MOVING_PICTURES = 10;
const MOVING_WITHIN_MS = 1_000;

/** What one person had of the other. */
export interface ImpairedReception {
  /** Decoded pictures a second while the line was poor. */
  readonly picturesPerSecond: number;
  readonly largestGapMs: number;
  readonly audioPacketsPerSecond: number;
  /** Of the sound, what had to be made up; and the sound itself, for it must not all be made up. */
  readonly concealedShare: number;
  readonly soundEnergy: number;
  /** Whether a path restarted ICE while the line was poor, which helps nothing. */
  readonly restarted: boolean;
  /** After the blackout, until the picture moved again. */
  readonly pictureBackMs: number;
  readonly audioBackMs: number;
  /** Frames that the encryption refused, by reason. */
  readonly drops: Readonly<Record<string, number>>;
  readonly repeated: number;
}

export interface ImpairedCall {
  readonly people: readonly ImpairedReception[];
  /** Transports that the server made after both saw each other. */
  readonly newTransports: number;
  readonly pageErrors: readonly string[];
  /** Of what passed the relay in both directions. */
  readonly relayLossShare: number;
}

/** Two people in browsers whose media goes over a poor line, which goes dark for 2 s in between. */
export async function measureImpairedCall(
  server: ConclaveServer,
  browser: Browser,
  { objects, seed }: { readonly objects: WorkerObjects; readonly seed: number },
): Promise<ImpairedCall> {
  const relay = new UdpRelay({ seed });
  const people = await openTwo(server, browser, relay);
  const transports = objects.transports.length;
  for (const person of people) await watchPictures(person);

  relay.setConditions(POOR);
  await pass(SETTLE_MS);
  const poor = await Promise.all(people.map((person) => measurePoor(person)));

  relay.blackout({ dark: true });
  await pass(BLACKOUT_MS);
  relay.blackout({ dark: false });
  const back = await Promise.all(people.map((person) => measureReturn(person)));

  const counts = await Promise.all(people.map((person) => person.frameCounts()));
  const receptions = people.flatMap((_, index): ImpairedReception[] => {
    const [before, after, { drops, recv } = { drops: {}, recv: { repeated: 0 } }] = [
      poor[index],
      back[index],
      counts[index],
    ];
    return before && after ? [{ ...before, ...after, drops, repeated: recv.repeated }] : [];
  });
  const [up, down] = [relay.counts('up'), relay.counts('down')];
  const call = {
    people: receptions,
    newTransports: objects.transports.length - transports,
    pageErrors: people.flatMap(({ errors }) => errors),
    relayLossShare: (up.lost + down.lost) / (up.came + down.came),
  };
  for (const { page } of people) await page.close();
  relay.close();
  return call;
}

async function openTwo(server: ConclaveServer, browser: Browser, relay: UdpRelay): Promise<readonly Participant[]> {
  const link = server.inviteLink();
  const open = async (name: string, hue: number) =>
    Participant.open(await browser.createBrowserContext(), link, name, {
      width: 640,
      height: 480,
      prepare: async (page) => {
        await relayMedia(page, relay);
        await page.evaluateOnNewDocument(drawnDevices, hue);
      },
    });
  const people = [await open('Ada', 150), await open('Béla', 30)];
  for (const person of people) await person.join();
  for (const person of people) await person.sees(...people.filter((each) => each !== person).map(({ name }) => name));
  return people;
}

async function measurePoor(person: Participant) {
  const before = await audioOf(person);
  const namesBefore = await iceNamesOf(person);
  const startMs = await pageMs(person);
  await pass(MEASURE_MS);
  const after = await audioOf(person);
  const endMs = await pageMs(person);
  const picturesMs = await picturesFrom(person, startMs);
  const grown = (key: 'packetsReceived' | 'concealedSamples' | 'totalSamplesReceived' | 'totalAudioEnergy') =>
    (after[key] ?? 0) - (before[key] ?? 0);
  return {
    picturesPerSecond: picturesMs.length / ((endMs - startMs) / 1_000),
    largestGapMs: largestGapMs(picturesMs, startMs),
    audioPacketsPerSecond: grown('packetsReceived') / ((endMs - startMs) / 1_000),
    concealedShare: grown('concealedSamples') / grown('totalSamplesReceived'),
    soundEnergy: grown('totalAudioEnergy'),
    restarted: (await iceNamesOf(person)) !== namesBefore,
  };
}

async function measureReturn(person: Participant) {
  const startMs = await pageMs(person);
  const { packetsReceived: before = 0 } = await audioOf(person);
  await until('sound is back', async () => ((await audioOf(person)).packetsReceived ?? 0) > before);
  const audioBackMs = (await pageMs(person)) - startMs;
  const backMs = await until('the picture moves again', async () => firstMoving(await picturesFrom(person, startMs)));
  return { audioBackMs, pictureBackMs: backMs - startMs };
}

/** When pictures began to come as often as a moving picture needs. */
function firstMoving(picturesMs: readonly number[]): number | undefined {
  return picturesMs.find((ms, index) => {
    const last = picturesMs[index + MOVING_PICTURES - 1];
    return last !== undefined && last - ms <= MOVING_WITHIN_MS;
  });
}

async function audioOf(person: Participant): Promise<Partial<StreamStats>> {
  return (await person.inbound('audio'))[0] ?? {};
}

/** The ICE user name fragments of both paths: a restart brings others. */
function iceNamesOf({ page }: Participant): Promise<string> {
  return page.evaluate(async () => {
    const stats = await window.conclave?.getStats();
    const names = [stats?.send, stats?.recv].map((report) => {
      const entries = [...(report as unknown as Map<string, RTCTransportStats>).values()];
      return entries.find(({ type }) => type === 'transport')?.iceLocalUsernameFragment;
    });
    return names.join();
  });
}

/** Of the other person. */
async function picturesFrom(person: Participant, startMs: number): Promise<readonly number[]> {
  return [...(await picturesSince(person, startMs)).values()].flat();
}

function pass(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
