import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import type { Browser } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RoomId, randomId } from '../../src/base/index.ts';
import { randomSecret } from '../../src/client/call-secret.ts';
import { openChromium } from '../support/chromium.ts';
import { ServerProcess } from '../support/server-process.ts';
import { until } from '../support/until.ts';
import { Participant } from './participant.ts';

let server: ServerProcess;
let browser: Browser;
let port: string;

beforeAll(async () => {
  port = await freePort();
  server = await ServerProcess.open({ CONCLAVE_PORT: port });
  browser = await openChromium();
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

/** As an operator gives it one: it is the same after the restart. */
async function freePort(): Promise<string> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port: free } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return String(free);
}

test('a server that restarts in the middle of a call: the page says so, and both are back in the same call by themselves', async () => {
  const link = `${server.origin}/call/${randomId<RoomId>()}#k=${randomSecret()}`;
  const open = async (name: string) => Participant.open(await browser.createBrowserContext(), link, name);
  const [ada, bela] = [await open('Ada'), await open('Béla')];
  await ada.join();
  await bela.join();
  await ada.sees('Béla');
  await bela.sees('Ada');

  await server.close();
  for (const { page } of [ada, bela]) await page.waitForSelector('[data-banner=reconnecting]');
  server = await ServerProcess.open({ CONCLAVE_PORT: port });
  const startedMs = performance.now();
  for (const { page } of [ada, bela])
    await page.waitForSelector('[data-screen=call][data-state=joined]', { timeout: 60_000 });
  await ada.sees('Béla');
  await bela.sees('Ada');
  process.stdout.write(`after a restart: both see each other within ${Math.round(performance.now() - startedMs)} ms\n`);
  for (const person of [ada, bela]) {
    await until(`${person.name} hears`, async () => (await person.soundEnergy()).some((energy) => energy > 0));
    expect(person.errors).toEqual([]);
  }
}, 120_000);
