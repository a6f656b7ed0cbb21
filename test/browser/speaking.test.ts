import type { Browser } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeClientFrame } from '../../src/wire/index.ts';
import { openChromium } from '../support/chromium.ts';
import { type ConclaveServer, openConclaveServer } from '../support/conclave-server.ts';
import { until } from '../support/until.ts';
import { Participant } from './participant.ts';

let server: ConclaveServer;
let browser: Browser;

beforeAll(async () => {
  server = await openConclaveServer();
  browser = await openChromium();
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

test('a microphone that begins to sound tells the server so, and again when it is unmuted', async () => {
  let claims = 0;
  const prepare = async (page: Participant['page']) => {
    const session = await page.createCDPSession();
    await session.send('Network.enable');
    session.on('Network.webSocketFrameSent', ({ response }) => {
      const { body } = decodeClientFrame(Buffer.from(response.payloadData, 'base64'));
      if (body?.case === 'speaking') claims += 1;
    });
  };
  const ada = await Participant.open(await browser.createBrowserContext(), server.inviteLink(), 'Ada', { prepare });
  await ada.join();
  // Chromium's own microphone beeps so often that it never falls silent.
  await until('it speaks', () => claims > 0);
  await ada.press('Turn microphone off');
  await until('it is off', () => ada.page.evaluate(() => window.conclave?.localTrack('microphone')?.muted));
  const before = claims;
  await ada.press('Turn microphone on');
  await until('it speaks again', () => claims > before);
  expect(ada.errors).toEqual([]);
});
