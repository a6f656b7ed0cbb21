import type { types } from 'mediasoup';
import type { ConsumerId, DeviceId, MemberId, PeerId, ProducerId, UserId } from '../base/index.ts';
import type { RtpParameters } from './rtp.ts';
import type { MediaKind, Source } from './source.ts';

/** What a peer may do: a listener publishes nothing. */
export type Role = 'speaker' | 'listener';

/** One peer as the others see it. */
export interface RosterEntry {
  readonly id: PeerId;
  readonly userId: UserId;
  readonly deviceId: DeviceId;
  readonly memberId: MemberId;
  readonly role: Role;
  /** May remove others and lock the room. */
  readonly moderator: boolean;
  readonly producers: RosterProducer[];
}

export interface RosterProducer {
  readonly id: ProducerId;
  readonly source: Source;
  readonly paused: boolean;
}

/**
 * What a peer is told, in the words of the protocol (proto/conclave/v1). What goes to a whole room is one object, so that it is
 * encoded once.
 */
export type PeerFact =
  | { readonly case: 'peerJoined'; readonly value: { readonly peer: RosterEntry } }
  | { readonly case: 'peerLeft'; readonly value: { readonly peerId: PeerId } }
  | {
      readonly case: 'producerOpened';
      readonly value: { readonly peerId: PeerId; readonly producer: RosterProducer };
    }
  | {
      readonly case: 'producerClosed' | 'producerPaused' | 'producerResumed';
      readonly value: { readonly producerId: ProducerId };
    }
  | { readonly case: 'consumerOpened'; readonly value: OpenedConsumer }
  | { readonly case: 'consumerClosed'; readonly value: { readonly consumerId: ConsumerId } }
  | { readonly case: 'consumerLayersChanged'; readonly value: ConsumerLayers }
  | { readonly case: 'speakersChanged'; readonly value: { readonly peerIds: PeerId[] } }
  | { readonly case: 'layersWanted'; readonly value: WatchedLayers }
  | { readonly case: 'mediaMoved'; readonly value: MediaPaths }
  | { readonly case: 'mediaLost'; readonly value: Readonly<Record<string, never>> };

/** What is watched of a video that the peer publishes: no layer above `spatialLayer`; none at all when it is absent. */
export interface WatchedLayers {
  readonly producerId: ProducerId;
  readonly spatialLayer?: number;
}

/** What a client needs to set up its side of a path. */
export interface TransportParameters {
  readonly id: string;
  readonly iceParameters: types.IceParameters;
  readonly iceCandidates: types.IceCandidate[];
  readonly dtlsParameters: types.DtlsParameters;
}

/** The paths of a peer. A listener has none to send. */
export interface MediaPaths {
  readonly sendTransport?: TransportParameters;
  readonly recvTransport: TransportParameters;
}

export interface OpenedConsumer {
  readonly consumerId: ConsumerId;
  readonly producerId: ProducerId;
  readonly peerId: PeerId;
  readonly source: Source;
  readonly kind: MediaKind;
  readonly rtpParameters: RtpParameters;
}

/** Layers that flow now; absent when none do. */
export interface ConsumerLayers {
  readonly consumerId: ConsumerId;
  readonly spatialLayer?: number;
  readonly temporalLayer?: number;
}
