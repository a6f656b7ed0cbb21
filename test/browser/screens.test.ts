import { writeFileSync } from 'node:fs';
import type { Browser, Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { Bot } from '../bot/bot.ts';
import { Camera } from '../bot/camera.ts';
import { Microphone } from '../bot/microphone.ts';
import { openChromium } from '../support/chromium.ts';
import { type ConclaveServer, openConclaveServer } from '../support/conclave-server.ts';
import { palettePng } from '../support/palette-png.ts';
import { until } from '../support/until.ts';
import { drawnDevices, drawnScreen } from './drawn-devices.ts';
import { Participant } from './participant.ts';

const FOLDER = new URL('../../docs/screens/', import.meta.url);

const PHONE = { name: 'phone', width: 390, height: 844 };
const LAPTOP = { name: 'laptop', width: 1280, height: 800 };
const LARGE = { name: 'large', width: 1920, height: 1080 };

/** In tabs of their own, with drawn cameras: as many as two cores carry. The rest are bots. */
const TABS = ['Béla Bartók', 'Chimamanda', 'Daria', 'Elif Şafak', 'Farid'] as const;
const BOTS = [
  'Gita',
  'Hana',
  'Ivo',
  'João',
  'Kofi',
  'Linh',
  'Marta',
  'Nils',
  'Olga',
  'Pavel',
  'Quinn',
  'Rosa',
  'Sven',
  'Tomás',
  'Uma',
  'Vera',
  'Wanda',
  'Ximena',
  'Yusuf',
  'Zoë',
  'Anders',
  'Bruna',
  'Carlo',
  'Dunja',
  'Emil',
  'Freya',
] as const;

/** Every so many bots have a camera. */
const FILMED_EVERY = 3;

/** Larger layers come within this, and tiles have found their places. */
const SETTLE_MS = 2_000;

/** Of each step: six tabs that draw and encode, on two busy cores. */
const LIMIT_MS = 240_000;

/** `npm run screens` makes docs/screens anew. Otherwise nothing is tested here that is not tested elsewhere. */
describe.skipIf(!process.env.UPDATE_SCREENS)('pictures of the page (npm run screens)', { timeout: LIMIT_MS }, () => {
  let server: ConclaveServer;
  let browser: Browser;
  let link: string;
  let ada: Participant;
  const tabs: Participant[] = [];
  const bots: Bot[] = [];

  beforeAll(async () => {
    server = await openConclaveServer();
    browser = await openChromium('--lang=en');
    link = server.inviteLink();
    ada = await open('Ada Lovelace', 150, LAPTOP);
  });

  afterAll(async () => {
    for (const bot of bots) bot.close();
    await browser?.close();
    await server?.close();
  });

  async function open(
    name: string,
    hue: number,
    { width, height } = { width: 320, height: 240 },
  ): Promise<Participant> {
    const prepare = async (page: Page) => {
      await page.evaluateOnNewDocument(drawnDevices, hue);
      await page.evaluateOnNewDocument(drawnScreen);
    };
    return await Participant.open(await browser.createBrowserContext(), link, name, { prepare, width, height });
  }

  async function enter(): Promise<void> {
    const name = TABS[tabs.length] ?? '';
    const tab = await open(name, 30 + 70 * tabs.length);
    if (tabs.length !== 1) await tab.press('Turn microphone off');
    await tab.join();
    tabs.push(tab);
  }

  async function enterBot(): Promise<void> {
    const name = BOTS[bots.length] ?? '';
    const camera = bots.length % FILMED_EVERY === 0 && { camera: new Camera({ layers: 1 }) };
    const microphone = new Microphone();
    microphone.silence();
    bots.push(await Bot.join(link, { name, microphone, ...camera }));
  }

  async function picture(name: string, ...sizes: readonly (typeof PHONE)[]): Promise<void> {
    for (const { name: size, width, height } of sizes) {
      await ada.page.setViewport({ width, height });
      await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
      writeFileSync(new URL(`${name}-${size}.png`, FOLDER), palettePng(await ada.page.screenshot()));
    }
  }

  const everySize = [PHONE, LAPTOP, LARGE];

  test('lobby', async () => {
    await ada.page.locator('::-p-aria([name="Your name"])').fill(ada.name);
    await picture('ready', ...everySize);
  });

  test('alone', async () => {
    await ada.join();
    await ada.press('Turn microphone off');
    await picture('call-1', ...everySize);
    await ada.press('Invite people');
    await picture('invite', PHONE, LAPTOP);
    await ada.page.keyboard.press('Escape');
  });

  test('two, in both views', async () => {
    await enter();
    await picture('call-2', ...everySize);
    await ada.press('Speaker view');
    await picture('call-2-speaker', PHONE);
    await ada.press('Grid view');
  });

  test('five, in both views, and a screen', async () => {
    while (tabs.length < 4) await enter();
    await picture('call-5', ...everySize);
    await ada.press('Speaker view');
    await picture('call-5-speaker', PHONE, LAPTOP);
    await ada.press('Grid view');
    await tabs[2]?.page.evaluate(() => window.conclave?.setScreenShare(true)); // their windows are too narrow for the button
    await ada.page.waitForSelector('[data-tile=screen] video[data-on=true]');
    await picture('screen', PHONE, LAPTOP);
    await tabs[2]?.page.evaluate(() => window.conclave?.setScreenShare(false));
    await ada.page.keyboard.press('c');
    await tabs[0]?.page.evaluate(() => window.conclave?.sendChat('Shall we begin with the garden?'));
    await ada.page.waitForSelector('.message');
    await ada.page.keyboard.type('Yes, two minutes');
    await ada.page.keyboard.press('Enter');
    await picture('chat', PHONE, LAPTOP);
    await ada.page.keyboard.press('Escape');
    await ada.page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }]);
    await picture('dark', PHONE, LAPTOP);
    await ada.page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'light' }]);
  });

  test('nine', async () => {
    while (tabs.length < TABS.length) await enter();
    while (bots.length < 3) await enterBot();
    await picture('call-9', ...everySize);
  });

  test('thirty', async () => {
    for (const tab of tabs.splice(3)) await tab.page.close(); // two cores carry bots with more ease
    while (tabs.length + bots.length < 29) await enterBot();
    await picture('call-30', ...everySize);
    await ada.press('Speaker view');
    await picture('call-30-speaker', LAPTOP);
    await ada.press('Grid view');
  });

  test('the line breaks, and one leaves', async () => {
    for (const bot of bots.splice(0)) bot.close();
    for (const tab of tabs.splice(1)) await tab.page.close();
    await until('two are left', async () => (await ada.tiles()).length === 1);
    server.relay.refuse({ refusing: true });
    server.relay.cut();
    await ada.page.waitForSelector('[data-banner=reconnecting]');
    await picture('reconnecting', PHONE, LAPTOP);
    server.relay.refuse({ refusing: false });
    await ada.page.waitForSelector('[data-screen=call][data-state=joined]');
    await ada.leave();
    await picture('left', PHONE, LAPTOP);
  });
});
