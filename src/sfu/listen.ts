import { createServer } from 'node:net';
import { errors, type types } from 'mediasoup';
import type { Clock } from '../base/index.ts';
import { SHARED_SOCKET_BUFFERS } from './socket-buffers.ts';

/**
 * The port's last owner may still live: workers go on for up to 1.5 s after their server was killed. Higher makes a port that
 * is truly taken be reported later.
 */
const RETRY_FOR_MS = 5_000;
const RETRY_EVERY_MS = 250;

/** Ports that were free a moment ago and are tried one after another, when any will do. */
const FREE_PORT_TRIES = 20;

export interface ListenOptions {
  /** At least one. Clients are offered each. */
  readonly ips: readonly string[];
  readonly announcedAddress: string | undefined;
  /** 0: any that is free. */
  readonly port: number;
  readonly clock: Clock;
}

export interface Listening {
  readonly server: types.WebRtcServer;
  readonly port: number;
}

/** Opens the worker's UDP and TCP port, which are the same number. @throws mediasoup's error when it stays taken. */
export function listen(worker: types.Worker, options: ListenOptions): Promise<Listening> {
  return options.port === 0 ? listenAnywhere(worker, options) : listenOn(worker, options);
}

async function listenOn(worker: types.Worker, options: ListenOptions): Promise<Listening> {
  const deadlineMs = options.clock.nowMs() + RETRY_FOR_MS;
  for (;;) {
    try {
      return await bind(worker, options, options.port);
    } catch (error) {
      if (error instanceof errors.WorkerClosedError || options.clock.nowMs() >= deadlineMs) throw error;
    }
    await new Promise<void>((resolve) => options.clock.after(RETRY_EVERY_MS, resolve));
  }
}

async function listenAnywhere(worker: types.Worker, options: ListenOptions): Promise<Listening> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await bind(worker, options, await freePort(options.ips[0]));
    } catch (error) {
      if (error instanceof errors.WorkerClosedError || tries === FREE_PORT_TRIES) throw error;
    }
  }
}

async function bind(worker: types.Worker, options: ListenOptions, port: number): Promise<Listening> {
  const announced = options.announcedAddress === undefined ? {} : { announcedAddress: options.announcedAddress };
  const listenInfos = options.ips.flatMap((ip): types.TransportListenInfo[] => [
    // All paths of the worker share it: reports of hundreds of receivers come in between what speakers send.
    { protocol: 'udp', ip, port, ...announced, ...SHARED_SOCKET_BUFFERS },
    { protocol: 'tcp', ip, port, ...announced },
  ]);
  return { server: await worker.createWebRtcServer({ listenInfos }), port };
}

/** A TCP port that was free when asked; whether UDP is too shows when the worker binds it. */
function freePort(ip: string | undefined): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, ip, () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
