import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Arrivals } from './arrivals.ts';
import { Endpoint } from './endpoint.ts';
import { nativeProgram } from './native-program.ts';

const LOOPBACK = '127.0.0.1';

export interface EndpointOptions {
  readonly secured: boolean;
  /** Of this machine, to which the server sends. */
  readonly address?: string;
}

/** Many WebRTC ends in a native process of their own, so that one core of them can fill a worker. */
export class Endpoints {
  readonly #child: ChildProcess;
  readonly #endpoints = new Map<number, Endpoint>();
  readonly #opening = new Map<number, (port: number) => void>();
  readonly #reporting: ((arrivals: Arrivals) => void)[] = [];
  readonly #settling: (() => void)[] = [];
  readonly #ended: Promise<never>;
  #lastId = 0;
  #closed = false;

  private constructor(child: ChildProcess) {
    this.#child = child;
    if (child.stdout) createInterface({ input: child.stdout }).on('line', (line) => this.#heard(line));
    child.stdin?.on('error', () => undefined); // it has ended, which `#ended` says
    this.#ended = once(child, 'exit').then(([code]) => {
      throw new Error(`the endpoints ended with ${code}`);
    });
    this.#ended.catch((error) => {
      if (!this.#closed) process.stderr.write(`${error}\n`);
    });
  }

  static async open(): Promise<Endpoints> {
    const program = await nativeProgram('rtp-endpoints');
    return new Endpoints(spawn(program, { stdio: ['pipe', 'pipe', 'inherit'] }));
  }

  get pid(): number {
    return this.#child.pid ?? Number.NaN;
  }

  /** One that is secured drops media until it has keys; one that is not sends and receives RTP in the clear. */
  async openEndpoint({ secured, address = LOOPBACK }: EndpointOptions): Promise<Endpoint> {
    this.#lastId += 1;
    const id = this.#lastId;
    const opened = new Promise<number>((resolve) => this.#opening.set(id, resolve));
    this.#tell('open', id, secured ? 'secured' : 'clear', address);
    const endpoint = new Endpoint(id, await this.#answered(opened), (...words) => this.#tell(...words));
    this.#endpoints.set(id, endpoint);
    return endpoint;
  }

  /** All streams of all endpoints from now on; at first they are off. */
  setSending({ on }: { readonly on: boolean }): void {
    this.#tell('sending', on ? 'on' : 'off');
  }

  /** Once all that was said before is done: packets that come then find their keys and streams. */
  settled(): Promise<void> {
    const settled = new Promise<void>((resolve) => this.#settling.push(resolve));
    this.#tell('settle');
    return this.#answered(settled);
  }

  /** Counts begin at zero; packets that are on their way are none of them. */
  measure(): void {
    this.#tell('measure');
  }

  /** What happened since `measure`. */
  report(): Promise<Arrivals> {
    const report = new Promise<Arrivals>((resolve) => this.#reporting.push(resolve));
    this.#tell('report');
    return this.#answered(report);
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const endpoint of this.#endpoints.values()) endpoint.close();
    this.#child.stdin?.end();
    await this.#ended.catch(() => undefined);
  }

  #answered<T>(answer: Promise<T>): Promise<T> {
    return Promise.race([answer, this.#ended]);
  }

  #tell(...words: readonly (string | number)[]): void {
    this.#child.stdin?.write(`${words.join(' ')}\n`);
  }

  #heard(line: string): void {
    const [word, first = '', second = ''] = line.split(' ', 3);
    if (word === 'datagram') this.#endpoints.get(Number(first))?.received(Buffer.from(second, 'hex'));
    else if (word === 'opened') this.#opening.get(Number(first))?.(Number(second));
    else if (word === 'settled') this.#settling.shift()?.();
    else if (word === 'report') this.#reporting.shift()?.(JSON.parse(first) as Arrivals);
  }
}
