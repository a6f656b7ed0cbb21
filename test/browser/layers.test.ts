import type { Browser, BrowserContext } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openChromium } from '../support/chromium.ts';
import { type ConclaveServer, openConclaveServer } from '../support/conclave-server.ts';
import { until } from '../support/until.ts';
import { Participant } from './participant.ts';

let server: ConclaveServer;
let browser: Browser;

beforeAll(async () => {
  server = await openConclaveServer();
  // A third of the pictures: on a busy machine the browser would stop its largest layer to save time, and be right.
  browser = await openChromium('--use-fake-device-for-media-stream=fps=10');
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

/** Two in small windows; Béla watches Ada. */
async function openTwo(context: BrowserContext) {
  const link = server.inviteLink();
  const ada = await Participant.open(context, link, 'Ada', { width: 320, height: 240 });
  const bela = await Participant.open(context, link, 'Béla', { width: 320, height: 240 });
  await ada.join();
  await bela.press('Turn camera off');
  await bela.join();
  await bela.sees('Ada');
  return { ada, bela };
}

test('the simulcast layer follows the size of the tile, up and down', async () => {
  const context = await browser.createBrowserContext();
  const { ada, bela } = await openTwo(context);
  const receivedHeight = async () => (await bela.inbound('video'))[0]?.frameHeight;

  await until('a small tile gets the lowest layer', async () => (await receivedHeight()) === 180);
  await until('Ada sends three layers', async () => {
    const sent = await ada.outbound('video');
    return sent.length === 3 && sent.every(({ framesSent = 0 }) => framesSent > 0);
  });
  await bela.page.setViewport({ width: 1600, height: 1700 });
  // Which of the two larger layers flows is for the bandwidth to say, and on a busy machine for the sender's browser.
  await until('a large one a larger layer', async () => ((await receivedHeight()) ?? 0) >= 360);
  await bela.page.setViewport({ width: 320, height: 240 });
  await until('a small one the lowest again', async () => (await receivedHeight()) === 180);
  expect([...ada.errors, ...bela.errors]).toEqual([]);
  await context.close();
});

test('what is not on the screen is not sent', async () => {
  const context = await browser.createBrowserContext();
  const { bela } = await openTwo(context);
  const consumers = server.sfu.load.consumers;
  await bela.page.$eval('[data-tile=peer]', (tile) => (tile as HTMLElement).style.setProperty('display', 'none'));
  await until('one consumer less', () => server.sfu.load.consumers === consumers - 1);
  await context.close();
});
