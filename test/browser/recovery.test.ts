import type { Browser } from 'puppeteer-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { openChromium } from '../support/chromium.ts';
import { type ConclaveServer, openConclaveServer } from '../support/conclave-server.ts';
import { type LogLine, recordedLog } from '../support/recorded-log.ts';
import { until } from '../support/until.ts';
import { Participant } from './participant.ts';

let server: ConclaveServer;
let browser: Browser;
let ada: Participant;
let bela: Participant;
let lines: readonly LogLine[];

beforeAll(async () => {
  browser = await openChromium();
});

afterAll(async () => {
  await browser?.close();
});

beforeEach(async () => {
  const log = recordedLog();
  lines = log.lines;
  server = await openConclaveServer({ log });
  const link = server.inviteLink();
  const context = await browser.createBrowserContext();
  ada = await Participant.open(context, link, 'Ada', { width: 640, height: 480 });
  bela = await Participant.open(context, link, 'Béla', { width: 640, height: 480 });
  await ada.join();
  await bela.join();
  await ada.sees('Béla');
  await bela.sees('Ada');
});

afterEach(async () => {
  await ada?.page.close();
  await bela?.page.close();
  await server?.close();
});

test('a worker that is killed: both are back by themselves, with pictures and sound', async () => {
  const worker = lines.findLast(({ event }) => event === 'worker started')?.fields.worker;
  process.kill(worker ?? Number.NaN, 'SIGKILL');
  await until('the death was noticed', () => server.sfu.load.workerDeaths === 1);
  await bothTalkAgain();
  expect(server.sfu.load).toMatchObject({ rooms: 1, peers: 2, transports: 4, producers: 4 });
});

test('sockets that are cut: both are back on new ones, and left nothing behind', async () => {
  server.relay.cut();
  await until('a banner says it', () => ada.page.$('[data-banner=reconnecting]'), 5_000).catch(() => undefined);
  await bothTalkAgain();
  await until('nobody is there twice', () => {
    const { rooms, peers, transports, producers } = server.sfu.load;
    return rooms === 1 && peers === 2 && transports === 4 && producers === 4 && server.signaling.sessions === 2;
  });
});

test('a server that is away for a while: a banner says so, and the call comes back', async () => {
  server.relay.refuse({ refusing: true });
  server.relay.cut();
  await ada.page.waitForSelector('[data-banner=reconnecting]');
  await bela.page.waitForSelector('[data-banner=reconnecting]');
  server.relay.refuse({ refusing: false });
  await bothTalkAgain();
  expect(await ada.page.$('[data-banner=reconnecting]')).toBeNull();
});

async function bothTalkAgain(): Promise<void> {
  await ada.sees('Béla');
  await bela.sees('Ada');
  for (const person of [ada, bela]) {
    await until(`${person.name} hears`, async () => (await person.soundEnergy()).some((energy) => energy > 0));
    expect(person.errors).toEqual([]);
  }
}
