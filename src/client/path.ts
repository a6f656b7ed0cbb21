import type { types } from 'mediasoup-client';
import { CallError, type Clock, type Log } from '../base/index.ts';
import type { Direction, TransportParameters } from '../wire/index.ts';
import { HOLD_FRAMES } from './e2ee/e2ee.ts';
import { nextPathState, type PathNews, type PathState } from './path-state.ts';
import type { SignalingLink } from './signaling-link.ts';

/**
 * How long a restart may take from the server's answer on, before the next is tried: checks of all candidates and, where UDP is
 * closed, a TCP handshake on a poor link. Higher waits longer for nothing, lower restarts what was about to succeed.
 */
const RESTART_DEADLINE_MS = 5_000;

export interface PathOptions {
  readonly direction: Direction;
  readonly link: Pick<SignalingLink, 'request'>;
  readonly clock: Clock;
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
export class Path {
  readonly #transport: types.Transport;
  readonly #options: PathOptions;
  #state: PathState = { kind: 'carrying' };
  #stopDeadline: () => void = () => undefined;

  constructor(transport: types.Transport, options: PathOptions) {
    this.#transport = transport;
    this.#options = options;
    transport.on('connect', ({ dtlsParameters }, connected) => {
      const { direction, link, log } = options;
      const value = { direction, dtlsParameters, transportId: transport.id };
      link.request({ case: 'connectTransport', value }, 'done').catch((error) => {
        if (transport.closed) return;
        log.warn('transport refused', { reason: direction, error });
        if (CallError.from(error).code === 'media-lost') return; // other paths follow, or the word that there are none
        this.#become({ kind: 'broken' });
      });
      connected(); // not waiting saves a round trip: DTLS starts when both sides know each other, whoever is told first
    });
    transport.on('connectionstatechange', (state) => {
      if (state === 'connected' || state === 'failed') this.#step(state);
      if (state === 'disconnected') this.#step('lost');
    });
  }

  /** This device is on another network now: finds a way from there at once, before the old one is known to be gone. */
  networkChanged(): void {
    if (this.#transport.connectionState !== 'new') this.#step('network-changed');
  }

  close(): void {
    this.#stopDeadline();
    this.#transport.close();
  }

  #step(news: PathNews): void {
    if (!this.#transport.closed) this.#become(nextPathState(this.#state, news));
  }

  #become(state: PathState): void {
    if (state === this.#state) return;
    const isNew = state.kind !== this.#state.kind;
    this.#state = state;
    this.#stopDeadline();
    if (state.kind === 'restarting') void this.#restart(state);
    if (state.kind === 'broken' && isNew) this.#options.broke();
  }

  async #restart(state: Extract<PathState, { readonly kind: 'restarting' }>): Promise<void> {
    const { direction, link, clock, log } = this.#options;
    log.info('ICE restarted', { reason: direction, count: state.restarts });
    try {
      const value = { direction, transportId: this.#transport.id };
      const { iceParameters } = await link.request({ case: 'restartIce', value }, 'restartIce');
      if (this.#transport.closed || this.#state.kind === 'broken') return;
      await this.#transport.restartIce({ iceParameters });
    } catch (error) {
      if (this.#transport.closed) return;
      log.warn('ICE not restarted', { reason: direction, error }); // overdue then
    }
    if (this.#state !== state || this.#transport.closed) return; // connected already, or another one is under way
    this.#stopDeadline = clock.after(RESTART_DEADLINE_MS, () => {
      // A path that never broke is not told to be connected again.
      this.#step(this.#transport.connectionState === 'connected' ? 'connected' : 'overdue');
    });
  }
}
