import { loadavg } from 'node:os';
import type { Browser } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openChromium } from '../support/chromium.ts';
import { type ConclaveServer, openConclaveServer } from '../support/conclave-server.ts';
import { WorkerObjects } from '../support/worker-objects.ts';
import { type ImpairedCall, measureImpairedCall } from './impaired-call.ts';

/**
 * Far looser than what is wanted on a free machine, which `npm run bench -- impaired` shows: at least 15 pictures a second, and
 * pictures again within 2 s. Here other tests run beside it; with six busy processes to a core it took 4.6 s.
 */
const MIN_PICTURES_PER_SECOND = 5;
const MAX_PICTURE_BACK_MS = 10_000;

/** Of 50 a second a tenth is lost: one in twenty on each of two ways. */
const MIN_AUDIO_PACKETS_PER_SECOND = 15;
const MAX_CONCEALED_SHARE = 0.5;

/** Each goes on where the one before it stopped. */
describe('two people over a line that loses 5 %, jitters by 30 ms, reorders, and goes dark for 2 s', () => {
  let server: ConclaveServer;
  let browser: Browser;
  let call: ImpairedCall;

  beforeAll(async () => {
    const objects = new WorkerObjects();
    server = await openConclaveServer();
    browser = await openChromium();
    call = await measureImpairedCall(server, browser, { objects, seed: 1 });
    process.stdout.write(`impaired call at load ${loadavg()[0]?.toFixed(1)}: ${JSON.stringify(call)}\n`);
  });

  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  test('the line was as poor as that', () => {
    expect(call.relayLossShare).toBeGreaterThan(0.03);
    expect(call.people).toHaveLength(2);
  });

  test('sound stays', () => {
    for (const { audioPacketsPerSecond, concealedShare, soundEnergy } of call.people) {
      expect(audioPacketsPerSecond).toBeGreaterThan(MIN_AUDIO_PACKETS_PER_SECOND);
      expect(concealedShare).toBeLessThan(MAX_CONCEALED_SHARE);
      expect(soundEnergy).toBeGreaterThan(0);
    }
  });

  test('pictures move', () => {
    for (const { picturesPerSecond } of call.people) expect(picturesPerSecond).toBeGreaterThan(MIN_PICTURES_PER_SECOND);
  });

  test('no path restarts for it', () => {
    expect(call.people.map(({ restarted }) => restarted)).toEqual([false, false]);
  });

  test('after the blackout both are back, over the same transports', () => {
    for (const { pictureBackMs } of call.people) expect(pictureBackMs).toBeLessThan(MAX_PICTURE_BACK_MS);
    expect(call.newTransports).toBe(0);
  });

  test('no loss looks like a failure of the encryption', () => {
    for (const { drops } of call.people) expect(drops).toEqual({});
    expect(call.pageErrors).toEqual([]);
  });
});
