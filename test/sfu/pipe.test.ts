import { spawnSync } from 'node:child_process';
import { createWorker, type types } from 'mediasoup';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type ProducerId, Scope } from '../../src/base/index.ts';
import { CODECS } from '../../src/sfu/codecs.ts';
import { countObjects } from '../../src/sfu/load.ts';
import { Pipe } from '../../src/sfu/pipe.ts';
import { PipePair } from '../../src/sfu/pipe-pair.ts';
import type { WorkerLoad } from '../../src/sfu/placement.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { browserRtpCapabilities } from '../support/rtp-fixtures.ts';
import { parseRtpPacket } from '../support/rtp-packet.ts';
import { settled } from '../support/settled.ts';
import { layerIn, SimulcastSender } from '../support/simulcast-sender.ts';
import { until } from '../support/until.ts';

const workerBin = process.env.CONCLAVE_WORKER_BIN;
const workers = new Scope();
let home: types.Worker;
let away: types.Worker;
let load: WorkerLoad;
let loadAtHome: WorkerLoad;
beforeAll(async () => {
  [home, away] = await Promise.all([open(), open()]);
  load = countObjects(away);
  loadAtHome = countObjects(home);
});
afterAll(() => workers.close());

async function open(): Promise<types.Worker> {
  return workers.own(await createWorker(workerBin === undefined ? {} : { workerBin }));
}

let scope: Scope;
let from: types.Router;
let to: types.Router;
let sender: SimulcastSender;
let clock: FakeClock;
let closed: number;
beforeEach(async () => {
  scope = new Scope();
  clock = new FakeClock();
  closed = 0;
  from = scope.own(await home.createRouter({ mediaCodecs: CODECS }));
  to = scope.own(await away.createRouter({ mediaCodecs: CODECS }));
  sender = scope.own(await SimulcastSender.open(from));
});
afterEach(async () => {
  scope.close();
  await until(
    'nothing is left',
    () => load.pipes + load.transports + load.pipeTransports + loadAtHome.pipeTransports === 0,
  );
});

function pipe(): Pipe {
  const countClosed = () => {
    closed += 1;
  };
  return scope.own(new Pipe({ producerId: sender.producer.id as ProducerId, from, to, clock, closed: countClosed }));
}

/** Somebody on the other worker. */
async function receiver(spatialLayer: number) {
  const transport = await to.createDirectTransport();
  const consumer = await transport.consume({
    producerId: sender.producer.id,
    rtpCapabilities: browserRtpCapabilities() as types.RtpCapabilities,
    preferredLayers: { spatialLayer },
  });
  const layers: number[] = [];
  consumer.on('rtp', (bytes) => {
    const packet = parseRtpPacket(bytes);
    if (packet) layers.push(layerIn(packet.payload));
  });
  return { consumer, layers };
}

describe('through a pipe', () => {
  test('simulcast stays simulcast: each gets the layer that it prefers, and the sender is asked for key frames', async () => {
    await pipe().watch();
    const [small, large] = [await receiver(0), await receiver(2)];
    expect(small.consumer.type).toBe('simulcast');
    await until('both receive', () => small.layers.at(-1) === 0 && large.layers.at(-1) === 2);
    expect(new Set(sender.asked)).toEqual(new Set([0, 1, 2]));

    const askedBefore = sender.asked.length;
    await small.consumer.setPreferredLayers({ spatialLayer: 1 });
    await until('the middle layer', () => small.layers.at(-1) === 1);
    expect(sender.asked.slice(askedBefore)).toContain(1);
    expect(large.layers.at(-1)).toBe(2);

    sender.asked.length = 0;
    await large.consumer.requestKeyFrame();
    await until('the request at the sender', () => sender.asked.includes(2));
  });

  test('a pause is passed on, and so is its end', async () => {
    await sender.producer.pause();
    await pipe().watch();
    const { consumer, layers } = await receiver(0);
    expect(consumer.producerPaused).toBe(true);
    await sender.producer.resume();
    await until('it flows', () => !consumer.producerPaused && layers.length > 5);
    await sender.producer.pause();
    await until('it does not', () => consumer.producerPaused);
  });

  test('a pause or its end that comes while the pipe opens is passed on, even when both answers arrive at once', async () => {
    const pair = await PipePair.between(from, to);
    for (const paused of [true, false]) {
      if (paused) await sender.producer.resume();
      else await sender.producer.pause();
      const carrying = pair.carry(sender.producer.id as ProducerId);
      const changing = paused ? sender.producer.pause() : sender.producer.resume();
      spawnSync('sleep', ['0.3']); // Node is busy: the worker's answers and news wait for it together
      const [pipeProducer] = await Promise.all([carrying, changing]);
      await until(`it is ${paused ? 'paused' : 'resumed'}`, () => pipeProducer.paused === paused);
      pipeProducer.close();
    }
  });

  test('is counted apart', async () => {
    await pipe().watch();
    expect(load).toMatchObject({ routers: 1, transports: 0, producers: 0, consumers: 0, pipes: 1, waiting: 0 });
  });
});

