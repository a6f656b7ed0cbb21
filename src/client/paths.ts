import type { types } from 'mediasoup-client';
import type { Clock } from '../base/index.ts';
import { type Downlink, openDownlink } from './downlink.ts';
import { Path, toTransportOptions } from './path.ts';
import type { Session } from './session.ts';
import type { ValueOf } from './signaling-link.ts';
import { openUplink, type Uplink, type UplinkOptions } from './uplink.ts';

export interface PathsOptions extends UplinkOptions {
  readonly clock: Clock;
  /** One of them cannot be mended. */
  readonly broke: () => void;
}

/** The ways to and from one worker: those of a join, or those that came in their place. */
export interface Paths {
  /** A listener has none. */
  readonly uplink: Uplink | undefined;
  readonly downlink: Downlink;
  networkChanged(): void;
  /** What came over each of them so far. */
  receivedBytes(): Promise<readonly number[]>;
  stats(): Promise<{ readonly send: RTCStatsReport; readonly recv: RTCStatsReport }>;
  /** Nothing leaves this device any more over these. */
  stopSending(): void;
  close(): void;
}

/** Sets up both ways. Nothing is waited for: who hears of them next finds all in place. */
export function openPaths(
  { sendTransport, recvTransport }: Pick<ValueOf<'mediaMoved'>, 'sendTransport' | 'recvTransport'>,
  session: Session,
  { clock, broke, ...options }: PathsOptions,
): Paths {
  const { link, device } = session;
  const send = sendTransport && device.createSendTransport(toTransportOptions(sendTransport));
  const recv = device.createRecvTransport(toTransportOptions(recvTransport));
  const pathOf = (transport: types.Transport) =>
    new Path(transport, { direction: transport.direction, link, clock, broke, log: options.log });
  const sendPath = send && pathOf(send);
  const recvPath = pathOf(recv);
  return {
    uplink: send && openUplink(send, session, options),
    downlink: openDownlink(recv, link, options.e2ee),
    networkChanged() {
      sendPath?.networkChanged();
      recvPath.networkChanged();
    },
    receivedBytes: () => Promise.all([send, recv].flatMap((path) => (path ? [receivedOver(path)] : []))),
    async stats() {
      const [ofSend, ofRecv] = await Promise.all([statsOf(send), statsOf(recv)]);
      return { send: ofSend, recv: ofRecv };
    },
    stopSending: () => sendPath?.close(),
    close() {
      sendPath?.close();
      recvPath.close();
    },
  };
}

/** `bytesReceived` of W3C webrtc-stats' RTCTransportStats. */
async function receivedOver(transport: types.Transport): Promise<number> {
  for (const entry of (await statsOf(transport)).values()) {
    if (entry.type === 'transport') return entry.bytesReceived ?? 0;
  }
  return 0;
}

/** Of a path that is gone there is nothing to say: it goes when the server says so, whoever may be asking. */
async function statsOf(transport: types.Transport | undefined): Promise<RTCStatsReport> {
  return transport && !transport.closed ? await transport.getStats() : new Map();
}
