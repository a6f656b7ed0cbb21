import type { Browser, Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openChromium } from '../support/chromium.ts';
import { type ConclaveServer, openConclaveServer } from '../support/conclave-server.ts';
import { mixedSounds } from './mixed-sounds.ts';
import { Participant } from './participant.ts';

/** Long enough for nine syllables, and for RNNoise to have settled before. */
const LISTEN_MS = 3_000;
const SETTLE_MS = 1_500;

/** 10 dB: what people call half as loud. White noise fell by 50 when this was written. */
const CLEARLY = 10;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Counts the descriptions that the page sets: a renegotiation sets one. */
function countOffers(): void {
  const { prototype } = RTCPeerConnection;
  const real = prototype.setLocalDescription;
  Object.assign(window, { offers: 0 });
  prototype.setLocalDescription = function (this: RTCPeerConnection, ...args: unknown[]) {
    (window as unknown as { offers: number }).offers += 1;
    return Reflect.apply(real, this, args);
  } as typeof real;
}

describe('noise suppression', () => {
  let server: ConclaveServer;
  let browser: Browser;
  let ada: Participant;
  let bela: Participant;
  const loaded: string[] = [];

  const open = async (name: string, link: string, prepare: (page: Page) => Promise<unknown>) =>
    Participant.open(await browser.createBrowserContext(), link, name, { width: 640, height: 480, prepare });

  const prepare = async (page: Page) => {
    await page.evaluateOnNewDocument(mixedSounds);
    await page.evaluateOnNewDocument(countOffers);
    page.on('request', (request) => loaded.push(request.url()));
  };

  /** What Béla hears of Ada, as energy. */
  const heard = async (sounds: { noise: number; voice: number }): Promise<number> => {
    await ada.page.evaluate((set) => Object.assign(window, { soundLevels: set }), sounds);
    await pause(SETTLE_MS);
    const [before = 0] = await bela.soundEnergy();
    await pause(LISTEN_MS);
    const [after = 0] = await bela.soundEnergy();
    return after - before;
  };
  const noise = () => heard({ noise: 1, voice: 0 });
  const voice = () => heard({ noise: 0, voice: 1 });
  const suppress = (person: Participant, on: boolean) =>
    person.page.evaluate((wanted) => window.conclave?.setNoiseSuppression(wanted), on);
  const offers = () => ada.page.evaluate(() => (window as unknown as { offers: number }).offers);
  const suppressors = () => loaded.filter((url) => /noise|worklet|wasm/i.test(url));

  beforeAll(async () => {
    server = await openConclaveServer();
    browser = await openChromium();
    const link = server.inviteLink();
    ada = await open('Ada', link, prepare);
    bela = await open('Béla', link, async () => undefined);
    await ada.join();
    await bela.join();
    await bela.sees('Ada');
  });

  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  test('it is not loaded until it is wanted, then from the server of the page', async () => {
    expect(suppressors()).toEqual([]);
    expect(await suppress(ada, true)).toBe(true);
    expect(suppressors().some((url) => url.endsWith('.wasm'))).toBe(true);
    expect(suppressors().every((url) => url.startsWith(server.origin))).toBe(true);
    expect(await suppress(ada, false)).toBe(true);
  });

  test('noise falls, a voice passes, and nothing is negotiated for it', async () => {
    const rawNoise = await noise();
    const rawVoice = await voice();
    const before = await offers();
    await suppress(ada, true);
    await suppress(ada, false);
    await suppress(ada, true);
    expect(await offers()).toBe(before);
    const noiseLeft = await noise();
    const voiceLeft = await voice();
    expect(rawNoise).toBeGreaterThan(0);
    expect(rawNoise / noiseLeft).toBeGreaterThan(CLEARLY);
    expect(voiceLeft / rawVoice).toBeGreaterThan(1 / 2);
    await suppress(ada, false);
    expect((await noise()) / noiseLeft).toBeGreaterThan(CLEARLY);
  });

  test('muted is silent with it too', async () => {
    await suppress(ada, true);
    await ada.press('Turn microphone off');
    expect(await voice()).toBeLessThan(1e-6);
    await ada.press('Turn microphone on');
    expect(await voice()).toBeGreaterThan(1e-3);
  });

  test('where it cannot load the microphone is sent as it is', async () => {
    await ada.leave();
    ada = await open('Ada again', server.inviteLink(), async (page) => {
      await prepare(page);
      await page.setRequestInterception(true);
      page.on('request', (request) => void (request.url().endsWith('.wasm') ? request.abort() : request.continue()));
    });
    expect(await suppress(ada, true)).toBe(false);
    expect(await ada.page.evaluate(() => window.conclave?.localTrack('microphone')?.muted)).toBe(false);
    expect(ada.errors).toEqual([]);
  });
});
