import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'puppeteer-core';
import ts from 'typescript';
import { build } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { randomId } from '../../src/base/index.ts';
import { openChromium } from '../support/chromium.ts';
import { type ConclaveServer, openConclaveServer } from '../support/conclave-server.ts';
import { until } from '../support/until.ts';

const ROOT = join(import.meta.dirname, '../..');

/** Of what a page of somebody else's loads for a call, on each of its two threads. Where the rest of it comes from: docs/sdk.md. */
const MAX_PAGE_GZIP_BYTES = 80_000;
const MAX_WORKER_GZIP_BYTES = 80_000;

/** Somebody else's page in a folder of its own, with the package as npm would unpack it. */
let folder: string;
let files: Server;
let server: ConclaveServer;
let browser: Browser;

const inFolder = (...path: readonly string[]) => join(folder, ...path);

beforeAll(async () => {
  execFileSync('npm', ['run', '--silent', 'build:client'], { cwd: ROOT });
  folder = mkdtempSync(join(tmpdir(), 'conclave-package-'));
  const packed = execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  mkdirSync(inFolder('node_modules'));
  execFileSync('tar', ['-xzf', inFolder(packed.trim().split('\n').at(-1) ?? ''), '-C', inFolder('node_modules')]);
  execFileSync('mv', [inFolder('node_modules/package'), inFolder('node_modules/conclave')]);
  for (const types of ['zod', 'mediasoup-client'])
    symlinkSync(join(ROOT, 'node_modules', types), inFolder('node_modules', types));
  cpSync(join(import.meta.dirname, 'package-page.ts'), inFolder('page.ts'));
  writeFileSync(inFolder('index.html'), '<body><script type="module" src="./page.ts"></script></body>');
  // As its author would, with Vite as it comes.
  await build({ root: folder, configFile: false, logLevel: 'error', build: { target: 'es2022' } });
  files = createServer(({ url = '/' }, response) => {
    const path = new URL(url, 'http://page').pathname;
    const types: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.html': 'text/html' };
    const file = path === '/' ? '/index.html' : path;
    response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' });
    response.end(readFileSync(inFolder('dist', file)));
  });
  await new Promise<void>((resolve) => files.listen(0, '127.0.0.1', resolve));
  server = await openConclaveServer();
  browser = await openChromium();
}, 180_000); // it builds two things on what may be a busy machine

afterAll(async () => {
  await browser?.close();
  await server?.close();
  files?.close();
  rmSync(folder, { recursive: true, force: true });
});

test('the package holds the library and its types, and nothing else', () => {
  const top = readdirSync(inFolder('node_modules/conclave')).sort();
  expect(top).toEqual(['README.md', 'dist', 'package.json']);
  expect(readdirSync(inFolder('node_modules/conclave/dist'))).toEqual(['client']);
});

test('its types are there for whoever writes a page: right code compiles, and wrong code does not', () => {
  const complaints = (file: string) => {
    const program = ts.createProgram([file], {
      target: ts.ScriptTarget.ES2022,
      lib: ['lib.es2022.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      strict: true,
      skipLibCheck: true,
      types: [],
      noEmit: true,
    });
    return ts
      .getPreEmitDiagnostics(program)
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
  };
  expect(complaints(inFolder('page.ts'))).toEqual([]);
  writeFileSync(
    inFolder('wrong.ts'),
    "import { Call } from 'conclave/client';\nconst call = new Call({ name: 'Ada' });\ncall.on('chat', ({ text }) => text.length + text.size);",
  );
  expect(complaints(inFolder('wrong.ts'))).toHaveLength(2);
});

test('a page that was bundled with it is small, worker and all', () => {
  const assets = inFolder('dist/assets');
  const sizes = readdirSync(assets).map((name) => ({
    name,
    bytes: gzipSync(readFileSync(join(assets, name)), { level: 9 }).length,
  }));
  const sizeOf = (part: string) =>
    sizes.filter(({ name }) => name.startsWith(part)).reduce((sum, { bytes }) => sum + bytes, 0);
  expect(sizeOf('index')).toBeLessThan(MAX_PAGE_GZIP_BYTES);
  expect(sizeOf('worker')).toBeLessThan(MAX_WORKER_GZIP_BYTES);
});

test('and two people who open it see each other', async () => {
  const [room, secret] = [randomId(), randomId()];
  const open = async (name: string): Promise<Page> => {
    const answer = await fetch(`${server.origin}/dev/tokens`, { method: 'POST', body: JSON.stringify({ room }) });
    const { token } = (await answer.json()) as { readonly token: string };
    const page = await browser.newPage();
    const { port } = files.address() as AddressInfo;
    await page.goto(
      `http://127.0.0.1:${port}/?${new URLSearchParams({ server: server.origin, token, name })}#k=${secret}`,
    );
    return page;
  };
  const pages = [await open('Ada'), await open('Béla')];
  const [ada, bela] = pages;
  const text = (page?: Page) => page?.$eval('body', ({ textContent }) => textContent);
  await until(
    'both are there',
    async () => /Béla is here/.test((await text(ada)) ?? '') && /Ada is here/.test((await text(bela)) ?? ''),
  );
  for (const page of pages)
    await until('a picture that moves', () =>
      page.$eval('video', (video) => video.currentTime > 1 && video.videoWidth > 0).catch(() => false),
    );
});
