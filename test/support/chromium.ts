import { type Browser, launch } from 'puppeteer-core';

/** Fake devices that need no permission, and no calls home. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--use-fake-ui-for-media-stream',
  '--use-fake-device-for-media-stream=fps=30',
  '--autoplay-policy=no-user-gesture-required',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
];

/** A real Chromium with fake camera and microphone. Of a flag given twice the last one counts. The test closes it. */
export function openChromium(...flags: readonly string[]): Promise<Browser> {
  const executablePath = process.env.CONCLAVE_CHROMIUM; // found or installed by set-up.ts
  if (!executablePath) throw new Error('CONCLAVE_CHROMIUM is not set');
  return launch({ executablePath, headless: 'shell', args: [...FLAGS, ...flags] });
}
