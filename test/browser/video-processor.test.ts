import type { Browser } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TrackProcessor } from '../../src/client/index.ts';
import { openChromium } from '../support/chromium.ts';
import { type ConclaveServer, openConclaveServer } from '../support/conclave-server.ts';
import { until } from '../support/until.ts';
import { Participant } from './participant.ts';

/** Runs in the page: draws the camera, and a magenta square over the middle of it. */
async function drawOver(): Promise<boolean> {
  const square: TrackProcessor = async (camera) => {
    const video = document.createElement('video');
    video.muted = true;
    video.srcObject = new MediaStream([camera]);
    await video.play();
    const canvas = document.createElement('canvas');
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
    const pen = canvas.getContext('2d');
    const timer = setInterval(() => {
      pen?.drawImage(video, 0, 0);
      if (pen) pen.fillStyle = 'rgb(255 0 255)';
      pen?.fillRect(canvas.width / 4, canvas.height / 4, canvas.width / 2, canvas.height / 2);
    }, 33);
    const [mediaStreamTrack] = canvas.captureStream(30).getVideoTracks();
    if (!mediaStreamTrack) throw new Error('no picture');
    const close = () => {
      clearInterval(timer);
      mediaStreamTrack.stop();
    };
    return { mediaStreamTrack, close };
  };
  return (await window.conclave?.setVideoProcessor(square)) ?? false;
}

/** Runs in the page: whether the middle of that tile's picture is magenta. */
function isCovered(tile: string): boolean {
  const video = document.querySelector<HTMLVideoElement>(`[data-tile=${tile}] video`);
  const canvas = document.createElement('canvas');
  const pen = canvas.getContext('2d');
  if (!video || video.videoWidth === 0 || !pen) return false;
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  pen.drawImage(video, 0, 0);
  const [red = 0, green = 0, blue = 0] = pen.getImageData(canvas.width / 2, canvas.height / 2, 1, 1).data;
  return red > 180 && green < 90 && blue > 180;
}

describe('a processor of the camera', () => {
  let server: ConclaveServer;
  let browser: Browser;
  let ada: Participant;
  let bela: Participant;

  beforeAll(async () => {
    server = await openConclaveServer();
    browser = await openChromium();
    const link = server.inviteLink();
    const open = async (name: string) =>
      Participant.open(await browser.createBrowserContext(), link, name, { width: 640, height: 480 });
    ada = await open('Ada');
    bela = await open('Béla');
    await ada.join();
    await bela.join();
    await bela.sees('Ada');
  });

  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  const covered = (person: Participant, tile: string) => person.page.evaluate(isCovered, tile);

  test('changes what the others see, and what one sees of oneself', async () => {
    expect(await covered(bela, 'peer')).toBe(false);
    expect(await ada.page.evaluate(drawOver)).toBe(true);
    await until('Béla sees it', () => covered(bela, 'peer'));
    await until('Ada sees it', () => covered(ada, 'self'));
  });

  test('is there from the first picture when the camera comes back', async () => {
    await ada.press('Turn camera off');
    await until('Béla sees no picture', async () => !(await bela.tiles())[0]?.playing);
    await ada.press('Turn camera on');
    await until('Béla sees a picture', async () => (await bela.tiles())[0]?.playing);
    expect(await covered(bela, 'peer')).toBe(true);
  });

  test('that is taken out leaves the camera as it is', async () => {
    expect(await ada.page.evaluate(() => window.conclave?.setVideoProcessor(undefined))).toBe(true);
    await until('Béla sees the camera', async () => !(await covered(bela, 'peer')));
  });

  test('that fails stops the camera, and the page says so', async () => {
    const fail = () => window.conclave?.setVideoProcessor(() => Promise.reject(new Error('no')));
    expect(await ada.page.evaluate(fail)).toBe(false);
    expect(await until('the notice', () => ada.notice('camera-failed'))).toMatch(/did not start/);
    await until('Béla sees no picture', async () => !(await bela.tiles())[0]?.playing);
    expect([...ada.errors, ...bela.errors]).toEqual([]);
  });
});
