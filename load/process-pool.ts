import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { type Invitation, JoinError, type Pool, type Reading } from './pool.ts';
import type { FromProcess, ToProcess } from './process-messages.ts';

/** Half of the bots that one core drives: the server, or browsers, may share the machine. */
const PER_PROCESS = 30;

/** A process that does not answer in time is as it was, and so late. */
const READ_LIMIT_MS = 5_000;

/** Beyond what a process needs to say goodbye. */
const END_LIMIT_MS = 5_000;

interface ParticipantProcess {
  readonly child: ChildProcess;
  readonly joins: Map<number, { readonly resolve: (joinMs: number) => void; readonly reject: (error: Error) => void }>;
  participants: number;
  read: ((reading: Reading) => void) | undefined;
  latest: Reading;
}

const ENDED = 'the process of participants ended';

const NOTHING: Reading = { counts: new Map(), loopDelayMs: 0 };

/** Participants without a browser, in processes of their own: a second one when the first has enough to do, and no more than there are cores. */
export class ProcessPool implements Pool {
  readonly #program: string;
  readonly #processes: ParticipantProcess[] = [];

  /** `program`: one that serves participants, built. */
  constructor(program: string) {
    this.#program = program;
  }

  get singleCorePids(): readonly number[] {
    return this.#processes.flatMap(({ child }) => child.pid ?? []);
  }

  join(invitation: Invitation): Promise<number> {
    const home = this.#home();
    home.participants += 1;
    return new Promise((resolve, reject) => {
      home.joins.set(invitation.planned.id, { resolve, reject });
      if (!say(home, { kind: 'join', invitation })) reject(new JoinError('error', ENDED));
    });
  }

  async read(): Promise<Reading> {
    const readings = await Promise.all(this.#processes.map(readingOf));
    return {
      counts: new Map(readings.flatMap(({ counts }) => [...counts])),
      loopDelayMs: Math.max(0, ...readings.map(({ loopDelayMs }) => loopDelayMs)),
    };
  }

  async close(): Promise<void> {
    await Promise.all(
      this.#processes.splice(0).map(async (each) => {
        const { child } = each;
        if (child.exitCode !== null || child.signalCode !== null) return;
        const ended = once(child, 'exit');
        say(each, { kind: 'leave' });
        const limit = setTimeout(() => child.kill('SIGKILL'), END_LIMIT_MS);
        await ended;
        clearTimeout(limit);
      }),
    );
  }

  #home(): ParticipantProcess {
    const idlest = this.#processes.toSorted((left, right) => left.participants - right.participants)[0];
    const isEnough = this.#processes.length >= availableParallelism();
    return idlest && (isEnough || idlest.participants < PER_PROCESS) ? idlest : this.#open();
  }

  #open(): ParticipantProcess {
    // In a group of its own: Ctrl-C is for the driver, which lets everybody leave.
    const child = fork(this.#program, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], detached: true });
    const opened: ParticipantProcess = { child, joins: new Map(), participants: 0, read: undefined, latest: NOTHING };
    child.on('message', (message: FromProcess) => told(opened, message));
    child.once('exit', () => {
      for (const { reject } of opened.joins.values()) reject(new JoinError('error', ENDED));
      opened.joins.clear();
      opened.latest = goneWith(opened.latest);
      opened.read?.(opened.latest);
    });
    this.#processes.push(opened);
    return opened;
  }
}

function readingOf(asked: ParticipantProcess): Promise<Reading> {
  return new Promise((resolve) => {
    const late = { ...asked.latest, loopDelayMs: READ_LIMIT_MS };
    const limit = setTimeout(() => asked.read?.(late), READ_LIMIT_MS);
    asked.read = (reading) => {
      clearTimeout(limit);
      asked.read = undefined;
      asked.latest = reading;
      resolve(reading);
    };
    if (!say(asked, { kind: 'read' })) asked.read(asked.latest);
  });
}

/** What is left of participants whose process has ended. */
function goneWith({ counts }: Reading): Reading {
  return { counts: new Map([...counts].map(([id, each]) => [id, { ...each, videos: 0, gone: true }])), loopDelayMs: 0 };
}

/** False when the process is gone. */
function say({ child }: ParticipantProcess, message: ToProcess): boolean {
  if (child.connected) child.send(message, () => undefined); // its end is told by `exit`
  return child.connected;
}

function told(opened: ParticipantProcess, message: FromProcess): void {
  if (message.kind === 'reading') {
    opened.read?.({ counts: new Map(message.counts), loopDelayMs: message.loopDelayMs });
    return;
  }
  const join = opened.joins.get(message.id);
  opened.joins.delete(message.id);
  if (message.kind === 'joined') join?.resolve(message.joinMs);
  else join?.reject(new JoinError(message.code, message.message));
}
