import type { Browser } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Bot } from '../bot/bot.ts';
import { Camera } from '../bot/camera.ts';
import { Microphone } from '../bot/microphone.ts';
import { openChromium } from '../support/chromium.ts';
import { type ConclaveServer, openConclaveServer } from '../support/conclave-server.ts';
import { inBatches } from '../support/in-batches.ts';
import { Participant } from './participant.ts';

declare global {
  interface Window {
    /** Tasks of the main thread that took 50 ms and longer (W3C Long Tasks), in milliseconds. */
    longTasksMs?: number[];
  }
}

const OTHERS = Array.from({ length: 9 }, (_, index) => `Person ${index + 1}`);

/** Those who speak: speakers change, and the page with them. */
const SPEAKERS = 3;

/** Long enough for a hundred changes of speakers and levels. */
const WATCHED_MS = 10_000;

/** Three times the goal of 50 ms: this machine is busy with nine senders and a server beside the browser. */
const LIMIT_MS = 150;

let server: ConclaveServer;
let browser: Browser;
let bots: readonly Bot[] = [];
let link: string;

beforeAll(async () => {
  server = await openConclaveServer();
  browser = await openChromium();
  link = server.inviteLink();
  bots = await inBatches(OTHERS, 3, (name) =>
    Bot.join(link, {
      name,
      camera: new Camera({ layers: 2 }),
      ...(Number(name.slice(-1)) <= SPEAKERS && { microphone: new Microphone({ levelDbov: -20 }) }),
    }),
  );
});

afterAll(async () => {
  for (const bot of bots) bot.close();
  await browser?.close();
  await server?.close();
});

/** Runs in the page. */
function watchTasks(): void {
  const tasksMs: number[] = [];
  window.longTasksMs = tasksMs;
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) tasksMs.push(duration);
  }).observe({ type: 'longtask' });
}

/** Runs in the page: proof that the watch sees what it is for. */
function block(ms: number): void {
  setTimeout(() => {
    const endMs = performance.now() + ms;
    while (performance.now() < endMs);
  });
}

const longTasks = ({ page }: Participant) => page.evaluate(() => window.longTasksMs?.splice(0) ?? []);
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test('while nine people play, the page holds nothing up', async () => {
  const ada = await Participant.open(await browser.createBrowserContext(), link, 'Ada');
  await ada.join();
  await ada.sees(...OTHERS);
  await ada.page.evaluate(watchTasks);
  await pause(WATCHED_MS);
  const tasksMs = await longTasks(ada);
  process.stdout.write(`tasks above 50 ms in ${WATCHED_MS / 1000} s of nine tiles: ${JSON.stringify(tasksMs)}\n`);
  await ada.sees(...OTHERS);

  await ada.page.evaluate(block, LIMIT_MS);
  await pause(3 * LIMIT_MS);
  expect(Math.max(...(await longTasks(ada)))).toBeGreaterThanOrEqual(LIMIT_MS);
  expect(Math.max(0, ...tasksMs)).toBeLessThan(LIMIT_MS);
  expect(ada.errors).toEqual([]);
});
