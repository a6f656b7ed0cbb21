import { type RoomId, silentLog, systemClock } from '../../src/base/index.ts';
import { SignalingLink } from '../../src/client/signaling-link.ts';
import type { AnyRtpCapabilities, ServerMessage } from '../../src/wire/index.ts';
import { openNodeWebSocket } from './node-session.ts';
import { audioOnlyRtpCapabilities } from './rtp-fixtures.ts';
import { TcpRelay } from './tcp-relay.ts';

/** The SDK's own link to a real server, over a relay that can break its sockets. */
export class RelayedLink {
  readonly facts: ServerMessage[] = [];
  /** How long each time away lasted. */
  readonly awayMs: number[] = [];
  #droppedAtMs = 0;

  private constructor(
    readonly relay: TcpRelay,
    readonly link: SignalingLink,
  ) {}

  /** In the room, over a socket that is whole. */
  static async join(port: number, roomId: string, token: string, random: () => number): Promise<RelayedLink> {
    const relay = await TcpRelay.open(port);
    const link = new SignalingLink(`ws://127.0.0.1:${relay.port}/v1/signal`, {
      openWebSocket: openNodeWebSocket,
      clock: systemClock,
      random,
      whenOnline: () => () => undefined,
      log: silentLog,
      told: (fact) => relayed.facts.push(fact),
      dropped: () => {
        relayed.#droppedAtMs = performance.now();
      },
      resumed: () => relayed.awayMs.push(performance.now() - relayed.#droppedAtMs),
    });
    const relayed = new RelayedLink(relay, link);
    await link.opened;
    await link.greet(token);
    const rtpCapabilities = audioOnlyRtpCapabilities() as AnyRtpCapabilities;
    await link.request({ case: 'join', value: { roomId: roomId as RoomId, rtpCapabilities } }, 'joined');
    return relayed;
  }

  /** Once the server has heard that the link is closed: what is still on its way would be lost. */
  close(): void {
    this.relay.close();
  }
}
