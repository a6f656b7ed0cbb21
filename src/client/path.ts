import type { types } from 'mediasoup-client';
import type { Log } from '../base/index.ts';
import type { Direction, TransportParameters } from '../wire/index.ts';
import { HOLD_FRAMES } from './e2ee/e2ee.ts';
import type { SignalingLink } from './signaling-link.ts';

/** ICE restarts without success before the path is given up and the room joined anew. */
const MAX_RESTARTS = 2;

export interface PathOptions {
  readonly direction: Direction;
  readonly socket: SignalingLink;
  readonly log: Log;
  /** The path cannot be mended. Called once at most. */
  readonly broke: () => void;
}

/** mediasoup-client's options for a transport that the server made. */
export function toTransportOptions(parameters: TransportParameters): types.TransportOptions {
  const { id, iceParameters, iceCandidates, dtlsParameters } = parameters;
  return {
    id,
    iceParameters,
    iceCandidates: iceCandidates.map((candidate) => ({ ...candidate, ip: candidate.address })),
    dtlsParameters,
    additionalSettings: HOLD_FRAMES,
  };
}

/** Connects a transport when it is first used, and restarts ICE when it loses its way. */
export function carry(transport: types.Transport, { direction, socket, log, broke }: PathOptions): void {
  let restarts = 0;
  transport.on('connect', ({ dtlsParameters }, connected) => {
    const giveUp = (error: unknown) => {
      log.warn('transport refused', { reason: direction, error });
      broke();
    };
    socket.request({ case: 'connectTransport', value: { direction, dtlsParameters } }, 'done').catch(giveUp);
    connected(); // not waiting saves a round trip: DTLS starts when both sides know each other, whoever is told first
  });
  transport.on('connectionstatechange', (state) => {
    if (state === 'connected') restarts = 0;
    if (state === 'disconnected' || state === 'failed') void restart();
  });

  async function restart(): Promise<void> {
    restarts += 1;
    if (restarts > MAX_RESTARTS) return broke();
    log.info('ICE restarted', { reason: direction, count: restarts });
    try {
      const { iceParameters } = await socket.request({ case: 'restartIce', value: { direction } }, 'restartIce');
      if (!transport.closed) await transport.restartIce({ iceParameters });
    } catch (error) {
      if (!transport.closed) log.warn('ICE not restarted', { reason: direction, error }); // `failed` follows and counts
    }
  }
}
