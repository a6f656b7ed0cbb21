import type { Browser } from 'puppeteer-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openChromium } from '../support/chromium.ts';
import { type ConclaveServer, openConclaveServer } from '../support/conclave-server.ts';
import { until } from '../support/until.ts';
import { Participant, type ParticipantOptions } from './participant.ts';

let server: ConclaveServer;
const browsers: Browser[] = [];

beforeAll(async () => {
  server = await openConclaveServer();
});

afterEach(async () => {
  await Promise.all(browsers.splice(0).map((browser) => browser.close()));
});

afterAll(async () => {
  await server?.close();
});

/** Somebody in a browser of their own, started with these flags. */
async function open(name: string, link: string, flags: readonly string[] = [], options: ParticipantOptions = {}) {
  const browser = await openChromium(...flags);
  browsers.push(browser);
  return Participant.open(browser.defaultBrowserContext(), link, name, { width: 640, height: 480, ...options });
}

/** Runs in the page: the camera fails as told, the microphone is as it was. */
function failCamera(errorName: string): void {
  const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = (constraints) =>
    constraints?.video ? Promise.reject(new DOMException('', errorName)) : real(constraints);
}

test('a refused camera: a notice says so in plain words, and the call goes on with sound', async () => {
  const link = server.inviteLink();
  // Headless Chromium refuses both devices or none, so the page is told what a browser says when a person blocks one.
  const prepare: ParticipantOptions['prepare'] = (page) => page.evaluateOnNewDocument(failCamera, 'NotAllowedError');
  const ada = await open('Ada', link, [], { prepare });
  const bela = await open('Béla', link);
  expect(await until('the notice', () => ada.notice('camera-refused'))).toMatch(/camera is blocked/);
  await ada.join();
  await bela.join();
  await ada.sees('Béla');
  await until('Béla hears Ada', async () => (await bela.soundEnergy()).some((energy) => energy > 0));
  expect(await bela.tiles()).toMatchObject([{ name: 'Ada', playing: false, muted: false }]);
  expect([...ada.errors, ...bela.errors]).toEqual([]);
});

test('both devices refused by the browser: one can still join, watch and listen', async () => {
  const link = server.inviteLink();
  const ada = await open('Ada', link, ['--use-fake-ui-for-media-stream=deny']);
  const bela = await open('Béla', link);
  await until('both notices', async () => (await ada.notice('camera-refused')) && ada.notice('microphone-refused'));
  await ada.join();
  await bela.join();
  await ada.sees('Béla');
  expect(await bela.tiles()).toMatchObject([{ name: 'Ada', playing: false, muted: true }]);
  expect(ada.errors).toEqual([]);
});

test('a machine without a camera: a notice says so, and one can join', async () => {
  const ada = await open('Ada', server.inviteLink(), ['--use-fake-device-for-media-stream=device-count=0']);
  expect(await until('the notice', () => ada.notice('camera-missing'))).toMatch(/No camera was found/);
  await ada.join();
  expect(ada.errors).toEqual([]);
});
