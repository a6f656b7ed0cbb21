import type { Browser } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openChromium } from '../support/chromium.ts';
import { type ConclaveServer, openConclaveServer } from '../support/conclave-server.ts';
import { until } from '../support/until.ts';
import { Participant } from './participant.ts';
import { growthMs, setTileHeight } from './tile-picture.ts';

/** What is kept ready is there within a second; three times that on a busy machine. */
const GROWTH_LIMIT_MS = 3_000;

let server: ConclaveServer;
let browser: Browser;

beforeAll(async () => {
  server = await openConclaveServer();
  browser = await openChromium('--use-fake-device-for-media-stream=fps=10');
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

/** The layers of somebody's camera that put out frames within a second, lowest first. */
async function flowing(person: Participant): Promise<readonly string[]> {
  const frames = async () =>
    new Map((await person.outbound('video')).map(({ rid = '', framesSent = 0 }) => [rid, framesSent]));
  const before = await frames();
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  const after = await frames();
  return [...after].flatMap(([rid, sent]) => (sent > (before.get(rid) ?? 0) ? [rid] : [])).sort();
}

test('what nobody watches is neither encoded nor sent, and is there again for who looks', async () => {
  const context = await browser.createBrowserContext();
  const link = server.inviteLink();
  const ada = await Participant.open(context, link, 'Ada', { width: 800, height: 600 });
  const bela = await Participant.open(context, link, 'Béla', { width: 1600, height: 1700 });
  await ada.join();
  await bela.press('Turn camera off');
  await bela.join();
  await bela.sees('Ada');
  await until('a larger layer is sent', async () => (await flowing(ada)).includes('r1'));

  await setTileHeight(bela.page, 120);
  await until('the largest is not sent', async () => (await flowing(ada)).join() === 'r0,r1');
  const cameraLayers = (await ada.outbound('video')).length;
  await ada.press('Share screen'); // another negotiation
  await until('the screen is sent', async () => {
    const sent = await ada.outbound('video');
    return sent.length > cameraLayers && sent.some(({ rid, packetsSent = 0 }) => rid === undefined && packetsSent > 0);
  });
  await ada.press('Stop sharing');
  // The screen beside it had moved the tile, which goes back where it was.
  await until('the grid is back', () => bela.page.$('.stage[data-layout=grid]:not(:has([data-tile=screen]))'));
  await setTileHeight(bela.page, 120);
  await until('the largest is not sent after it', async () => (await flowing(ada)).join() === 'r0,r1');
  const grewMs = Math.round(await growthMs(bela.page, 720, 180));
  expect(grewMs).toBeLessThan(GROWTH_LIMIT_MS);

  await setTileHeight(bela.page, 0);
  await until('nothing is sent', async () => (await flowing(ada)).length === 0);
  expect(await ada.page.$('[data-banner=reconnecting]')).toBeNull();
  expect(await ada.securityMark()).not.toBe('halted');
  const decoded = (await bela.framesDecoded())[0] ?? 0;
  const sinceMs = performance.now();
  await setTileHeight(bela.page, 300);
  await until('pictures again', async () => (await bela.framesDecoded()).some((frames) => frames > decoded));
  const backMs = Math.round(performance.now() - sinceMs);
  process.stdout.write(`after a sleep: a larger layer in ${grewMs} ms, a picture again in ${backMs} ms\n`);
  expect([...ada.errors, ...bela.errors]).toEqual([]);
  await context.close();
});
