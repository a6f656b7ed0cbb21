import { type Browser, defaultArgs, launch } from 'puppeteer-core';
import type { NetworkNamespace } from './network-namespace.ts';

/** Fake devices that need no permission, no calls home, and English whatever the machine speaks. */
export const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--use-fake-ui-for-media-stream',
  '--use-fake-device-for-media-stream=fps=30',
  '--autoplay-policy=no-user-gesture-required',
  '--accept-lang=en-US',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
];

/** A real Chromium with fake camera and microphone. Of a flag given twice the last one counts. The test closes it. */
export function openChromium(...flags: readonly string[]): Promise<Browser> {
  return launch({ executablePath: chromium(), headless: 'shell', args: [...CHROMIUM_FLAGS, ...flags] });
}

/** One whose whole network is that one. It is spoken to over a pipe, which no network carries. */
export function openChromiumIn(network: NetworkNamespace, ...flags: readonly string[]): Promise<Browser> {
  const [program, ...prefix] = network.command(chromium());
  const args = [...prefix, ...defaultArgs({ headless: 'shell', args: [...CHROMIUM_FLAGS, ...flags] })];
  return launch({ executablePath: program, ignoreDefaultArgs: true, pipe: true, args });
}

function chromium(): string {
  const executablePath = process.env.CONCLAVE_CHROMIUM; // found or installed by set-up.ts
  if (!executablePath) throw new Error('CONCLAVE_CHROMIUM is not set');
  return executablePath;
}
