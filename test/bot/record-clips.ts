import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openChromium } from '../support/chromium.ts';
import type { Clip } from './clip.ts';

const SECONDS = 2;
const PICTURES_PER_SECOND = 15;
const OPUS_FRAME_MS = 20;

/** Far below what cameras send: the picture is simple, and bots fill frames up to the rate that they claim. */
const CAMERA_SIZES = [
  { width: 320, height: 180, bitrate: 50_000 },
  { width: 640, height: 360, bitrate: 100_000 },
  { width: 1280, height: 720, bitrate: 200_000 },
];

/** What bots show and say, by Chromium's own encoders: a face that nods, and a tone that goes up and down. */
export async function recordClips(): Promise<ReadonlyMap<string, Clip>> {
  const site = createServer((_, response) => response.end('<!doctype html>')); // WebCodecs wants a secure context
  site.listen(0, '127.0.0.1');
  const browser = await openChromium();
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(site.address() as AddressInfo).port}`);
    const clips = new Map<string, Clip>();
    for (const size of CAMERA_SIZES) {
      const frames = await page.evaluate(encodePictures, { ...size, count: SECONDS * PICTURES_PER_SECOND });
      clips.set(`camera-${size.height}`, clipOf('VP80', frames, { ...size, frameMs: 1_000 / PICTURES_PER_SECOND }));
    }
    const sound = await page.evaluate(encodeSound, SECONDS);
    clips.set('microphone', clipOf('OPUS', sound, { width: 0, height: 0, frameMs: OPUS_FRAME_MS }));
    return clips;
  } finally {
    await browser.close();
    site.close();
  }
}

function clipOf(
  fourcc: string,
  frames: readonly string[],
  { width, height, frameMs }: Omit<Clip, 'fourcc' | 'frames'>,
) {
  return { fourcc, width, height, frameMs, frames: frames.map((frame) => Buffer.from(frame, 'base64')) };
}

interface Pictures {
  readonly width: number;
  readonly height: number;
  readonly bitrate: number;
  readonly count: number;
}

/** Runs in the page. */
async function encodePictures({ width, height, bitrate, count }: Pictures): Promise<string[]> {
  const frames: string[] = [];
  const encoder = new VideoEncoder({
    output: (chunk) => {
      const bytes = new Uint8Array(chunk.byteLength);
      chunk.copyTo(bytes);
      frames.push(btoa(String.fromCharCode(...bytes)));
    },
    error: (error) => {
      throw error;
    },
  });
  encoder.configure({ codec: 'vp8', width, height, bitrate, framerate: 15, latencyMode: 'realtime' });
  const canvas = new OffscreenCanvas(width, height);
  const pen = canvas.getContext('2d');
  if (!pen) throw new Error('no canvas');
  const box = (colour: string, x: number, y: number, w: number, h: number) => {
    pen.fillStyle = colour;
    pen.fillRect(x * height, y * height, w * height, h * height);
  };
  for (let index = 0; index < count; index += 1) {
    const nod = 0.03 * Math.sin((2 * Math.PI * index) / count);
    box('#dfe7ee', 0, 0, 2, 1);
    box('#5b6b7a', 0.49, 0.7, 0.8, 0.3); // shoulders
    box('#8fa3b5', 0.59, 0.2 + nod, 0.6, 0.5); // head
    box('#1d2833', 0.69, 0.35 + nod, 0.1, 0.1);
    box('#1d2833', 0.99, 0.35 + nod, 0.1, 0.1);
    box('#1d2833', 0.74, 0.57 + nod, 0.3, 0.03 + Math.abs(nod));
    const picture = new VideoFrame(canvas, { timestamp: (index * 1e6) / 15 });
    encoder.encode(picture, { keyFrame: index === 0 });
    picture.close();
  }
  await encoder.flush();
  encoder.close();
  return frames;
}

/** Runs in the page. */
async function encodeSound(seconds: number): Promise<string[]> {
  const rate = 48_000;
  const frames: string[] = [];
  const encoder = new AudioEncoder({
    output: (chunk) => {
      const bytes = new Uint8Array(chunk.byteLength);
      chunk.copyTo(bytes);
      frames.push(btoa(String.fromCharCode(...bytes)));
    },
    error: (error) => {
      throw error;
    },
  });
  encoder.configure({ codec: 'opus', sampleRate: rate, numberOfChannels: 1, bitrate: 32_000 });
  const samples = new Float32Array(rate * seconds);
  let phase = 0;
  for (let at = 0; at < samples.length; at += 1) {
    phase += (2 * Math.PI * (300 + 100 * Math.sin((2 * Math.PI * at) / rate))) / rate;
    samples[at] = 0.3 * Math.sin(phase);
  }
  const sound = new AudioData({
    format: 'f32-planar',
    sampleRate: rate,
    numberOfFrames: samples.length,
    numberOfChannels: 1,
    timestamp: 0,
    data: samples,
  });
  encoder.encode(sound);
  await encoder.flush();
  encoder.close();
  return frames;
}
