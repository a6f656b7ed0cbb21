import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openChromium } from '../support/chromium.ts';
import { type ConclaveServer, openConclaveServer } from '../support/conclave-server.ts';
import { until } from '../support/until.ts';
import { drawnDevices } from './drawn-devices.ts';
import { Participant } from './participant.ts';

/** What records here also draws, encodes and shows: on a busy machine a file took 20 s and more to be whole. */
const SAVED_LIMIT_MS = 90_000;
const TEST_LIMIT_MS = 180_000;

/** Some pieces of a second each. */
const RECORD_MS = 4_000;

const [ADAS_HUE, BELAS_HUE] = [150, 30];

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** What a browser finds in a recording. */
interface Played {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly soundRms: number;
  readonly soundS: number;
  /** Of a hundred points of the last picture: how many have each hue, by tens of degrees. */
  readonly hues: Readonly<Record<number, number>>;
}

/** Runs in a page: plays the file to its end with what plays any video. */
async function play(base64: string): Promise<Played> {
  const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  const video = document.createElement('video');
  video.muted = true;
  video.src = URL.createObjectURL(new Blob([bytes], { type: 'video/webm' }));
  await new Promise((resolve, reject) => {
    video.onended = resolve;
    video.onerror = () => reject(new Error(video.error?.message));
    void video.play();
  });
  const canvas = document.createElement('canvas');
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  const pen = canvas.getContext('2d');
  pen?.drawImage(video, 0, 0);
  const hues: Record<number, number> = {};
  for (let point = 0; point < 100; point += 1) {
    const [x, y] = [((point % 10) + 0.5) / 10, (Math.floor(point / 10) + 0.5) / 10];
    const pixel = pen?.getImageData(x * canvas.width, y * canvas.height, 1, 1).data ?? [];
    const [red = 0, green = 0, blue = 0] = pixel;
    const [most, least] = [Math.max(red, green, blue), Math.min(red, green, blue)];
    if (most - least < 20) continue; // grey
    const sixth =
      most === red
        ? ((green - blue) / (most - least) + 6) % 6
        : most === green
          ? (blue - red) / (most - least) + 2
          : (red - green) / (most - least) + 4;
    const hue = Math.round((sixth * 60) / 10) * 10;
    hues[hue] = (hues[hue] ?? 0) + 1;
  }
  const sound = await new AudioContext().decodeAudioData(bytes.buffer);
  const samples = sound.getChannelData(0);
  const power = samples.reduce((sum, sample) => sum + sample * sample, 0);
  return {
    widthPx: video.videoWidth,
    heightPx: video.videoHeight,
    soundRms: Math.sqrt(power / samples.length),
    soundS: sound.duration,
    hues,
  };
}

/** Runs in the page before its code: no access to files, as in Firefox and Safari. */
function hideFiles(): void {
  Reflect.deleteProperty(window, 'showSaveFilePicker');
}

/** Runs in the page before its code: the person picks a file at once; it is a real one, in the page's own storage. */
function pickFile(): void {
  const pick = async ({ suggestedName }: { suggestedName: string }) => {
    const folder = await navigator.storage.getDirectory();
    return await folder.getFileHandle(suggestedName, { create: true });
  };
  Object.assign(window, { showSaveFilePicker: pick });
}

async function readPicked(): Promise<string> {
  const folder = await navigator.storage.getDirectory();
  const entries = (folder as unknown as { values(): AsyncIterable<FileSystemFileHandle> }).values();
  for await (const entry of entries) {
    const bytes = new Uint8Array(await (await entry.getFile()).arrayBuffer());
    let text = '';
    for (const byte of bytes) text += String.fromCharCode(byte);
    return btoa(text);
  }
  return '';
}

