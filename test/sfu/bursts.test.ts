import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { createInterface } from 'node:readline';
import { createWorker, type types } from 'mediasoup';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type ProducerId, Scope } from '../../src/base/index.ts';
import { CODECS } from '../../src/sfu/codecs.ts';
import { PipePair } from '../../src/sfu/pipe-pair.ts';
import { type SendPath, sendPathOf } from '../../src/sfu/send-path.ts';
import {
  BURST_CAPABILITIES,
  BURST_PACKET_BYTES,
  BURST_PACKETS,
  BurstSender,
  numberIn,
} from '../support/burst-sender.ts';
import { NetworkNamespace } from '../support/network-namespace.ts';
import { until } from '../support/until.ts';

const workerBin = process.env.CONCLAVE_WORKER_BIN ?? '';
const stockBin = `${workerBin}-stock`;
const hasStock = existsSync(stockBin);
if (!hasStock) process.stdout.write('bursts are not sent here: beside the worker is none without the batcher\n');

const missingNamespace = NetworkNamespace.missing();
if (missingNamespace) process.stdout.write(`bursts to a narrow device are not sent here: ${missingNamespace}\n`);

const hasIpv6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1'));
if (!hasIpv6) process.stdout.write('bursts are not sent to ::1 here: this machine has no IPv6\n');

/** A packet of a burst takes two fragments. */
const NARROW_MTU_BYTES = 1_000;

/** As many as a receiver's buffer holds when it does not read at all. */
const BURSTS_AT_ONCE = 10;
const ROUNDS = 5;
const PACKETS = ROUNDS * BURSTS_AT_ONCE * BURST_PACKETS;

/** The kernel may give less. */
const SOCKET_BUFFER_BYTES = 1024 * 1024;

/** What has not come by then is lost. */
const ARRIVAL_LIMIT_MS = 5_000;

/** Where a worker's packets arrive. */
interface Receiver {
  readonly address: string;
  readonly port: number;
  /** Of those that arrived, in the order in which they did. */
  readonly numbers: readonly number[];
  close(): void;
}

/** Prints its port, and then the number of each packet, a line each. */
const RECEIVER_PROGRAM = `
  const socket = require('node:dgram').createSocket({ type: 'udp4', recvBufferSize: ${SOCKET_BUFFER_BYTES} });
  const numberIn = (bytes) => bytes.length < ${BURST_PACKET_BYTES / 2} ? [] : [bytes.readUInt32BE(bytes.length - 4)];
  socket.on('message', (bytes) => numberIn(bytes).forEach((number) => console.log(number)));
  socket.bind(0, () => console.log(socket.address().port));
`;

async function receiverOn(address: string): Promise<Receiver> {
  const type = address.includes(':') ? 'udp6' : 'udp4';
  const socket = createSocket({ type, recvBufferSize: SOCKET_BUFFER_BYTES });
  const numbers: number[] = [];
  socket.on('message', (bytes) => {
    const number = numberIn(bytes);
    if (number !== undefined) numbers.push(number);
  });
  socket.bind(0, address);
  await once(socket, 'listening');
  return { address, port: socket.address().port, numbers, close: () => socket.close() };
}

