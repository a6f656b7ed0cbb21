import type { types } from 'mediasoup';
import type { DeviceId, MemberId, RoomId, UserId } from '../base/index.ts';
import type { PeerFact, Role } from './peer-fact.ts';
import type { RtpCapabilities } from './rtp.ts';

export interface JoinRequest {
  readonly roomId: RoomId;
  readonly userId: UserId;
  readonly deviceId: DeviceId;
  /** The same when a client joins again after it lost its media. */
  readonly memberId: MemberId;
  readonly role: Role;
  /** What the others are told of it: whoever asks for something that takes the right has been asked for it before. */
  readonly moderator: boolean;
  /** What the client can receive. */
  readonly rtpCapabilities: RtpCapabilities;
  /** Called synchronously, in order, from the moment of joining (before `join` resolves, that is) and never after the peer closed. */
  readonly tell: (fact: PeerFact) => void;
}

/** One whose capabilities mediasoup can work with. */
export type CheckedJoinRequest = Omit<JoinRequest, 'rtpCapabilities'> & {
  readonly rtpCapabilities: types.RtpCapabilities;
};
