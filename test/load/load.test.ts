import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Browser, Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { whyNoNativeProgram } from '../../bench/endpoints/native-program.ts';
import type { Report } from '../../load/report.ts';
import { openChromium } from '../support/chromium.ts';
import { ServerProcess } from '../support/server-process.ts';
import { until } from '../support/until.ts';

const COMMAND = fileURLToPath(new URL('../../load/run.mjs', import.meta.url));

/** Built, joined, measured and closed, on two busy cores. */
const RUN_LIMIT_MS = 120_000;

const folder = mkdtempSync(join(tmpdir(), 'conclave-load-'));
let server: ServerProcess;

beforeAll(async () => {
  server = await ServerProcess.open();
});

afterAll(async () => {
  await server?.close();
  rmSync(folder, { recursive: true });
});

/** The command as people type it, but for npm. */
function start(...args: readonly string[]) {
  const child = spawn(process.execPath, [COMMAND, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { out: '', status: '' };
  child.stdout.on('data', (text) => (said.out += String(text)));
  child.stderr.on('data', (text) => (said.status += String(text)));
  const exitCode = once(child, 'exit').then(([code]) => code as number);
  return { child, said, exitCode };
}

const smallRun = (out: string, ...args: readonly string[]) => {
  const people = ['--participants', '2', '--publishers', '1', '--ramp', '10/s', '--duration', '2s'];
  return start('--url', server.origin, ...people, '--out', join(folder, out), ...args);
};

describe('a browser and three bots', () => {
  const out = join(folder, 'mixed');
  let report: Report;

  beforeAll(async () => {
    const who = ['--participant', 'browser:1,bot:3', '--publishers', '2', '--ramp', '4/s', '--duration', '5s'];
    const held = ['--assert', 'failures.total==0', '--assert', 'pictures.min>0/s'];
    const where = ['--url', server.origin, '--metrics-url', server.metricsUrl, '--out', out];
    const { said, exitCode } = start(...where, ...who, ...held);
    expect(await exitCode, said.status + said.out).toBe(0);
    report = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8'));
  }, RUN_LIMIT_MS);

  test('all join, and everybody sees and hears what is sent', () => {
    expect(report.people).toEqual({ planned: 4, joined: 4 });
    const { join, seen, delivery, frames, pictures } = report.figures;
    expect(join.p95).toBeGreaterThan(0);
    expect(report.figures['first-media'].max).toBeGreaterThanOrEqual(join.min ?? Number.NaN);
    expect(seen.total).toBeGreaterThan(0.5);
    expect(delivery.total).toBeGreaterThan(0.9);
    expect(frames.mean).toBeGreaterThan(50);
    expect(pictures.min).toBeGreaterThan(1);
  });

  test('what the server says of itself is in the report: so many were there', () => {
    expect(report.server).toMatchObject({ peers: 4, rooms: 1, workers: 1, producers: 4 });
    expect(report.figures['server-load'].max).toBeGreaterThan(0);
  });

  test('what makes the load is measured with its browsers, and the server is not in it', () => {
    const { mean = Number.NaN } = report.figures['generator-cpu'];
    expect(mean).toBeGreaterThan(0.01);
    expect(mean).toBeLessThanOrEqual(report.figures['machine-cpu'].mean ?? Number.NaN);
    expect(report.figures['server-cpu']).toEqual({}); // another's process
  });

  describe('in its page, from the disk and without a network', () => {
    let browser: Browser;
    let page: Page;
    const requests: string[] = [];
    const complaints: string[] = [];

    beforeAll(async () => {
      browser = await openChromium();
      page = await browser.newPage();
      page.on('request', (request) => requests.push(request.url()));
      page.on('console', (message) => complaints.push(message.text()));
      page.on('pageerror', (error) => complaints.push(String(error)));
      await page.setOfflineMode(true);
      await page.goto(pathToFileURL(join(out, 'report.html')).href);
    });

    afterAll(() => browser?.close());

    test('every chart is drawn: its canvas has ink', async () => {
      const inked = await page.$$eval('[data-chart] canvas', (canvases) =>
        canvases.map((canvas) => {
          const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
          return pixels.filter((_, at) => at % 4 === 3 && (pixels[at] ?? 0) > 0).length;
        }),
      );
      expect(inked).toHaveLength(report.charts.charts.length);
      for (const pixels of inked) expect(pixels).toBeGreaterThan(1_000);
    });

    test('every chart is a table too, of as many rows as it has values', async () => {
      const rows = await page.$$eval('.charts table.plain', (tables) =>
        tables.map((table) => table.querySelectorAll('tbody tr').length),
      );
      expect(rows).toEqual(report.charts.charts.map(({ seconds }) => seconds.length));
    });

    test('nothing is asked for but the file, and nobody complains', () => {
      expect(requests).toEqual([pathToFileURL(join(out, 'report.html')).href]);
      expect(complaints).toEqual([]);
    });

    test('it looks as the reader’s light is, and in neither is it wider than its window', async () => {
      const pictures: Uint8Array[] = [];
      for (const value of ['light', 'dark']) {
        await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value }]);
        pictures.push(await page.screenshot({ path: join(out, `${value}.png`), fullPage: true }));
        expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
      }
      expect(Buffer.compare(pictures[0] ?? Buffer.of(), pictures[1] ?? Buffer.of())).not.toBe(0);
    });

    test('its policy forbids to ask for anything, also where there is a network', async () => {
      await page.setOfflineMode(false);
      const asked = (url: string) =>
        fetch(url, { mode: 'no-cors' }).then(
          () => 'answered',
          () => 'forbidden',
        );
      expect(await page.evaluate(asked, server.origin)).toBe('forbidden');
    });
  });
});

