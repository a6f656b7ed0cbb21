import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { whyNoNativeProgram } from '../bench/endpoints/native-program.ts';
import { BrowserPool } from './browser-pool.ts';
import { helpText } from './help.ts';
import { exitCodeOf } from './judgement.ts';
import type { Kind } from './mix.ts';
import { type LoadOptions, parseOptions } from './options.ts';
import type { Pool } from './pool.ts';
import { ProcessPool } from './process-pool.ts';
import type { Report } from './report.ts';
import { reportHtml } from './report-html.ts';
import { loadOnce, search } from './search.ts';
import { openServer } from './server.ts';
import { Status } from './status.ts';
import { formatSummary } from './summary.ts';
import { UsageError } from './usage-error.ts';

/** One press of Ctrl-C comes twice when npm passes it on; who presses again means it. */
const SAME_PRESS_MS = 500;

/** What may have to be installed or built first, and is looked for only when it is needed. */
export interface SetUp {
  /** The path of a mediasoup-worker. */
  readonly worker: () => Promise<string>;
  /** The path of a Chromium. */
  readonly browser: () => Promise<string>;
  /** The paths of bots.ts and rtp-ends.ts, built. */
  readonly bots: string;
  readonly rtpEnds: string;
}

/** The command. Resolves with its exit code. */
export async function main(args: readonly string[], setUp: SetUp): Promise<number> {
  try {
    const command = parseOptions(args);
    if (command.kind === 'run') return await load(command.options, setUp);
    process.stdout.write(helpText());
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`load: ${error.message} (--help says more)\n`);
    return 2;
  }
}

async function load(options: LoadOptions, setUp: SetUp): Promise<number> {
  const status = new Status();
  const stop = new AbortController();
  const ignore = onInterrupt(() => {
    status.say('stopping: the report of what there was so far follows; Ctrl-C again ends at once');
    stop.abort();
  });
  const { target, metricsUrl } = options;
  const browser = options.mix.has('browser') ? await setUp.browser() : '';
  const whyNoEnds = options.mix.has('rtp') ? await whyNoNativeProgram('rtp-endpoints') : undefined;
  if (whyNoEnds !== undefined) throw new UsageError(`--participant rtp: ${whyNoEnds}`);
  if (target.kind === 'own') status.say('no --url: starting the built server on loopback, which shares this machine');
  const server = await openServer({ target, metricsUrl, worker: setUp.worker });
  try {
    const openPool: Readonly<Record<Kind, () => Pool>> = {
      bot: () => new ProcessPool(setUp.bots),
      rtp: () => new ProcessPool(setUp.rtpEnds),
      browser: () => new BrowserPool(browser),
    };
    const openPools = () => new Map([...options.mix.keys()].map((kind) => [kind, openPool[kind]()] as const));
    const place = { options, server, openPools, status, signal: stop.signal };
    const report = options.findMax === undefined ? await loadOnce(place) : await search(place, options.findMax);
    writeReport(report, options, status);
    return exitCodeOf(report);
  } finally {
    ignore();
    await server.close();
  }
}

function writeReport(report: Report, { out, json }: LoadOptions, status: Status): void {
  const text = `${JSON.stringify(report, undefined, 2)}\n`;
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, 'report.json'), text);
  const page = join(out, 'report.html');
  writeFileSync(page, reportHtml(report));
  status.say('');
  process.stdout.write(json ? text : formatSummary(report));
  status.say(`\nreport: ${pathToFileURL(page).href}`);
}

/** Once; the second time ends the process. The answer lets Ctrl-C be what it was. */
function onInterrupt(interrupted: () => void): () => void {
  let firstMs: number | undefined;
  const listener = () => {
    const nowMs = performance.now();
    if (firstMs !== undefined && nowMs - firstMs > SAME_PRESS_MS) process.exit(130);
    if (firstMs === undefined) interrupted();
    firstMs ??= nowMs;
  };
  process.on('SIGINT', listener);
  process.on('SIGTERM', listener);
  return () => {
    process.off('SIGINT', listener);
    process.off('SIGTERM', listener);
  };
}
