export type { JoinRequest } from './join-request.ts';
export type { Pausing, Peer } from './peer.ts';
export type {
  ConsumerLayers,
  MediaPaths,
  OpenedConsumer,
  PeerFact,
  Role,
  RosterEntry,
  RosterProducer,
  TransportParameters,
  WatchedLayers,
} from './peer-fact.ts';
export type { RtpCapabilities, RtpParameters } from './rtp.ts';
export { Sfu, type SfuLimits, type SfuLoad, type SfuOptions } from './sfu.ts';
export type { MediaKind, Source } from './source.ts';
export type { Direction } from './transport.ts';
export type { Neighbour, Tile, View } from './view/view.ts';
