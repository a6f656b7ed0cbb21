import type { Browser } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openChromium } from '../support/chromium.ts';
import { type ConclaveServer, openConclaveServer } from '../support/conclave-server.ts';
import { until } from '../support/until.ts';
import { Participant } from './participant.ts';

declare global {
  interface Window {
    /** What the page wanted to play. */
    heldSounds?: HTMLAudioElement[];
  }
}

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

/**
 * Runs in the page before its code. Chromium lets a page play that has a microphone; Safari's strictest rule, sound from within a
 * click and at no other time, is put on top of it.
 */
function holdSoundBack(): void {
  const play = HTMLAudioElement.prototype.play;
  window.heldSounds = [];
  HTMLAudioElement.prototype.play = function (this: HTMLAudioElement) {
    if (!window.heldSounds?.includes(this)) window.heldSounds?.push(this);
    if (window.event?.type === 'click') return play.call(this);
    return Promise.reject(new DOMException('', 'NotAllowedError'));
  };
}

test('sound that the browser holds back is one click away, and the banner says so', async () => {
  const link = server.inviteLink();
  const ada = await Participant.open(await browser.createBrowserContext(), link, 'Ada', {
    prepare: (page) => page.evaluateOnNewDocument(holdSoundBack),
  });
  const bela = await Participant.open(await browser.createBrowserContext(), link, 'Béla');
  await ada.join();
  await bela.join();
  await ada.page.waitForSelector('[data-banner=sound]');
  expect(await ada.texts('[data-banner=sound]')).toEqual(['Your browser holds the sound back.Play sound']);
  const playing = () => ada.page.evaluate(() => window.heldSounds?.map(({ paused }) => !paused));
  expect(await playing()).toEqual([false]);

  await ada.press('Play sound');
  await until('it plays', async () => (await playing())?.join() === 'true');
  expect(await ada.page.$('[data-banner=sound]')).toBeNull();
  await until('and is heard', async () => (await ada.soundEnergy()).some((energy) => energy > 0));
  expect([...ada.errors, ...bela.errors]).toEqual([]);
});
