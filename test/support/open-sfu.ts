import {
  type DeviceId,
  type MemberId,
  type PeerId,
  type RoomId,
  randomId,
  silentLog,
  systemClock,
  type UserId,
} from '../../src/base/index.ts';
import { type JoinRequest, type Peer, type PeerFact, Sfu, type SfuOptions } from '../../src/sfu/index.ts';
import { browserRtpCapabilities } from './rtp-fixtures.ts';

/** Limits that no test meets by the way. */
export const ROOMY = {
  maxRooms: 100,
  maxPeers: 100,
  maxPeersPerRoom: 100,
  maxListenersPerRoom: 100,
  maxLoad: Number.POSITIVE_INFINITY,
};

/** A real SFU on loopback, on free ports. The test closes it. */
export function openSfu(options: Partial<SfuOptions> = {}): Promise<Sfu> {
  return Sfu.open({
    workers: 1,
    workerBin: process.env.CONCLAVE_WORKER_BIN,
    listenIps: ['127.0.0.1'],
    announcedAddress: undefined,
    basePort: 0,
    consumersPerWorker: 500,
    limits: ROOMY,
    nextServer: undefined,
    maxHeard: 10,
    clock: systemClock,
    log: silentLog,
    ...options,
  });
}

type Told<Case extends PeerFact['case']> = Extract<PeerFact, { case: Case }>['value'];

/** A peer, and everything that it was told. */
export interface JoinedPeer {
  readonly peer: Peer;
  readonly id: PeerId;
  readonly facts: PeerFact[];
  /** What was told under that name, in order. */
  told<Case extends PeerFact['case']>(name: Case): Told<Case>[];
}

export async function joinPeer(sfu: Sfu, room: string, request: Partial<JoinRequest> = {}): Promise<JoinedPeer> {
  const facts: PeerFact[] = [];
  const peer = await sfu.join({
    roomId: room as RoomId,
    userId: 'user' as UserId,
    deviceId: 'device' as DeviceId,
    memberId: randomId<MemberId>(),
    role: 'speaker',
    moderator: false,
    rtpCapabilities: browserRtpCapabilities(),
    tell: (fact) => facts.push(fact),
    ...request,
  });
  const told = <Case extends PeerFact['case']>(name: Case) =>
    facts.flatMap((fact) => (fact.case === name ? [fact.value as Told<Case>] : []));
  return { peer, id: peer.id, facts, told };
}
