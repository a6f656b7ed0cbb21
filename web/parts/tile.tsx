import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Call, RemoteTrack, RosterPeer } from '../../src/client/index.ts';
import type { CallModel } from '../call-model.ts';
import { STRINGS, screenLabel, tileLabel } from '../strings.ts';
import { Icon } from './icon.tsx';
import { SelfVideo } from './self-video.tsx';

interface RemoteTileProps {
  readonly call: Call;
  readonly peer: RosterPeer;
  readonly speaking: boolean;
}

export function RemoteTile({ call, peer, speaking }: RemoteTileProps) {
  const microphone = peer.publications.find(({ source }) => source === 'microphone');
  const muted = microphone?.muted ?? true;
  return (
    <article
      class="tile"
      aria-label={tileLabel(peer.displayName, { speaking, muted })}
      data-tile="peer"
      data-peer={peer.id}
      data-speaking={speaking}
      data-muted={muted}
    >
      <Avatar name={peer.displayName} />
      <RemoteVideo track={call.track(peer.id, 'camera')} />
      <Plate name={peer.displayName} muted={muted} />
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
  return (
    <article
      class="tile"
      aria-label={tileLabel(STRINGS.call.you, { speaking, muted })}
      data-tile="self"
      data-speaking={speaking}
      data-muted={muted}
    >
      <Avatar name={model.call.displayName} />
      <SelfVideo track={model.local('camera')} label={STRINGS.lobby.preview} />
      <Plate name={STRINGS.call.you} muted={muted} />
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

function Avatar({ name }: { readonly name: string }) {
  return (
    <span class="avatar" aria-hidden="true">
      {initials(name)}
    </span>
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

/** First letters of the first and last word; whole characters, so that an emoji stays one. */
function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  return [words[0], words.length > 1 ? words.at(-1) : undefined]
    .map((word) => [...(word ?? '')][0] ?? '')
    .join('')
    .toUpperCase();
}