async function receiverIn(network: NetworkNamespace): Promise<Receiver> {
  const [program, ...prefix] = network.command(process.execPath);
  const child: ChildProcess = spawn(program, [...prefix, '-e', RECEIVER_PROGRAM], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const said: number[] = [];
  if (child.stdout) createInterface(child.stdout).on('line', (line) => said.push(Number(line)));
  const port = await until('the receiver listens', () => said.shift());
  return { address: network.address, port, numbers: said, close: () => child.kill() };
}

const programs: readonly (readonly [SendPath, string])[] = [
  ['batched', workerBin],
  ['single', stockBin],
];

describe.skipIf(!hasStock).each(programs)('bursts of a worker whose send path is %s', (sendPath, program) => {
  const workers = new Scope();
  let worker: types.Worker;
  beforeAll(async () => {
    worker = workers.own(await createWorker({ workerBin: program }));
  });
  afterAll(() => workers.close());

  let scope: Scope;
  let router: types.Router;
  let sender: BurstSender;
  beforeEach(async () => {
    scope = new Scope();
    router = scope.own(await worker.createRouter({ mediaCodecs: CODECS }));
    sender = await BurstSender.open(router);
  });
  afterEach(() => scope.close());

  /** From that address of this machine. */
  async function leadTo({ address, port }: Receiver, ip: string): Promise<void> {
    const transport = await router.createPlainTransport({ listenInfo: { protocol: 'udp', ip }, rtcpMux: true });
    await transport.connect({ ip: address, port });
    expect(sendPathOf(worker.pid)).toBe(sendPath);
    await transport.consume({ producerId: sender.producer.id, rtpCapabilities: BURST_CAPABILITIES });
  }

  /** Every packet from the first one on has arrived, in order, and none twice. */
  async function sendBursts(arrived: readonly number[]): Promise<void> {
    const before = sender.sent;
    for (let round = 0; round < ROUNDS; round += 1) {
      process.kill(worker.pid, 'SIGSTOP'); // so that it finds all of them at once, whoever is faster
      for (let burst = 0; burst < BURSTS_AT_ONCE; burst += 1) sender.sendBurst();
      process.kill(worker.pid, 'SIGCONT');
      await until('they arrive', () => arrived.length >= sender.sent, ARRIVAL_LIMIT_MS).catch(() => undefined);
    }
    expect(sender.sent - before).toBe(PACKETS);
    expect(arrived).toEqual(Array.from({ length: sender.sent }, (_, number) => number));
  }

  test.each(hasIpv6 ? ['127.0.0.1', '::1'] : ['127.0.0.1'])('arrive whole and in order at %s', async (address) => {
    const receiver = scope.own(await receiverOn(address));
    await leadTo(receiver, address);
    await sendBursts(receiver.numbers);
  });

  test('arrive whole and in order on another worker, through a pipe', async () => {
    const other = scope.own(await createWorker({ workerBin: program }));
    const far = await other.createRouter({ mediaCodecs: CODECS });
    const pair = await PipePair.between(router, far);
    expect([worker, other].map(({ pid }) => sendPathOf(pid))).toEqual([sendPath, sendPath]);
    const { id: producerId } = await pair.carry(sender.producer.id as ProducerId);
    const receiver = await far.createDirectTransport();
    const consumer = await receiver.consume({ producerId, rtpCapabilities: BURST_CAPABILITIES });
    const numbers: number[] = [];
    consumer.on('rtp', (bytes) => numbers.push(numberIn(bytes) ?? Number.NaN));
    await sendBursts(numbers);
  });

  test.skipIf(missingNamespace)(
    'arrive whole and in order over a cable, and when it gets too narrow for them',
    async () => {
      const network = scope.own(NetworkNamespace.open());
      const receiver = scope.own(await receiverIn(network));
      await leadTo(receiver, network.hostAddress);
      const framesOf = async (sending: () => Promise<void>) => {
        const before = network.framesIn;
        await sending();
        return network.framesIn - before;
      };

      const wide = await framesOf(() => sendBursts(receiver.numbers));
      if (sendPath === 'batched') expect(wide).toBeLessThan(PACKETS / 4);
      else expect(wide).toBeGreaterThanOrEqual(PACKETS);

      network.narrow(NARROW_MTU_BYTES);
      const narrow = await framesOf(() => sendBursts(receiver.numbers));
      expect(narrow).toBeGreaterThanOrEqual(2 * PACKETS); // all in fragments

      const beside = scope.own(await receiverOn('127.0.0.1')); // who is refused elsewhere is not refused here
      sender = await BurstSender.open(router);
      await leadTo(beside, '127.0.0.1');
      await sendBursts(beside.numbers);
      expect(sendPathOf(worker.pid)).toBe(sendPath);
    },
  );
});
