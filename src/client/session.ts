import type { Device, types } from 'mediasoup-client';
import { CallError, type DeviceId, type RoomId, type UserId } from '../base/index.ts';
import { SignalingLink, type SignalingLinkOptions } from './signaling-link.ts';
import { claimsOf, readToken, type Token } from './token.ts';

/** A link that has said Hello. */
export interface Session {
  readonly link: SignalingLink;
  /** What this browser and that server can do together. */
  readonly device: Device;
  readonly roomId: RoomId;
  /** Who the token says this is. */
  readonly userId: UserId;
  readonly deviceId: DeviceId;
  readonly closed: boolean;
  /** As the link's. */
  readonly awaySinceMs: number | undefined;
  close(): void;
}

export interface SessionTarget {
  /** Of the server: http(s) or ws(s); the signaling path is added when there is none. */
  readonly url: string;
  readonly token: Token;
  /** Absent: the token's. */
  readonly roomId: string | undefined;
}

export interface SessionOptions extends SignalingLinkOptions {
  readonly createDevice: () => Device;
}

/** Opens the socket while the token is being fetched, then says Hello. Throws CallError; nothing is left open then. */
export async function openSession(target: SessionTarget, options: SessionOptions): Promise<Session> {
  const link = new SignalingLink(signalUrl(target.url), options);
  try {
    const [token] = await Promise.all([readToken(target.token), link.opened]);
    const { room, user, device: deviceId } = claimsOf(token);
    const roomId = target.roomId ?? room;
    if (roomId === undefined) throw new CallError('wrong-room', 'neither the options nor the token name a room');
    if (user === undefined || deviceId === undefined) throw new CallError('unauthenticated', 'the token names nobody');
    const { routerRtpCapabilities } = await link.greet(token);
    const device = options.createDevice();
    await device.load({ routerRtpCapabilities: routerRtpCapabilities as types.RtpCapabilities }); // checked at the border
    return {
      link,
      device,
      // The server compares all three with the token.
      roomId: roomId as RoomId,
      userId: user as UserId,
      deviceId: deviceId as DeviceId,
      get closed() {
        return link.closed;
      },
      get awaySinceMs() {
        return link.awaySinceMs;
      },
      close: () => link.close(),
    };
  } catch (error) {
    link.close();
    throw CallError.from(error);
  }
}

/** `https://host` → `wss://host/v1/signal`; a path is kept, for servers behind a proxy. Throws `invalid`. */
export function signalUrl(url: string): string {
  if (!URL.canParse(url)) throw new CallError('invalid', 'not the URL of a server');
  const target = new URL(url);
  target.protocol = target.protocol.replace('http', 'ws');
  if (target.pathname === '/') target.pathname = '/v1/signal';
  return target.href;
}
