import type { Browser } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
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

const SCREEN = '[data-tile=screen] video';

test('a shared screen moves on the screens of the others, beside the faces, until it is shared no more', async () => {
  const link = server.inviteLink();
  const open = async (name: string) => Participant.open(await browser.createBrowserContext(), link, name);
  const [ada, bela] = [await open('Ada'), await open('Béla')];
  await ada.join();
  await bela.join();
  await bela.sees('Ada');

  await ada.press('Share screen');
  await bela.page.waitForSelector(`${SCREEN}[data-on=true]`);
  expect(await bela.texts('[data-tile=screen] .plate')).toEqual(['Ada: screen']);
  const shown = () => bela.page.$eval(SCREEN, (video) => video.getVideoPlaybackQuality().totalVideoFrames);
  const before = await shown();
  await until('it moves', async () => (await shown()) > before + 5);
  expect((await bela.tiles()).filter(({ playing }) => playing).map(({ name }) => name)).toEqual(['Ada']);

  await ada.press('Stop sharing');
  await bela.page.waitForSelector('[data-tile=screen]', { hidden: true });
  await bela.sees('Ada');
  expect([...ada.errors, ...bela.errors]).toEqual([]);
});
