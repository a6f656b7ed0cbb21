import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { networkInterfaces, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { SetupError } from '../../scripts/setup/setup-error.mjs';
import { janusConfig } from './janus-config.ts';
import { JanusSession } from './janus-session.ts';

const START_LIMIT_MS = 10_000;
const RETRY_EVERY_MS = 50;

/** Of what it says last, for the error when it does not start. */
const SAID_CHARS = 2_000;
const SAID_LINES = 3;

/** Janus loads every library of a folder, so that each of ours holds the one that is wanted. */
const LIBRARIES = { plugins: 'libjanus_videoroom.so', transports: 'libjanus_websockets.so' } as const;

export interface JanusProcessOptions {
  /** Path of the program. */
  readonly program: string;
  /** Threads for all ends together; 0 for a thread for each. */
  readonly eventLoops: number;
}

/** Janus as a child of this process, with settings of its own. It does not outlive this process, however that ends. */
export class JanusProcess {
  readonly #child: ChildProcess;
  readonly session: JanusSession;

  private constructor(child: ChildProcess, session: JanusSession) {
    this.#child = child;
    this.session = session;
  }

  /** @throws when it does not start; nothing is left then. */
  static async open({ program, eventLoops }: JanusProcessOptions): Promise<JanusProcess> {
    const address = ownAddress();
    if (address === undefined) throw new SetupError('no address but loopback, where Janus offers no media');
    const libraries = librariesOf(program);
    const folder = mkdtempSync(join(tmpdir(), 'conclave-janus-'));
    const socket = join(folder, 'api');
    layOut(folder, libraries, janusConfig({ folder, socket, address, eventLoops }));
    const command = [program, `--configs-folder=${folder}`];
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', ...command], { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (text) => {
        said = `${said}${text}`.slice(-SAID_CHARS);
      });
    try {
      await once(child, 'spawn');
      return new JanusProcess(child, await firstSession(socket, child));
    } catch (error) {
      await end(child);
      throw new SetupError(`Janus did not start: ${lastLines(said) || error}`, { cause: error });
    } finally {
      rmSync(folder, { recursive: true }); // when it answers, it has read all of it
    }
  }

  get pid(): number {
    return this.#child.pid ?? Number.NaN;
  }

  async close(): Promise<void> {
    this.session.close();
    await end(this.#child);
  }
}

/**
 * The address of this machine on which media goes: Janus uses no interface that is loopback, and what a machine sends to any
 * address of its own goes over loopback all the same. `undefined` without a network.
 */
export function ownAddress(): string | undefined {
  const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  return addresses.find(({ family, internal }) => family === 'IPv4' && !internal)?.address;
}

function lastLines(said: string): string {
  return said.trim().split('\n').slice(-SAID_LINES).join(' / ');
}

function layOut(folder: string, libraries: string, files: Readonly<Record<string, string>>): void {
  for (const name of ['plugins', 'transports', 'events', 'loggers']) mkdirSync(join(folder, name));
  for (const [name, library] of Object.entries(LIBRARIES))
    symlinkSync(join(libraries, name, library), join(folder, name, library));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}

/** `usr/lib/<architecture>/janus`, when the program is in `usr/bin`. */
function librariesOf(program: string): string {
  const lib = join(dirname(program), '..', 'lib');
  const found = readdirSync(lib)
    .map((architecture) => join(lib, architecture, 'janus'))
    .find((folder) => existsSync(folder));
  if (found === undefined) throw new SetupError(`no libraries of Janus in ${lib}`);
  return found;
}

/** Once it listens. */
async function firstSession(socket: string, child: ChildProcess): Promise<JanusSession> {
  const deadlineMs = performance.now() + START_LIMIT_MS;
  for (;;) {
    try {
      return await JanusSession.open(socket);
    } catch (error) {
      if (child.exitCode !== null || child.signalCode !== null || performance.now() > deadlineMs) throw error;
    }
    await pause(RETRY_EVERY_MS);
  }
}

/** It has nothing to put in order that would not go with it. */
async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}