describe('a recording', { timeout: TEST_LIMIT_MS }, () => {
  let server: ConclaveServer;
  let browser: Browser;
  let folder: string;
  let link: string;
  let ada: Participant;
  let bela: Participant;
  let chi: Participant;

  const open = async (
    name: string,
    hue: number,
    prepare: (page: Page, context: BrowserContext) => Promise<unknown>,
  ) => {
    const context = await browser.createBrowserContext();
    return await Participant.open(context, link, name, {
      prepare: async (page) => {
        page.setDefaultTimeout(SAVED_LIMIT_MS); // of clicks, too, which wait for the page to stand still
        await page.evaluateOnNewDocument(drawnDevices, hue);
        await prepare(page, context);
      },
    });
  };
  const downloads = async (page: Page) => {
    const session = await page.createCDPSession();
    await session.send('Browser.setDownloadBehavior', {
      behavior: 'allow',
      browserContextId: page.browserContext().id ?? '',
      downloadPath: folder,
    } as never);
  };
  const startRecording = async () => {
    await ada.press('More');
    await ada.press('Settings');
    await ada.press('Record the call');
    await ada.page.waitForSelector('[data-control=stop-recording]');
  };
  const marks = (person: Participant) => person.texts('[data-recorders]');
  const saved = async () => (await readdir(folder)).filter((name) => name.endsWith('.webm'));

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'conclave-recording-'));
    server = await openConclaveServer();
    browser = await openChromium();
    link = server.inviteLink();
    ada = await open('Ada Lovelace', ADAS_HUE, async (page) => {
      await page.evaluateOnNewDocument(hideFiles);
      await downloads(page);
    });
    bela = await open('Béla', BELAS_HUE, async () => undefined);
    await ada.join();
    await bela.join();
    await ada.sees('Béla');
    await bela.sees('Ada Lovelace');
  });

  afterAll(async () => {
    await browser?.close();
    await server?.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('is told to everybody: a mark that stays, and a notice that is read out', async () => {
    expect(await marks(bela)).toEqual([]);
    await startRecording();
    expect(await until('Béla is told', () => bela.notice('recording'))).toBe('Ada Lovelace is recording');
    expect(await marks(bela)).toEqual(['Ada Lovelace is recording']);
    expect(await bela.page.$eval('[data-notice=recording]', (notice) => notice.closest('[role=status]') !== null)).toBe(
      true,
    );
    await bela.press('Dismiss');
    expect(await marks(bela)).toEqual(['Ada Lovelace is recording']);
  });

  test('who comes later is told too', async () => {
    chi = await open('Chi', 260, async () => undefined);
    await chi.join();
    await until('Chi is told', async () => (await marks(chi)).join() === 'Ada Lovelace is recording');
    await chi.leave();
    await ada.sees('Béla');
    if (process.env.LOOK) await bela.page.screenshot({ path: `${process.env.LOOK}-bela.png` });
    if (process.env.LOOK) await ada.page.screenshot({ path: `${process.env.LOOK}-ada.png` });
    await pause(RECORD_MS);
  });

  test('is over for everybody when it is stopped', async () => {
    await ada.press('Stop recording');
    await until('no mark is left', async () => (await marks(bela)).length === 0);
    expect(await bela.texts('[data-announcement]')).toEqual(['Nobody is recording any more']);
    expect(await bela.notice('recording')).toBeUndefined();
  });

  test('is a file on the device that any browser plays: the others, oneself and their sound', async () => {
    const isSaved = async () => ((await saved()).length > 0 ? saved() : undefined);
    const [name = ''] = await until('the file is saved', isSaved, SAVED_LIMIT_MS);
    expect(name).toMatch(/^call-\d{4}-\d\d-\d\d-\d{6}\.webm$/);
    const file = await readFile(join(folder, name));
    const played = await bela.page.evaluate(play, file.toString('base64'));
    expect(played).toMatchObject({ widthPx: 1280, heightPx: 720 });
    expect(played.soundS).toBeGreaterThan(RECORD_MS / 1000 - 1);
    expect(played.soundRms).toBeGreaterThan(0.05);
    const wall = (hue: number) => [-10, 0, 10, 20, 30].reduce((sum, by) => sum + (played.hues[hue + by] ?? 0), 0);
    expect(wall(ADAS_HUE)).toBeGreaterThan(10);
    expect(wall(BELAS_HUE)).toBeGreaterThan(10);
  });

  test('ends with the call, and is saved', async () => {
    const before = (await saved()).length;
    await ada.press('Record the call');
    await ada.page.waitForSelector('[data-control=stop-recording]');
    await pause(1_500);
    await ada.leave();
    await until('the second file is saved', async () => (await saved()).length > before, SAVED_LIMIT_MS);
    expect([...ada.errors, ...bela.errors, ...chi.errors]).toEqual([]);
  });

  test('goes into the file that the person picks, piece by piece, where the browser lets pages write files', async () => {
    ada = await open('Ada Lovelace', ADAS_HUE, (page) => page.evaluateOnNewDocument(pickFile));
    await ada.join();
    await ada.sees('Béla');
    await startRecording();
    await pause(RECORD_MS);
    await ada.press('Stop recording');
    await ada.page.waitForSelector('[data-recording=off]', { timeout: SAVED_LIMIT_MS });
    const played = await bela.page.evaluate(play, await ada.page.evaluate(readPicked));
    expect(played).toMatchObject({ widthPx: 1280, heightPx: 720 });
    expect(played.soundRms).toBeGreaterThan(0.05);
    expect(ada.errors).toEqual([]);
  });
});
