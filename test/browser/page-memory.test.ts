import type { Browser } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Bot } from '../bot/bot.ts';
import { Camera } from '../bot/camera.ts';
import { openChromium } from '../support/chromium.ts';
import { type ConclaveServer, openConclaveServer } from '../support/conclave-server.ts';
import { until } from '../support/until.ts';
import { Participant } from './participant.ts';

/** Before the first look everything that is made once is made. */
const WARM_UP = 3;
const ROUNDS = 10;

/** Three times what was measured, which grew ever more slowly: code that V8 compiles, and what is remembered on purpose. */
const GROWTH_LIMIT_BYTES = 1_900_000;

/** Less than the screen of one call, which has about 380. */
const GROWTH_LIMIT_NODES = 300;

let server: ConclaveServer;
let browser: Browser;
let bela: Bot;
let link: string;

beforeAll(async () => {
  server = await openConclaveServer();
  browser = await openChromium();
  link = server.inviteLink();
  bela = await Bot.join(link, { name: 'Béla', camera: new Camera({ layers: 1 }) });
});

afterAll(async () => {
  bela?.close();
  await browser?.close();
  await server?.close();
});

interface Held {
  readonly heapBytes: number;
  readonly nodes: number;
  readonly listeners: number;
  readonly workers: number;
}

/** What the page holds when nothing is left that could be collected. */
async function held({ page }: Participant): Promise<Held> {
  const session = await page.createCDPSession();
  await session.send('HeapProfiler.enable');
  for (let round = 0; round < 3; round += 1) await session.send('HeapProfiler.collectGarbage'); // what finalizers let go
  const { JSHeapUsedSize = 0, Nodes = 0, JSEventListeners = 0 } = await page.metrics();
  await session.detach();
  return { heapBytes: JSHeapUsedSize, nodes: Nodes, listeners: JSEventListeners, workers: page.workers().length };
}

/** Runs in the page: the middle of the button with that name, when it can be pressed. */
function middleOf(name: string): { readonly x: number; readonly y: number } | undefined {
  const named = [...document.querySelectorAll('button')].find(
    (button) => !button.disabled && [button.ariaLabel, button.textContent].includes(name),
  );
  const box = named?.getBoundingClientRect();
  return box && { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** A click where the button is. Puppeteer's locators would hold on to it, and it to its whole screen: that is no leak of the page's. */
async function press({ page }: Participant, name: string): Promise<void> {
  const { x, y } = await until(`there is ${name}`, () => page.evaluate(middleOf, name));
  await page.mouse.click(x, y);
}

const shown = ({ page }: Participant, selector: string) =>
  until(`there is ${selector}`, () => page.evaluate((wanted) => document.querySelector(wanted) !== null, selector));

test('a page that joined and left ten times holds no more than one that did so twice', async () => {
  const ada = await Participant.open(await browser.createBrowserContext(), link, 'Ada');
  await ada.join(); // with her name, which is remembered
  const heldAfter: Held[] = [];
  for (let round = 0; round < WARM_UP + ROUNDS; round += 1) {
    await ada.sees('Béla');
    await press(ada, 'Leave');
    await shown(ada, '[data-screen=left]');
    if (round >= WARM_UP - 1) heldAfter.push(await held(ada));
    await press(ada, 'Join again');
    await shown(ada, '[data-screen=lobby]');
    await press(ada, 'Join');
    await shown(ada, '[data-screen=call][data-state=joined]');
  }
  const [first, last] = [heldAfter[0], heldAfter.at(-1)];
  process.stdout.write(`held after each leave: ${JSON.stringify(heldAfter)}\n`);
  if (!first || !last) throw new Error('nothing was measured');
  expect(last.heapBytes - first.heapBytes).toBeLessThan(GROWTH_LIMIT_BYTES);
  expect(last.nodes - first.nodes).toBeLessThan(GROWTH_LIMIT_NODES);
  expect(last.workers).toBe(first.workers);
  expect(ada.errors).toEqual([]);
}, 180_000);