describe('a pipe', () => {
  test('is one for all who watch, and stays while one of them does', async () => {
    const shared = pipe();
    const ends = await Promise.all([shared.watch(), shared.watch(), shared.watch()]);
    expect(load.pipes).toBe(1);
    for (const end of ends.slice(1)) end();
    ends[1]?.(); // twice is once
    clock.advance(60_000);
    expect([closed, load.pipes]).toEqual([0, 1]);
  });

  test('closes 10 s after the last watcher, and not when somebody comes back before', async () => {
    const shared = pipe();
    (await shared.watch())();
    clock.advance(9_000);
    const end = await shared.watch();
    clock.advance(60_000);
    end();
    clock.advance(9_999);
    expect([closed, load.pipes]).toEqual([0, 1]);
    clock.advance(1);
    expect([closed, load.pipes]).toEqual([1, 0]);
    expect(clock.pending).toBe(0);
    const { mapProducerIdConsumerIds } = await from.dump();
    expect(mapProducerIdConsumerIds).toEqual([{ key: sender.producer.id, values: [] }]);
  });

  test('whose watchers went while it opened closes too', async () => {
    const opening = pipe();
    const watching = opening.watch();
    (await watching)();
    clock.advance(10_000);
    expect([closed, load.pipes]).toEqual([1, 0]);
  });

  test('closes with its producer, and with either router', async () => {
    for (const end of [() => sender.producer.close(), () => from.close(), () => to.close()]) {
      const before = closed;
      from = scope.own(await home.createRouter({ mediaCodecs: CODECS }));
      to = scope.own(await away.createRouter({ mediaCodecs: CODECS }));
      sender = scope.own(await SimulcastSender.open(from));
      await pipe().watch();
      end();
      await until('it closed', () => closed === before + 1);
      expect(clock.pending).toBe(0);
    }
  });

  test('that cannot open says so to all who wait, closes, and leaves nothing', async () => {
    const broken = pipe();
    const watching = [broken.watch(), broken.watch()];
    sender.producer.close();
    const outcomes = await Promise.allSettled(watching);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(closed).toBe(1);
    await expect(broken.watch()).rejects.toThrow();
    expect(clock.pending).toBe(0);
  });

  test('that is closed while it opens leaves nothing', async () => {
    const hasty = pipe();
    const watching = hasty.watch();
    hasty.close();
    await expect(watching).rejects.toThrow();
    await until('nothing is left', () => load.pipes === 0);
  });
});

describe('a worker that hangs and is killed', () => {
  let hung: types.Worker;
  let there: types.Router;
  const unhandled: unknown[] = [];
  const remember = (error: unknown) => unhandled.push(error);
  beforeEach(async () => {
    unhandled.length = 0;
    process.on('unhandledRejection', remember);
    hung = await open();
    there = await hung.createRouter({ mediaCodecs: CODECS });
  });
  afterEach(() => {
    process.off('unhandledRejection', remember);
  });
  const pipeThere = () =>
    scope.own(
      new Pipe({ producerId: sender.producer.id as ProducerId, from, to: there, clock, closed: () => undefined }),
    );
  const kill = async () => {
    const died = new Promise((resolve) => hung.once('died', resolve));
    process.kill(hung.pid, 'SIGKILL');
    await died;
    await settled();
  };

  test('while a pipe to it opens leaves no end of the pipe behind', async () => {
    process.kill(hung.pid, 'SIGSTOP');
    const watching = pipeThere().watch();
    const refused = expect(watching).rejects.toThrow();
    await until('the near end is open', () => loadAtHome.pipeTransports === 1);
    await kill();
    await refused;
    expect(loadAtHome.pipeTransports).toBe(0);
    expect(unhandled).toEqual([]);
  });

  test('while a pause is passed on to it disturbs nobody', async () => {
    await pipeThere().watch();
    process.kill(hung.pid, 'SIGSTOP');
    await sender.producer.pause();
    await sender.producer.resume();
    await settled();
    await kill();
    expect(unhandled).toEqual([]);
    await pipe().watch(); // and the producer is still reached from elsewhere
    expect(load.pipes).toBe(1);
  });
});
