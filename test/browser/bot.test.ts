import type { Browser } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Bot } from '../bot/bot.ts';
import { Camera } from '../bot/camera.ts';
import { Microphone } from '../bot/microphone.ts';
import { openChromium } from '../support/chromium.ts';
import { type ConclaveServer, openConclaveServer } from '../support/conclave-server.ts';
import { until } from '../support/until.ts';
import { drawnDevices } from './drawn-devices.ts';
import { Participant } from './participant.ts';

describe('a person in a browser and a bot', () => {
  let server: ConclaveServer;
  let browser: Browser;
  let ada: Participant;
  let bot: Bot;

  beforeAll(async () => {
    server = await openConclaveServer();
    browser = await openChromium();
    const link = server.inviteLink();
    ada = await Participant.open(await browser.createBrowserContext(), link, 'Ada', {
      prepare: (page) => page.evaluateOnNewDocument(drawnDevices, 150),
    });
    await ada.join();
    bot = await Bot.join(link, {
      name: 'Marvin',
      microphone: new Microphone(),
      camera: new Camera(),
      views: { kind: 'everybody', heightPx: 360 },
    });
  });

  afterAll(async () => {
    bot?.close();
    await browser?.close();
    await server?.close();
  });

  test('the browser decodes what the bot sends, pictures and sound', async () => {
    await ada.sees('Marvin');
    const [before = 0] = await ada.soundEnergy();
    await until('the bot is heard', async () => ((await ada.soundEnergy())[0] ?? 0) > before);
    const [{ frameWidth = 0, frameHeight = 0 } = {}] = await ada.inbound('video');
    expect([180, 360, 720]).toContain(frameHeight);
    expect(frameWidth / frameHeight).toBeCloseTo(16 / 9);
  });

  test('the bot opens what the browser sends', async () => {
    for (const source of ['microphone', 'camera'] as const)
      await until(`frames of the ${source} open`, () => bot.receivedFrom('Ada', source).opened > 60);
  });

  test('neither has dropped a frame', async () => {
    expect((await ada.frameCounts()).drops).toEqual({});
    for (const source of ['microphone', 'camera'] as const)
      expect(bot.receivedFrom('Ada', source)).toMatchObject({ lost: 0, drops: {} });
  });

  test('a bot that mutes is marked, and one that leaves is gone', async () => {
    await until('it is not', async () => (await ada.tiles())[0]?.muted === false);
    await bot.setMuted('microphone', { muted: true });
    await until('it is marked', async () => (await ada.tiles())[0]?.muted);
    await bot.leave();
    await until('it is gone', async () => (await ada.tiles()).length === 0);
    expect(ada.errors).toEqual([]);
  });
});
