import { createWorker, type types } from 'mediasoup';
import { type Clock, Facts, Lanes, type Log, Scope } from '../base/index.ts';
import { CODECS } from './codecs.ts';
import { CpuMeter, type CpuReading } from './cpu-meter.ts';
import { FIELD_TRIALS } from './field-trials.ts';
import { type Listening, type ListenOptions, listen } from './listen.ts';
import { countObjects } from './load.ts';
import type { WorkerLoad } from './placement.ts';
import { type SendPath, sendPathOf } from './send-path.ts';
import { watch } from './watchdog.ts';

/** A worker that was told to close and has not ended by then is killed: a healthy one takes a few milliseconds. */
const CLOSE_DEADLINE_MS = 2_000;

/**
 * Consumers that are being opened on one worker at once. A page that is turned in a large room asks for thousands; Node needs 0.3 ms
 * for each answer, and the watchdog's waits behind all that came before it. Lower leaves the worker idle between two answers, higher
 * lets a crowd look like a hang.
 */
const MAX_OPENING = 64;

export interface MediaWorkerOptions extends ListenOptions {
  /** The worker's program; `undefined` for mediasoup's own. */
  readonly workerBin: string | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

interface WorkerParts {
  readonly listening: Listening;
  readonly counted: WorkerLoad;
  readonly cpu: CpuMeter;
  readonly scope: Scope;
}

/** One worker process with its port. It ends by `close()`, or by itself, which it tells. */
export class MediaWorker {
  readonly facts = new Facts<{ died: [] }>();
  /** Consumers are opened in these. */
  readonly openings = new Lanes(MAX_OPENING);
  readonly #worker: types.Worker;
  readonly #listening: Listening;
  readonly #counted: WorkerLoad;
  readonly #cpu: CpuMeter;
  readonly #scope: Scope;
  #expected = 0;

  private constructor(worker: types.Worker, { listening, counted, cpu, scope }: WorkerParts) {
    this.#worker = worker;
    this.#listening = listening;
    this.#counted = counted;
    this.#cpu = cpu;
    this.#scope = scope;
    worker.once('died', () => {
      scope.close();
      this.facts.tell('died');
    });
  }

  /** @throws mediasoup's error when the program does not run or the port stays taken. */
  static async open(options: MediaWorkerOptions): Promise<MediaWorker> {
    const scope = new Scope();
    const worker = await spawn(options.workerBin);
    const counted = countObjects(worker);
    const cpu = new CpuMeter(worker, options.clock);
    scope.add(() => close(worker, options.clock));
    const hung = () => {
      options.log.error('worker hung', { worker: worker.pid });
      kill(worker);
    };
    scope.add(watch(options.clock, () => cpu.read(), hung));
    try {
      return new MediaWorker(worker, { listening: await listen(worker, options), counted, cpu, scope });
    } catch (error) {
      scope.close();
      throw error;
    }
  }

  get pid(): number {
    return this.#worker.pid;
  }

  get port(): number {
    return this.#listening.port;
  }

  get sendPath(): SendPath {
    return sendPathOf(this.pid);
  }

  get server(): types.WebRtcServer {
    return this.#listening.server;
  }

  /** Before `died` is told, as soon as mediasoup knows: nobody is to be placed here any more. */
  get closed(): boolean {
    return this.#worker.closed;
  }

  /** As the watchdog read it last. */
  get cpu(): CpuReading {
    return this.#cpu.reading;
  }

  /** Peers that are expected count, so that those who come at the same moment spread. */
  get load(): WorkerLoad {
    return { ...this.#counted, waiting: this.#counted.waiting + this.#expected };
  }

  /** A peer was placed here. The answer says that it has arrived, or never will. */
  expectPeer(): () => void {
    this.#expected += 1;
    return () => {
      this.#expected -= 1;
    };
  }

  openRouter(): Promise<types.Router> {
    return this.#worker.createRouter({ mediaCodecs: CODECS });
  }

  close(): void {
    this.#scope.close();
  }
}

async function spawn(workerBin: string | undefined): Promise<types.Worker> {
  const kept = SIGNALS.map((signal) => process.listeners(signal));
  const starting = createWorker({
    libwebrtcFieldTrials: FIELD_TRIALS,
    ...(workerBin === undefined ? {} : { workerBin }),
  });
  // mediasoup would close its workers at a signal, under the feet of the calls: when the server ends is for main.ts to say.
  SIGNALS.forEach((signal, index) => {
    const added = process.listeners(signal).filter((listener) => !kept[index]?.includes(listener));
    for (const listener of added) process.removeListener(signal, listener);
  });
  return starting;
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

function close(worker: types.Worker, clock: Clock): void {
  worker.close();
  if (worker.subprocessClosed) return;
  const cancel = clock.after(CLOSE_DEADLINE_MS, () => kill(worker));
  worker.once('subprocessclose', cancel);
}

/** Only while mediasoup has not seen the process end: until then its id belongs to nobody else. */
function kill(worker: types.Worker): void {
  if (!worker.subprocessClosed) process.kill(worker.pid, 'SIGKILL');
}
