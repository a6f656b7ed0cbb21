import type { Browser } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Bot } from '../bot/bot.ts';
import { Camera } from '../bot/camera.ts';
import { openChromium } from '../support/chromium.ts';
import { type ConclaveServer, openConclaveServer } from '../support/conclave-server.ts';
import { until } from '../support/until.ts';
import { Participant } from './participant.ts';

/** Room for four tiles, two by two: three others beside oneself. */
const SMALL_SCREEN = { width: 340, height: 480 };
const OTHERS = ['Béla', 'Chidi', 'Daria', 'Elif', 'Farid', 'Gita', 'Hana'];
/** The only one on the second page who sends pictures. */
const FILMED = 'Elif';

describe('a person on a small screen, and seven others', () => {
  let server: ConclaveServer;
  let browser: Browser;
  let ada: Participant;
  let link: string;
  const bots = new Map<string, Bot>();

  beforeAll(async () => {
    server = await openConclaveServer();
    browser = await openChromium();
    link = server.inviteLink();
    for (const name of OTHERS)
      bots.set(name, await Bot.join(link, { name, ...(name === FILMED && { camera: new Camera() }) }));
    ada = await Participant.open(await browser.createBrowserContext(), link, 'Ada', SMALL_SCREEN);
    await ada.join();
    await shows('Béla', 'Chidi', 'Daria');
  });

  afterAll(async () => {
    for (const bot of bots.values()) bot.close();
    await browser?.close();
    await server?.close();
  });

  const names = async () => (await ada.tiles()).map(({ name }) => name);
  const shows = (...expected: readonly string[]) =>
    until(`${expected.join()} are shown`, async () => (await names()).join() === expected.join());
  const leave = async (name: string) => bots.get(name)?.leave();
  const focused = () => ada.page.evaluate(() => document.activeElement?.getAttribute('data-turn'));
  const announced = () => ada.texts('[data-announcement]');

  test('nobody on the page is filmed, yet who is on the next one is kept ready', async () => {
    await until(`${FILMED} is ready`, () => ada.page.evaluate(isReady, FILMED));
    expect(await ada.framesDecoded()).toEqual([]);
  });

  test('a button turns the page, says so, and keeps the focus at the end', async () => {
    await ada.press('Next page');
    await shows('Elif', 'Farid', 'Gita');
    expect(await announced()).toEqual(['Page 2 of 3']);
    await until('the neighbour is seen', async () => (await ada.tiles())[0]?.playing);
    await ada.press('Next page');
    await shows('Hana');
    expect(await focused()).toBe('on');
    await ada.page.keyboard.press('Enter'); // there is no page after it
    expect(await focused()).toBe('on');
    expect(await names()).toEqual(['Hana']);
    expect(await announced()).toEqual(['Page 3 of 3']);
  });

  test('keys turn it as well', async () => {
    await ada.page.keyboard.press('PageUp');
    await shows('Elif', 'Farid', 'Gita');
    await ada.page.keyboard.press('PageDown');
    await shows('Hana');
  });

  test('when the last of a page leave, the page before is shown and stays, and one key turns it', async () => {
    await leave('Hana');
    await shows('Elif', 'Farid', 'Gita');
    bots.set('Ivo', await Bot.join(link, { name: 'Ivo' }));
    await until('there is a third page', async () => (await ada.texts('[data-page] .unseen'))[0] === 'Page 2 of 3');
    expect(await names()).toEqual(['Elif', 'Farid', 'Gita']);
    await ada.page.keyboard.press('PageUp');
    await shows('Béla', 'Chidi', 'Daria');
  });

  test('who all fit have no pages', async () => {
    for (const name of ['Elif', 'Farid', 'Gita', 'Ivo']) await leave(name);
    await until('nothing to turn', async () => (await ada.page.$('.page-turner')) === null);
    expect(await names()).toEqual(['Béla', 'Chidi', 'Daria']);
    expect(ada.errors).toEqual([]);
  });
});

/** In the page: what the server opened of that person's camera is here, flowing or not. */
function isReady(name: string): boolean {
  const peer = window.conclave?.roster.peers.find(({ displayName }) => displayName === name);
  return peer !== undefined && window.conclave?.track(peer.id, 'camera')?.mediaStreamTrack !== undefined;
}
