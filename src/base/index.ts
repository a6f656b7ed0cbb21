export { CallError, type CallErrorCode } from './call-error.ts';
export { type Clock, every, systemClock } from './clock.ts';
export { Facts } from './facts.ts';
export {
  type Brand,
  type ConsumerId,
  type DeviceId,
  type MemberId,
  type PeerId,
  type ProducerId,
  type RoomId,
  randomId,
  type SessionId,
  shortId,
  sourceKey,
  type UserId,
} from './ids.ts';
export { Lanes } from './lanes.ts';
export { type Log, type LogFields, silentLog } from './log.ts';
export { Mailbox } from './mailbox.ts';
export { Scope } from './scope.ts';
export { type Rate, TokenBucket } from './token-bucket.ts';
export { type Bps, kbps } from './units.ts';
