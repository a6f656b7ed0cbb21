/*
 * Where one worker stops: more and more receivers, until fewer than 99 % of the packets arrive. `one-to-many`: all watch one large camera.
 * `grid`: all see nine small ones and hear three people. Packets go out over SRTP (AEAD_AES_128_GCM). Sender and receivers are another
 * process (rtp-peers.ts), whose own time to read is part of the delays; receivers ask for no transport-cc, which real ones do.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createWorker, type types } from 'mediasoup';
import { CODECS } from '../src/sfu/codecs.ts';
import { browserRtpCapabilities, opusRtpParameters, screenRtpParameters } from '../test/support/rtp-fixtures.ts';
import { type BenchOptions, benchOptions, report } from './report.ts';
import { type Arrivals, type Command, runRtpPeers, type Stream } from './rtp-peers.ts';

type Shape = Omit<Stream, 'ssrc' | 'payloadType'>;

/** 720p at 1.5 Mbit/s. */
const LARGE: Shape = { framesPerSecond: 30, packetsPerFrame: 5, payloadBytes: 1_200 };
/** 180p at 150 kbit/s. */
const SMALL: Shape = { framesPerSecond: 30, packetsPerFrame: 1, payloadBytes: 600 };
/** Speech at 32 kbit/s. */
const VOICE: Shape = { framesPerSecond: 50, packetsPerFrame: 1, payloadBytes: 80 };

interface Scene {
  readonly videos: readonly Shape[];
  readonly voices: readonly Shape[];
}

const SCENES: Readonly<Record<string, Scene>> = {
  'one-to-many': { videos: [LARGE], voices: [] },
  grid: { videos: Array(9).fill(SMALL), voices: Array(3).fill(VOICE) },
};

/** Receivers of each step. */
const STEPS = {
  quick: [100, 300, 600],
  full: [50, 100, 150, 200, 250, 300, 350, 400, 500, 600, 700, 800, 1_000, 1_200],
};
const MEASURE_MS = { quick: 3_000, full: 6_000 };
const WARM_UP_MS = 1_000;

/** Below this a step has failed. */
const MIN_DELIVERED = 0.99;

const SRTP_SUITE = 'AEAD_AES_128_GCM';
/** A key and salt of that suite: 28 bytes (RFC 7714, section 12). What is inside is nobody's secret. */
const SRTP_KEY = Buffer.alloc(28, 7).toString('base64');

interface Step extends Arrivals {
  readonly receivers: number;
  readonly packets_per_second: number;
  readonly delivered_share: number;
  readonly worker_cpu_share: number;
  readonly packets_per_cpu_second: number;
  readonly us_per_packet: number;
}

if (process.send) runRtpPeers();
else await bench();

async function bench(): Promise<void> {
  const options = benchOptions();
  const figures: Record<string, unknown> = { srtp: SRTP_SUITE };
  for (const [name, scene] of Object.entries(SCENES)) figures[name] = await climb(scene, options);
  report('worker-limit', figures, options);
}

/** Adds receivers until a step fails. */
async function climb(scene: Scene, { quick }: BenchOptions) {
  const worker = await createWorker({ workerBin: process.env.CONCLAVE_WORKER_BIN ?? '' });
  const peers = fork(fileURLToPath(import.meta.url));
  const held: Step[] = [];
  try {
    const [{ ports }] = (await once(peers, 'message')) as [{ readonly ports: readonly number[] }];
    const router = await worker.createRouter({ mediaCodecs: CODECS });
    const { producerIds, port, streams } = await openSender(router, scene);
    tell(peers, { kind: 'begin', port, streams });
    let open = 0;
    for (const receivers of quick ? STEPS.quick : STEPS.full) {
      for (; open < receivers; open += 1) await openReceiver(router, producerIds, ports[open % ports.length] ?? 0);
      const measureMs = quick ? MEASURE_MS.quick : MEASURE_MS.full;
      // Once more before it counts as failed: on a shared machine others cost a tick, too.
      const first = await measure(worker, peers, receivers, measureMs);
      const step = holds(first) ? first : await measure(worker, peers, receivers, measureMs);
      if (!holds(step)) return { last_held: held.at(-1), first_failed: step, held };
      held.push(step);
    }
    return { last_held: held.at(-1), first_failed: undefined, held };
  } finally {
    peers.disconnect();
    worker.close();
  }
}