const whyNoEnds = await whyNoNativeProgram('rtp-endpoints');
if (whyNoEnds !== undefined) process.stderr.write(`skipped, ends of RTP: ${whyNoEnds}\n`);

test.skipIf(whyNoEnds !== undefined)(
  'ends of RTP join a bot, and receive what it sends',
  { timeout: RUN_LIMIT_MS },
  async () => {
    const { said, exitCode } = smallRun('ends', '--participant', 'rtp:3,bot:1', '--participants', '4', '--json');
    expect(await exitCode, said.status).toBe(0);
    const { people, figures } = JSON.parse(said.out) as Report;
    expect(people).toEqual({ planned: 4, joined: 4 });
    expect(figures.packets.mean).toBeGreaterThan(3 * 30);
    expect(figures.seen.total).toBeGreaterThan(0.5);
  },
);

describe('the exit code', () => {
  test('is 1 when an assertion fails, which is named', { timeout: RUN_LIMIT_MS }, async () => {
    const { said, exitCode } = smallRun('failed', '--assert', 'join.max<1ms', '--assert', 'failures.total==0');
    expect(await exitCode, said.status).toBe(1);
    expect(said.out).toMatch(/FAILED +join\.max<1ms/);
    expect(said.out).toMatch(/held +failures\.total==0/);
  });

  test('is 2 for a wrong option, with one line', async () => {
    const { said, exitCode } = start('--ramp', '2');
    expect(await exitCode).toBe(2);
    expect(said.status.trimEnd().split('\n').at(-1)).toBe(
      'load: --ramp: not a rate: "2" (such as 2/s, 30/m) (--help says more)',
    );
  });

  test('is 130 behind Ctrl-C, with the report of what there was', { timeout: RUN_LIMIT_MS }, async () => {
    const { child, said, exitCode } = smallRun('stopped', '--duration', '10m', '--json');
    await until('it measures', () => said.status.includes('s left'));
    child.kill('SIGINT');
    expect(await exitCode, said.status).toBe(130);
    expect(JSON.parse(said.out)).toMatchObject({ interrupted: true, people: { joined: 2 } });
    await until('everybody has left', async () => (await server.metric('conclave_peers')) === 0);
  });
});

test('a search tries one size after another, and says the most that held', { timeout: RUN_LIMIT_MS }, async () => {
  const { said, exitCode } = smallRun('search', '--find-max', '--max', '3', '--json');
  const code = await exitCode;
  const { search } = JSON.parse(said.out) as Report;
  const steps = search?.steps ?? [];
  const held = steps.filter((step) => step.held).map(({ participants }) => participants);
  expect(steps.map(({ participants }) => participants)).toEqual(held.includes(2) ? [2, 3] : [2, 1]); // a busy machine loses
  expect(search?.most).toBe(Math.max(0, ...held));
  expect(code).toBe(held.length > 0 ? 0 : 1);
});
