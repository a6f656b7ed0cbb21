import { WebSocket } from 'ws';
import { type DeviceId, type RoomId, silentLog, systemClock, type UserId } from '../../src/base/index.ts';
import { SignalingLink, type ValueOf } from '../../src/client/signaling-link.ts';
import type { WebSocketLike } from '../../src/client/signaling-socket.ts';
import { claimsOf } from '../../src/client/token.ts';
import type { AnyRtpCapabilities, Role, ServerMessage } from '../../src/wire/index.ts';
import { audioOnlyRtpCapabilities } from './rtp-fixtures.ts';

export type { ValueOf };

/** What numbers the packets of a path for transport-wide feedback. */
const TRANSPORT_SEQUENCE = 'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01';

/** Somebody in a room of the server, over the SDK's own signaling, who as yet sends and receives no media. */
export interface NodeSession {
  readonly link: SignalingLink;
  readonly roomId: RoomId;
  readonly userId: UserId;
  readonly deviceId: DeviceId;
  readonly joined: ValueOf<'joined'>;
  /** The id of the header extension that numbers the packets of a path. */
  readonly transportSequenceId: number;
}

export interface NodeSessionOptions {
  readonly role: Role;
  /** What it says that it can receive: Opus, or all that the server routes. */
  readonly receives: 'audio' | 'everything';
}

/** What an invite link says. */
export interface Invite {
  readonly origin: string;
  readonly roomId: RoomId;
  readonly secret: string;
}

export function inviteOf(link: string): Invite {
  const { origin, pathname, hash } = new URL(link);
  return { origin, roomId: pathname.replace('/call/', '') as RoomId, secret: hash.replace('#k=', '') };
}

/** Joins the room with a development token. */
export async function openNodeSession(
  { origin, roomId }: Invite,
  told: (fact: ServerMessage) => void,
  { role, receives }: NodeSessionOptions = { role: 'speaker', receives: 'audio' },
): Promise<NodeSession> {
  const token = await devToken(origin, roomId, role);
  const link = new SignalingLink(`${origin.replace('http', 'ws')}/v1/signal`, {
    openWebSocket: openNodeWebSocket,
    clock: systemClock,
    random: Math.random,
    whenOnline: () => () => undefined,
    log: silentLog,
    told,
  });
  await link.opened;
  const { routerRtpCapabilities } = await link.greet(token);
  const audioOnly = audioOnlyRtpCapabilities() as AnyRtpCapabilities;
  const rtpCapabilities = receives === 'audio' ? audioOnly : routerRtpCapabilities;
  const numbering = routerRtpCapabilities.headerExtensions.find(({ uri }) => uri === TRANSPORT_SEQUENCE);
  const joined = await link.request({ case: 'join', value: { roomId, rtpCapabilities } }, 'joined');
  link.intend({ case: 'view', value: { tiles: [], hears: false } });
  const { user, device } = claimsOf(token);
  const transportSequenceId = numbering?.preferredId ?? 0;
  // Development tokens name both.
  return { link, roomId, userId: user as UserId, deviceId: device as DeviceId, joined, transportSequenceId };
}

async function devToken(origin: string, room: RoomId, role: Role): Promise<string> {
  const answer = await fetch(`${origin}/dev/tokens`, { method: 'POST', body: JSON.stringify({ room, role }) });
  return ((await answer.json()) as { readonly token: string }).token;
}

/** As browsers do, each message in a task of its own: whoever waits for an answer has it before the facts after it. */
export function openNodeWebSocket(url: string, subprotocol: string): WebSocketLike {
  const socket = new WebSocket(url, subprotocol, { allowSynchronousEvents: false });
  socket.onerror = () => undefined; // `close` follows
  return socket as unknown as WebSocketLike; // the parts that are used are the same
}
