import type { Browser } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Bot } from '../bot/bot.ts';
import { Camera } from '../bot/camera.ts';
import { Microphone } from '../bot/microphone.ts';
import { openChromium } from '../support/chromium.ts';
import { type ConclaveServer, openConclaveServer } from '../support/conclave-server.ts';
import { until } from '../support/until.ts';
import { drawnScreen } from './drawn-devices.ts';
import { Participant } from './participant.ts';

const OTHERS = ['Béla', 'Chidi', 'Daria'] as const;

/** A window in which a strip has room for oneself and one other. */
const LOW_WINDOW = { width: 700, height: 420 };

/** Long enough for ten pictures of a bot's camera. */
const WATCH_MS = 1_000;

/** Each goes on where the one before it stopped, as a call does. */
describe('who is large', () => {
  let server: ConclaveServer;
  let browser: Browser;
  let link: string;
  let ada: Participant;
  const microphones = new Map<string, Microphone>(OTHERS.map((name) => [name, new Microphone()]));
  const bots: Bot[] = [];

  beforeAll(async () => {
    server = await openConclaveServer();
    browser = await openChromium();
    link = server.inviteLink();
    for (const name of OTHERS) {
      const microphone = microphones.get(name);
      bots.push(await Bot.join(link, { name, camera: new Camera(), ...(microphone && { microphone }) }));
    }
    ada = await Participant.open(await browser.createBrowserContext(), link, 'Ada');
    await ada.join();
    await ada.press('Turn microphone off'); // Chromium's beeps would hold the floor
    await ada.sees(...OTHERS);
  });

  afterAll(async () => {
    for (const bot of bots) bot.close();
    await browser?.close();
    await server?.close();
  });

  const large = async () => (await ada.texts('[data-large=true] .plate span'))[0];
  const isLarge = (name: string) => until(`${name} is large`, async () => (await large()) === name);
  const names = async () => (await ada.tiles()).map(({ name }) => name);
  /** From now on only this one speaks. */
  const speaks = (name: string) => {
    for (const [each, microphone] of microphones) microphone.levelDbov = each === name ? -20 : undefined;
  };

  test('in the grid nobody is, whoever speaks, and nobody moves', async () => {
    const before = await names();
    speaks('Daria');
    await until('Daria is marked', async () => (await ada.tiles()).find(({ name }) => name === 'Daria')?.speaking);
    expect(await large()).toBeUndefined();
    expect(before.toSorted()).toEqual([...OTHERS].sort());
    expect(await names()).toEqual(before);
  });

  test('in the speaker view it is who speaks, and stays when they fall silent', async () => {
    await ada.press('Speaker view');
    await isLarge('Daria');
    speaks('Chidi');
    await isLarge('Chidi');
    speaks('nobody');
    await until('nobody is marked', async () => (await ada.tiles()).every(({ speaking }) => !speaking));
    expect(await large()).toBe('Chidi');
    await ada.sees(...OTHERS);
  });

  test('the large one is received as large as it is shown, the others small', async () => {
    const heights = async () => (await ada.inbound('video')).map(({ frameHeight = 0 }) => frameHeight).sort();
    await until('one is 720 high, two are 180', async () => (await heights()).join() === '180,180,720');
  });

  test('a click on somebody keeps them large, whoever speaks', async () => {
    await ada.press('Keep Béla large');
    await isLarge('Béla');
    speaks('Daria');
    await until('Daria is marked', async () => (await ada.tiles()).find(({ name }) => name === 'Daria')?.speaking);
    expect(await large()).toBe('Béla');
    expect(await ada.page.$eval('[data-large=true] .tile-pin', (pin) => pin.getAttribute('aria-pressed'))).toBe('true');
  });

  test('a key lets them go, and the speaker is large again', async () => {
    await ada.page.focus('[data-large=true] .tile-pin');
    await ada.page.keyboard.press('Enter');
    await isLarge('Daria');
  });

  test('the menu of a tile keeps somebody large too', async () => {
    const tile = await ada.page.$('::-p-aria([name="More: Chidi"][role="button"])');
    await tile?.focus();
    await ada.page.keyboard.press('Enter');
    await ada.press('Keep large');
    await isLarge('Chidi');
  });

  test('what is on no page is not received', async () => {
    await ada.page.setViewport(LOW_WINDOW);
    await until('one is large and one beside', async () => (await names()).length === 2);
    await until('two pictures move', async () => (await moving()) === 2);
    await ada.page.setViewport({ width: 1280, height: 800 });
    await ada.sees(...OTHERS);
  });

  test('a shared screen is large, and the faces stand beside it', async () => {
    const eva = await Participant.open(await browser.createBrowserContext(), link, 'Eva', {
      prepare: (page) => page.evaluateOnNewDocument(drawnScreen),
    });
    await eva.press('Turn microphone off');
    await eva.join();
    await ada.press('Keep Chidi large'); // no longer
    await eva.press('Share screen');
    await isLarge('Eva: screen');
    const screen = await ada.page.waitForSelector('[data-tile=screen] video[data-on=true]');
    const box = await screen?.boundingBox();
    const faces = await Promise.all(
      (await ada.page.$$('[data-tile=peer], [data-tile=self]')).map((face) => face.boundingBox()),
    );
    expect(faces.length).toBeGreaterThanOrEqual(4);
    for (const face of faces) expect(face?.x).toBeGreaterThanOrEqual((box?.x ?? 0) + (box?.width ?? 0));
    expect(await eva.texts('[data-banner=sharing]')).toEqual([expect.stringContaining('You are sharing')]);
    await ada.press('Keep Béla large');
    await isLarge('Béla');
    await ada.press('Keep Béla large');
    await eva.press('Stop sharing');
    await until('the screen is gone', async () => (await ada.page.$('[data-tile=screen]')) === null);
    expect(eva.errors).toEqual([]);
    await eva.leave();
  });

  test('the view is remembered', async () => {
    await ada.page.reload();
    await ada.page.waitForSelector('[data-screen=lobby]');
    await ada.join();
    expect(await ada.page.$eval('[data-control=view]', (button) => button.getAttribute('data-view'))).toBe('speaker');
    await isLarge('Daria'); // who speaks
    expect(ada.errors).toEqual([]);
  });

  /** How many videos brought new pictures in a while. */
  async function moving(): Promise<number> {
    const frames = async () =>
      new Map(
        (await ada.inbound('video')).map(({ trackIdentifier, framesDecoded = 0 }) => [trackIdentifier, framesDecoded]),
      );
    const before = await frames();
    await new Promise((resolve) => setTimeout(resolve, WATCH_MS));
    return [...(await frames())].filter(([track, count]) => count > (before.get(track) ?? 0)).length;
  }
});