function holds({ delivered_share }: Step): boolean {
  return delivered_share >= MIN_DELIVERED;
}

async function openSender(router: types.Router, { videos, voices }: Scene) {
  const transport = await router.createPlainTransport({
    listenInfo: { protocol: 'udp', ip: '127.0.0.1' },
    comedia: true,
    rtcpMux: true,
  });
  const streams: Stream[] = [];
  const producerIds: string[] = [];
  const produce = async (kind: types.MediaKind, rtpParameters: types.RtpParameters, shape: Shape) => {
    const producer = await transport.produce({ kind, rtpParameters });
    const { encodings = [], codecs } = producer.rtpParameters;
    streams.push({ ...shape, ssrc: encodings[0]?.ssrc ?? 0, payloadType: codecs[0]?.payloadType ?? 0 });
    producerIds.push(producer.id);
  };
  for (const [at, shape] of videos.entries())
    await produce('video', screenRtpParameters(`${at}`) as types.RtpParameters, shape);
  for (const [at, shape] of voices.entries())
    await produce('audio', opusRtpParameters(`${videos.length + at}`) as types.RtpParameters, shape);
  return { producerIds, streams, port: transport.tuple.localPort };
}

async function openReceiver(router: types.Router, producerIds: readonly string[], port: number): Promise<void> {
  const transport = await router.createPlainTransport({
    listenInfo: { protocol: 'udp', ip: '127.0.0.1' },
    rtcpMux: true,
    enableSrtp: true,
    srtpCryptoSuite: SRTP_SUITE,
  });
  await transport.connect({ ip: '127.0.0.1', port, srtpParameters: { cryptoSuite: SRTP_SUITE, keyBase64: SRTP_KEY } });
  const rtpCapabilities = withoutTransportCc();
  for (const producerId of producerIds) await transport.consume({ producerId, rtpCapabilities });
}

/** Without the feedback of a real receiver the worker would keep every packet it has sent in its history. */
function withoutTransportCc(): types.RtpCapabilities {
  const { codecs = [], headerExtensions = [] } = browserRtpCapabilities() as types.RtpCapabilities;
  return {
    codecs: codecs.map((codec) => ({
      ...codec,
      rtcpFeedback: (codec.rtcpFeedback ?? []).filter(({ type }) => type !== 'transport-cc' && type !== 'goog-remb'),
    })),
    headerExtensions: headerExtensions.filter(({ uri }) => !uri.includes('transport-wide-cc')),
  };
}

async function measure(worker: types.Worker, peers: ChildProcess, receivers: number, measureMs: number): Promise<Step> {
  await pause(WARM_UP_MS);
  const before = await worker.getResourceUsage();
  tell(peers, { kind: 'measure' });
  const beganMs = performance.now();
  await pause(measureMs);
  tell(peers, { kind: 'report' });
  const [arrivals] = (await once(peers, 'message')) as [Arrivals];
  const after = await worker.getResourceUsage();
  const seconds = (performance.now() - beganMs) / 1000;
  const cpuSeconds = (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / 1000;
  return {
    receivers,
    packets_per_second: Math.round(arrivals.received / seconds),
    delivered_share: round(arrivals.received / (arrivals.sent * receivers)),
    worker_cpu_share: round(cpuSeconds / seconds),
    packets_per_cpu_second: Math.round(arrivals.received / cpuSeconds),
    us_per_packet: round((cpuSeconds * 1e6) / arrivals.received),
    ...arrivals,
  };
}

function tell(peers: ChildProcess, command: Command): void {
  peers.send(command);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
