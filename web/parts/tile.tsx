import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Call, RemoteTrack, RosterPeer } from '../../src/client/index.ts';
import type { CallModel } from '../call-model.ts';
import { tileDoubtOf } from '../security-mark.ts';
import { STRINGS, screenLabel, tileLabel } from '../strings/index.ts';
import { Avatar } from './avatar.tsx';
import { Icon } from './icon.tsx';
import { SelfVideo } from './self-video.tsx';
import { TileMarks, TileReactions } from './tile-marks.tsx';

interface RemoteTileProps {
  readonly model: CallModel;
  readonly peer: RosterPeer;
  readonly speaking: boolean;
}

export function RemoteTile({ model, peer, speaking }: RemoteTileProps) {
  const microphone = peer.publications.find(({ source }) => source === 'microphone');
  const muted = microphone?.muted ?? true;
  const { memberId, displayName, handRaised } = peer;
  const doubt = tileDoubtOf(memberId, model.security.value);
  return (
    <article
      class="tile"
      aria-label={tileLabel(displayName, { speaking, muted, handRaised, doubt })}
      data-tile="peer"
      data-peer={peer.id}
      data-speaking={speaking}
      data-muted={muted}
    >
      <Avatar name={displayName} />
      <RemoteVideo track={model.call.track(peer.id, 'camera')} />
      <Plate name={displayName} muted={muted} />
      <TileMarks handRaised={handRaised} doubt={doubt} />
      <TileReactions talk={model.talk} memberId={memberId} />
    </article>
  );
}

export function ScreenTile({ call, peer }: { readonly call: Call; readonly peer: RosterPeer }) {
  const label = screenLabel(peer.displayName);
  return (
    <article class="tile" aria-label={label} data-tile="screen" data-peer={peer.id}>
      <RemoteVideo track={call.track(peer.id, 'screen')} />
      <Plate name={label} muted={false} />
    </article>
  );
}

export function SelfTile({ model, speaking }: { readonly model: CallModel; readonly speaking: boolean }) {
  const muted = !model.microphoneOn.value;
  const handRaised = model.talk.handRaised.value;
  return (
    <article
      class="tile"
      aria-label={tileLabel(STRINGS.call.you, { speaking, muted, handRaised })}
      data-tile="self"
      data-speaking={speaking}
      data-muted={muted}
    >
      <Avatar name={model.call.displayName} />
      <SelfVideo track={model.local('camera')} label={STRINGS.lobby.preview} />
      <Plate name={STRINGS.call.you} muted={muted} />
      <TileMarks handRaised={handRaised} />
      <TileReactions talk={model.talk} memberId={model.security.value.self} />
    </article>
  );
}

/** Hidden until the first frame, so that the avatar shows and not a black box. */
function RemoteVideo({ track }: { readonly track: RemoteTrack | undefined }) {
  const video = useRef<HTMLVideoElement>(null);
  const playing = useSignal(false);
  useEffect(() => {
    const element = video.current;
    if (!track || !element) return;
    track.attach(element);
    return () => track.detach(element);
  }, [track]);
  return (
    <video
      ref={video}
      class="picture"
      data-on={playing.value}
      muted
      onLoadedData={() => {
        playing.value = true;
      }}
      onEmptied={() => {
        playing.value = false;
      }}
    />
  );
}

function Plate({ name, muted }: { readonly name: string; readonly muted: boolean }) {
  return (
    <div class="plate" aria-hidden="true">
      {muted && <Icon name="microphone-off" />}
      <span>{name}</span>
    </div>
  );
}
