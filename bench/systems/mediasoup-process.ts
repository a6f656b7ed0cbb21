import { createWorker, type types } from 'mediasoup';
import { CODECS } from '../../src/sfu/codecs.ts';

/** What the parent asks; each question has an answer. */
export type MediasoupQuestion =
  | { readonly ask: 'server' }
  | { readonly ask: 'transport' }
  | { readonly ask: 'connect'; readonly transportId: string; readonly dtlsParameters: types.DtlsParameters }
  | { readonly ask: 'produce'; readonly transportId: string; readonly options: types.ProducerOptions }
  | { readonly ask: 'consume'; readonly transportId: string; readonly producerId: string }
  | { readonly ask: 'sent' };

export interface MediasoupAnswers {
  readonly server: { readonly workerPid: number; readonly rtpCapabilities: types.RtpCapabilities };
  readonly transport: Pick<types.WebRtcTransport, 'id' | 'iceParameters' | 'iceCandidates' | 'dtlsParameters'>;
  readonly connect: Record<string, never>;
  readonly produce: { readonly producerId: string };
  readonly consume: { readonly rtpParameters: types.RtpParameters; readonly kind: types.MediaKind };
  /** By all consumers since they were opened. */
  readonly sent: { readonly packets: number };
}

/** What differs from mediasoup's own settings, as the only argument of the process. */
export interface MediasoupSettings {
  /** The worker's binary; that of the servers when absent. */
  readonly worker?: string;
  /** Of WebRTC's bandwidth estimation. */
  readonly fieldTrials?: string;
  /** Of the port for all. */
  readonly socketBuffers?: Pick<types.TransportListenInfo, 'recvBufferSize' | 'sendBufferSize'>;
}

export type NumberedQuestion = MediasoupQuestion & { readonly id: number };
export interface NumberedAnswer {
  readonly id: number;
  readonly answer?: unknown;
  readonly error?: string;
}

/**
 * An SFU of mediasoup with its own settings unless told otherwise, as its examples have it: one worker, one port for all, every consumer on from the start. This
 * is what the forked process runs.
 */
export async function runMediasoup(): Promise<void> {
  process.once('disconnect', () => process.exit());
  const {
    worker: workerBin = process.env.CONCLAVE_WORKER_BIN ?? '',
    socketBuffers,
    fieldTrials: libwebrtcFieldTrials,
  }: MediasoupSettings = JSON.parse(process.argv[2] ?? '{}');
  const worker = await createWorker({ workerBin, ...(libwebrtcFieldTrials && { libwebrtcFieldTrials }) });
  const server = await worker.createWebRtcServer({
    listenInfos: [{ protocol: 'udp', ip: '127.0.0.1', ...socketBuffers }],
  });
  const router = await worker.createRouter({ mediaCodecs: CODECS });
  const transports = new Map<string, types.WebRtcTransport>();
  const consumers: types.Consumer[] = [];

  const transportOf = (id: string) => {
    const transport = transports.get(id);
    if (!transport) throw new Error('no such transport');
    return transport;
  };
  const answer = async (question: MediasoupQuestion): Promise<MediasoupAnswers[keyof MediasoupAnswers]> => {
    if (question.ask === 'server') return { workerPid: worker.pid, rtpCapabilities: router.rtpCapabilities };
    if (question.ask === 'sent') return { packets: await packetsSent(consumers) };
    if (question.ask === 'transport') {
      const transport = await router.createWebRtcTransport({ webRtcServer: server });
      transports.set(transport.id, transport);
      const { id, iceParameters, iceCandidates, dtlsParameters } = transport;
      return { id, iceParameters, iceCandidates, dtlsParameters };
    }
    const transport = transportOf(question.transportId);
    if (question.ask === 'connect') {
      await transport.connect({ dtlsParameters: question.dtlsParameters });
      return {};
    }
    if (question.ask === 'produce') return { producerId: (await transport.produce(question.options)).id };
    const { producerId } = question;
    const consumer = await transport.consume({ producerId, rtpCapabilities: router.rtpCapabilities });
    consumers.push(consumer);
    const { rtpParameters, kind } = consumer;
    return { rtpParameters, kind };
  };

  process.on('message', ({ id, ...question }: NumberedQuestion) => {
    answer(question as MediasoupQuestion).then(
      (given) => process.send?.({ id, answer: given }),
      (error) => process.send?.({ id, error: String(error) }),
    );
  });
  process.send?.('ready');
}

async function packetsSent(consumers: readonly types.Consumer[]): Promise<number> {
  const stats = await Promise.all(consumers.map((consumer) => consumer.getStats()));
  return stats.flat().reduce((sum, each) => sum + (each.type === 'outbound-rtp' ? each.packetCount : 0), 0);
}
