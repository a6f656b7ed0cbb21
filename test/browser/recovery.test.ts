import type { Browser } from 'puppeteer-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { openChromium } from '../support/chromium.ts';
import { type ConclaveServer, openConclaveServer } from '../support/conclave-server.ts';
import { type LogLine, recordedLog } from '../support/recorded-log.ts';
import { until } from '../support/until.ts';
import { Participant } from './participant.ts';

declare global {
  interface Window {
    /** How often the call said that it is reconnecting. */
    bannersSeen?: number;
  }
}

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
  await ada.page.evaluate(() => {
    window.bannersSeen = 0;
    window.conclave?.on('reconnecting', () => {
      window.bannersSeen = (window.bannersSeen ?? 0) + 1;
    });
  });
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

test('sockets that are cut: both go on over new ones, and nobody sees or hears anything of it', async () => {
  const before = [await standingOf(ada), await standingOf(bela)];
  const objects = server.sfu.load;
  for (const how of ['rst', 'fin', 'half-open'] as const) {
    const resumed = resumes();
    server.relay.cut(how);
    await until(`both are back after ${how}`, () => resumes() >= resumed + 2);
    await picturesMove();
  }
  expect([await standingOf(ada), await standingOf(bela)]).toEqual(before);
  expect([server.sfu.load, server.signaling.sessions]).toEqual([objects, 2]);
  expect(await ada.page.evaluate(() => window.bannersSeen)).toBe(0);
  await bothTalkAgain();
});

test('a server that cannot be reached for a while: a banner says so, nothing is sent, and nothing is set up anew', async () => {
  const before = [await standingOf(ada), await standingOf(bela)];
  const objects = server.sfu.load;
  server.relay.refuse({ refusing: true });
  server.relay.cut();
  for (const { page } of [ada, bela]) await page.waitForSelector('[data-banner=reconnecting]');
  for (const person of [ada, bela]) {
    await until(`${person.name} sends nothing`, async () => (await sentInASecond(person)) === 0);
    expect([await sentInASecond(person), await person.page.$('[data-banner=reconnecting]')]).toEqual([
      0,
      expect.anything(),
    ]);
  }
  server.relay.refuse({ refusing: false });
  for (const { page } of [ada, bela]) await page.waitForSelector('[data-banner=reconnecting]', { hidden: true });
  const backMs = performance.now();
  await picturesMove();
  process.stdout.write(`after an interruption: pictures move within ${Math.round(performance.now() - backMs)} ms\n`);
  expect([await standingOf(ada), await standingOf(bela)]).toEqual(before);
  expect([server.sfu.load, server.signaling.sessions]).toEqual([objects, 2]);
  await bothTalkAgain();
});

test('a camera that is switched on behind the banner: nothing of it leaves, and it is seen as soon as the server is back', async () => {
  await ada.press('Turn camera off');
  await until('it is off', async () => (await bela.tiles()).every(({ playing }) => !playing));
  server.relay.refuse({ refusing: true });
  server.relay.cut();
  await ada.page.waitForSelector('[data-banner=reconnecting]');
  await ada.press('Turn camera on');
  await until('it is on', () => ada.page.evaluate(() => window.conclave?.localTrack('camera') !== undefined));
  for (let second = 0; second < 3; second += 1) expect(await sentInASecond(ada)).toBe(0);
  server.relay.refuse({ refusing: false });
  await bela.sees('Ada');
  expect([...ada.errors, ...bela.errors]).toEqual([]);
});

test('another network: both paths restart ICE at once, over the paths that stand, and sound and pictures go on', async () => {
  const before = [await standingOf(ada), await standingOf(bela), await ufragsOf(ada)];
  await ada.page.evaluate(() => dispatchEvent(new Event('online')));
  await until('both paths have new credentials', async () => {
    const [send, recv] = await ufragsOf(ada);
    const [sendBefore, recvBefore] = before[2] as readonly string[];
    return send !== sendBefore && recv !== recvBefore;
  });
  await picturesMove();
  await bothTalkAgain();
  expect([await standingOf(ada), await standingOf(bela)]).toEqual(before.slice(0, 2));
  expect(await ada.page.evaluate(() => window.bannersSeen)).toBe(0);
});

/** The ICE user name fragments of this side's two paths. */
function ufragsOf({ page }: Participant): Promise<readonly string[]> {
  return page.evaluate(async () => {
    const stats = await window.conclave?.getStats();
    return [stats?.send, stats?.recv].map((report) => {
      const entries = [...(report as unknown as Map<string, RTCTransportStats>).values()];
      return entries.find(({ type }) => type === 'transport')?.iceLocalUsernameFragment ?? '';
    });
  });
}

const resumes = () => lines.filter(({ event }) => event === 'session resumed').length;

/** What a join anew would change: the peer id with the paths, the epoch and the code with the keys. */
function standingOf({ page }: Participant) {
  return page.evaluate(async () => {
    const call = window.conclave;
    if (!call) throw new Error('not joined');
    call.watchDigits(true);
    while (!call.security.digits) await new Promise((resolve) => setTimeout(resolve, 20));
    const { epoch, digits, self } = call.security;
    const { state } = call;
    return { peerId: state.kind === 'joined' && state.peerId, epoch: Number(epoch), digits, self };
  });
}

/** Packets of sound and pictures that left this person's device within a second. */
async function sentInASecond(person: Participant): Promise<number> {
  const sent = async () => {
    const streams = [...(await person.outbound('audio')), ...(await person.outbound('video'))];
    return streams.reduce((sum, { packetsSent = 0 }) => sum + packetsSent, 0);
  };
  const before = await sent();
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  return (await sent()) - before;
}

/** The very streams that were there before: a new one would count from nothing. */
async function picturesMove(): Promise<void> {
  for (const person of [ada, bela]) {
    const before = await decoded(person);
    await until(`pictures move for ${person.name}`, async () => (await decoded(person)) > before + 10, 3_000);
  }
}

const decoded = async (person: Participant) => (await person.framesDecoded())[0] ?? Number.NaN;

async function bothTalkAgain(): Promise<void> {
  await ada.sees('Béla');
  await bela.sees('Ada');
  for (const person of [ada, bela]) {
    await until(`${person.name} hears`, async () => (await person.soundEnergy()).some((energy) => energy > 0));
    expect(person.errors).toEqual([]);
  }
}
