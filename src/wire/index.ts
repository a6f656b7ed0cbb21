export {
  type ClientFrame,
  type ClientMessage,
  decodeClientFrame,
  encodeClientFrame,
  type Hello,
  type Neighbour,
  type Resume,
  type SentClientMessage,
  type SentView,
  type Tile,
  type View,
} from './client-frame.ts';
export { deviceIdField, roomIdField, userIdField } from './fields.ts';
export { frameIdOf } from './frame-id.ts';
export {
  MAX_ADDS,
  MAX_CHAT_CHARS,
  MAX_COMMIT_FRAME_BYTES,
  MAX_FRAME_BYTES,
  MAX_ID_CHARS,
  MAX_NEIGHBOURS,
  MAX_REMOVES,
  MAX_TILE_HEIGHT_PX,
  MAX_TILES,
  MAX_TOKEN_CHARS,
  RESUME_SECRET_BYTES,
} from './limits.ts';
export type { AddRefusal, WireCandidate, WireCommit, WireMember } from './mls.ts';
export type { AnyRtpCapabilities, AnyRtpParameters, RtpCapabilities, RtpParameters } from './rtp.ts';
export {
  decodeSealedMessage,
  encodeSealedMessage,
  type Presence,
  type SealedMessage,
  type SentSealedMessage,
} from './sealed-message.ts';
export {
  decodeServerFrame,
  encodeServerBody,
  joinServerFrame,
  type SentServerMessage,
  type ServerFrame,
  type ServerMessage,
  type ServerMessageCase,
  type WirePeer,
  type WireProducer,
} from './server-frame.ts';
export type {
  AnyDtlsParameters,
  DtlsParameters,
  IceParameters,
  SentTransportParameters,
  TransportParameters,
} from './transport-parameters.ts';
export type { Direction, MediaKind, Role, Source } from './wire-enum.ts';
export { WireError, type WireErrorCode } from './wire-error.ts';
