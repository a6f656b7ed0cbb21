import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from './until.ts';

const BUILT_SERVER = fileURLToPath(new URL('../../dist/server/main.js', import.meta.url));

/** A snapshot stops the server for some seconds on a busy machine. */
const SNAPSHOT_LIMIT_MS = 60_000;

/** The built server in a process of its own, so that nothing of the test is in its memory. Loopback, free ports. */
export class ServerProcess {
  readonly #child: ChildProcess;
  readonly #folder: string;
  #said = '';

  private constructor(child: ChildProcess, folder: string) {
    this.#child = child;
    this.#folder = folder;
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text) => (this.#said += String(text)));
  }

  /**
   * `settings`: environment variables of the server that are to be others. `detached`: Ctrl-C is not for it, but for whoever opened it.
   */
  static async open(
    settings: Readonly<Record<string, string>> = {},
    { detached = false }: { readonly detached?: boolean } = {},
  ): Promise<ServerProcess> {
    if (!existsSync(BUILT_SERVER)) throw new Error('the server is not built: npm run build');
    const folder = await mkdtemp(join(tmpdir(), 'conclave-server-'));
    const env = {
      PATH: process.env.PATH,
      CONCLAVE_PORT: '0',
      CONCLAVE_METRICS_PORT: '0',
      CONCLAVE_MEDIA_IP: '127.0.0.1',
      CONCLAVE_MEDIA_PORT: '0',
      CONCLAVE_WORKERS: '1',
      CONCLAVE_LOG_LEVEL: 'debug',
      CONCLAVE_WORKER_BIN: process.env.CONCLAVE_WORKER_BIN,
      ...settings,
    };
    const flags = ['--heapsnapshot-signal=SIGUSR2', `--diagnostic-dir=${folder}`];
    const child = spawn(process.execPath, [...flags, BUILT_SERVER], {
      env,
      detached,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const server = new ServerProcess(child, folder);
    await until('the server stands', () => server.#port);
    return server;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get metricsUrl(): string {
    const port = /metrics +http:\/\/[^:]+:(\d+)\//.exec(this.#said)?.[1];
    return `http://127.0.0.1:${port}/metrics`;
  }

  /** The value of a gauge or counter without labels. */
  async metric(name: string): Promise<number> {
    const text = await (await fetch(this.metricsUrl)).text();
    return Number(new RegExp(`^${name} (.+)$`, 'm').exec(text)?.[1]);
  }

  /** The server first, then its workers. */
  get pids(): readonly number[] {
    const { pid = Number.NaN } = this.#child;
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
    return [pid, ...children.trim().split(' ').filter(Boolean).map(Number)];
  }

  /** All that it has printed and logged. */
  get said(): string {
    return this.#said;
  }

  /** Every object and string that its JavaScript can reach. */
  async heapSnapshot(): Promise<Buffer> {
    this.#child.kill('SIGUSR2');
    return await until('the snapshot is written', () => this.#snapshot(), SNAPSHOT_LIMIT_MS);
  }

  /** Without waiting for its end; `close` is better where there is time. */
  kill(): void {
    this.#child.kill('SIGTERM');
  }

  async close(): Promise<void> {
    const { exitCode, signalCode } = this.#child;
    if (exitCode === null && signalCode === null) {
      const exit = once(this.#child, 'exit');
      this.kill();
      await exit;
    }
    await rm(this.#folder, { recursive: true });
  }

  get #port(): string | undefined {
    return /page +http:\/\/[^:]+:(\d+)\//.exec(this.#said)?.[1];
  }

  #snapshot(): Buffer | undefined {
    const name = readdirSync(this.#folder).find((each) => each.endsWith('.heapsnapshot'));
    const bytes = name === undefined ? undefined : readFileSync(join(this.#folder, name));
    return bytes?.subarray(-4).toString().trimEnd().endsWith(']}') ? bytes : undefined; // else it is being written
  }
}
