import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { Sfu } from '../../src/sfu/index.ts';
import { joinPeer, openSfu } from '../support/open-sfu.ts';
import { recordedLog } from '../support/recorded-log.ts';
import { until } from '../support/until.ts';

let sfu: Sfu | undefined;
afterEach(() => {
  sfu?.close();
  sfu = undefined;
});

/** With the process ids of its workers, in the order in which they started. */
async function openLogged(workers: number) {
  const log = recordedLog();
  sfu = await openSfu({ workers, log });
  const pidOn = (port: number | undefined) =>
    log.lines.findLast(({ event, fields }) => event === 'worker started' && fields.port === port)?.fields.worker ?? 0;
  return { sfu, log, pidOn };
}

const portOf = (peer: { readonly recvTransport: { readonly iceCandidates: readonly { readonly port: number }[] } }) =>
  peer.recvTransport.iceCandidates[0]?.port;

/** A port of the machine that nobody uses, TCP and UDP as far as TCP can tell. */
function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

describe('a worker that is killed', () => {
  test('is replaced on its port', async () => {
    const { sfu, pidOn } = await openLogged(1);
    const [port] = sfu.workerPorts;
    const pid = pidOn(port);
    process.kill(pid, 'SIGKILL');
    await until('it died', () => sfu.load.workerDeaths === 1);
    expect(portOf((await joinPeer(sfu, 'room')).peer)).toBe(port);
    expect(sfu.workerPorts).toEqual([port]);
    expect(pidOn(port)).not.toBe(pid);
  });

  test('joins under way go on with its replacement', async () => {
    const { sfu, pidOn } = await openLogged(1);
    await joinPeer(sfu, 'room');
    process.kill(pidOn(sfu.workerPorts[0]), 'SIGSTOP');
    const joins = ['room', 'room', 'other', 'third'].map((room) => joinPeer(sfu, room));
    process.kill(pidOn(sfu.workerPorts[0]), 'SIGKILL');
    await Promise.all(joins);
    await until('the first has moved', () => sfu.load.transports === 10);
    expect(sfu.load).toMatchObject({ rooms: 3, peers: 5 });
  });

  test('again and again is replaced again and again', async () => {
    const { sfu, pidOn } = await openLogged(1);
    const [port] = sfu.workerPorts;
    for (let death = 1; death <= 3; death += 1) {
      process.kill(pidOn(port), 'SIGKILL');
      await until('it died', () => sfu.load.workerDeaths === death);
      await until('it is replaced', () => sfu.load.workers === 1);
    }
    await joinPeer(sfu, 'room');
  });
});

describe('a worker that hangs', () => {
  test('is found and killed, and it is replaced', async () => {
    const { sfu, log, pidOn } = await openLogged(2);
    const pid = pidOn(sfu.workerPorts[0]);
    const stoppedMs = performance.now();
    process.kill(pid, 'SIGSTOP');
    await until('it is gone', () => sfu.load.workerDeaths === 1);
    // Promised are 1.5 s; two busy cores may take their time.
    expect(performance.now() - stoppedMs).toBeLessThan(8_000);
    expect(log.lines.find(({ event }) => event === 'worker hung')?.fields.worker).toBe(pid);
    await until('the worker is replaced', () => sfu.load.workers === 2);
  });

  test('while the server closes is killed all the same', async () => {
    const { sfu, pidOn } = await openLogged(1);
    const pid = pidOn(sfu.workerPorts[0]);
    process.kill(pid, 'SIGSTOP');
    sfu.close();
    await until('it is gone', () => !isAlive(pid));
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false; // no such process
  }
}

describe('starting', () => {
  test('worker i listens on UDP and TCP basePort + i', async () => {
    const basePort = await freePort();
    sfu = await openSfu({ workers: 1, basePort });
    expect(sfu.workerPorts).toEqual([basePort]);
    const { peer } = await joinPeer(sfu, 'room');
    expect(peer.recvTransport.iceCandidates.map(({ protocol, port }) => [protocol, port])).toEqual([
      ['udp', basePort],
      ['tcp', basePort],
    ]);
  });

  test('waits for a port that is being given back', async () => {
    const basePort = await freePort();
    const owner = createSocket('udp4');
    await new Promise<void>((resolve) => owner.bind(basePort, '127.0.0.1', resolve));
    const opening = openSfu({ basePort });
    setTimeout(() => owner.close(), 700);
    sfu = await opening;
    expect(sfu.workerPorts).toEqual([basePort]);
  });

  test('fails when a port stays taken, and leaves no worker', async () => {
    const basePort = await freePort();
    const log = recordedLog();
    sfu = await openSfu({ basePort });
    await expect(openSfu({ basePort, log })).rejects.toThrow(/address already in use/);
    expect(log.lines).toEqual([]);
  });

  test('fails when the program does not exist or is not a worker', async () => {
    await expect(openSfu({ workerBin: '/nonexistent/worker' })).rejects.toThrow();
    await expect(openSfu({ workerBin: '/bin/false' })).rejects.toThrow();
  });

  test("leaves the process's signals alone", async () => {
    const signals = ['SIGINT', 'SIGTERM'] as const;
    const before = signals.map((signal) => process.listenerCount(signal));
    sfu = await openSfu({ workers: 2 });
    expect(signals.map((signal) => process.listenerCount(signal))).toEqual(before);
  });
});
