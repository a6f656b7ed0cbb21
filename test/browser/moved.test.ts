import type { Browser } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openChromium } from '../support/chromium.ts';
import { type ConclaveServer, openConclaveServer } from '../support/conclave-server.ts';
import { type LogLine, recordedLog } from '../support/recorded-log.ts';
import { until } from '../support/until.ts';
import { Participant } from './participant.ts';
import { largestGapMs, pageMs, picturesSince, watchPictures } from './shown-pictures.ts';

/** Three times what it takes on a quiet machine. */
const GAP_LIMIT_MS = 6_000;

declare global {
  interface Window {
    /** What a person could have noticed. */
    seen?: { states: string[]; loads: number };
  }
}

let server: ConclaveServer;
let browser: Browser;
let lines: readonly LogLine[];

beforeAll(async () => {
  const log = recordedLog();
  lines = log.lines;
  server = await openConclaveServer({ workers: 2, log });
  browser = await openChromium();
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

test('a worker that is killed while another lives: people see a freeze, and nothing else changes', async () => {
  const context = await browser.createBrowserContext();
  const link = server.inviteLink();
  const ada = await Participant.open(context, link, 'Ada', { width: 640, height: 480 });
  const bela = await Participant.open(context, link, 'Béla', { width: 640, height: 480 });
  await ada.join();
  await bela.join();
  await ada.sees('Béla');
  await bela.sees('Ada');
  for (const person of [ada, bela]) {
    await person.page.evaluate(watch);
    await watchPictures(person);
  }
  const sinceMs = await Promise.all([ada, bela].map(pageMs));
  const ids = await Promise.all([ada, bela].map(standing));

  for (const pid of workers()) {
    const deaths = server.sfu.load.workerDeaths;
    process.kill(pid, 'SIGKILL');
    await until('the death was noticed', () => server.sfu.load.workerDeaths === deaths + 1);
    await until('another one took its place', () => workers().length === 2);
    await ada.sees('Béla');
    await bela.sees('Ada');
  }
  for (const person of [ada, bela]) {
    const energy = (await person.soundEnergy())[0] ?? 0;
    await until(`${person.name} hears`, async () => ((await person.soundEnergy())[0] ?? 0) > energy);
  }
  expect(await Promise.all([ada, bela].map(standing))).toEqual(ids);
  for (const [at, person] of [ada, bela].entries()) {
    const fromMs = sinceMs[at] ?? Number.NaN;
    const [timesMs = []] = (await picturesSince(person, fromMs)).values();
    expect(largestGapMs(timesMs, fromMs)).toBeLessThan(GAP_LIMIT_MS);
    expect(await person.page.evaluate(() => window.seen)).toEqual({ states: [], loads: 0 });
  }
  expect([...ada.errors, ...bela.errors]).toEqual([]);
  await context.close();
});

/** The process ids of the workers that live. */
function workers(): readonly number[] {
  const died = new Set(lines.filter(({ event }) => event === 'worker died').map(({ fields }) => fields.worker));
  const started = lines
    .filter(({ event }) => event === 'worker started')
    .map(({ fields }) => fields.worker ?? Number.NaN);
  return started.filter((pid) => !died.has(pid));
}

/** What may not change: who one is in the call, and its keys. */
function standing({ page }: Participant) {
  return page.evaluate(() => {
    const call = window.conclave;
    const peerId = call?.state.kind === 'joined' ? call.state.peerId : undefined;
    return {
      peerId,
      epoch: call?.security.epoch,
      peers: call?.roster.peers.map(({ id, publications }) => [id, publications]),
    };
  });
}

/** Runs in the page. */
function watch(): void {
  const video = document.querySelector<HTMLVideoElement>('[data-tile=peer] video');
  if (!video) throw new Error('nobody is seen');
  const seen = { states: [] as string[], loads: 0 };
  window.seen = seen;
  window.conclave?.on('stateChanged', ({ kind }) => seen.states.push(kind));
  video.addEventListener('emptied', () => {
    seen.loads += 1;
  });
}
