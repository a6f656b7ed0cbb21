import type { RosterPeer } from '../../../src/client/index.ts';
import type { CallModel } from '../../call-model.ts';
import type { Rect } from '../../grid-layout.ts';
import { tileDoubtOf } from '../../security-mark.ts';
import { cameraOf, screenOf } from '../../stage/layout.ts';
import { STRINGS, screenLabel, tileLabel } from '../../strings/index.ts';
import { Avatar } from '../avatar.tsx';
import { Icon } from '../icon.tsx';
import { SelfVideo } from '../self-video.tsx';
import { rectStyle } from './rect-style.ts';
import { RemoteVideo } from './remote-video.tsx';
import { TileMarks, TileReactions } from './tile-marks.tsx';
import { TilePin } from './tile-pin.tsx';

interface PlacedTile {
  readonly model: CallModel;
  readonly peer: RosterPeer;
  readonly rect: Rect;
  readonly isLarge: boolean;
}

export function RemoteTile({ model, peer, rect, isLarge, speaking }: PlacedTile & { readonly speaking: boolean }) {
  const microphone = peer.publications.find(({ source }) => source === 'microphone');
  const muted = microphone?.muted ?? true;
  const { memberId, displayName, handRaised } = peer;
  const doubt = tileDoubtOf(memberId, model.security.value);
  const quality = model.quality(peer.id);
  const spot = cameraOf(peer.id);
  return (
    <article
      class="tile placed"
      style={rectStyle(rect)}
      aria-label={tileLabel(displayName, { speaking, muted, handRaised, doubt, quality })}
      data-tile="peer"
      data-peer={peer.id}
      data-large={isLarge}
      data-speaking={speaking}
      data-muted={muted}
    >
      <Avatar name={displayName} />
      <RemoteVideo track={model.call.track(peer.id, 'camera')} />
      <Plate name={displayName} muted={muted} pinned={model.stage.isPinned(spot)} />
      <TileMarks handRaised={handRaised} doubt={doubt} quality={quality} />
      <TileReactions talk={model.talk} memberId={memberId} />
      <TilePin stage={model.stage} spot={spot} name={displayName} />
    </article>
  );
}

export function ScreenTile({ model, peer, rect, isLarge }: PlacedTile) {
  const label = screenLabel(peer.displayName);
  const spot = screenOf(peer.id);
  return (
    <article
      class="tile placed"
      style={rectStyle(rect)}
      aria-label={label}
      data-tile="screen"
      data-peer={peer.id}
      data-large={isLarge}
    >
      <RemoteVideo track={model.call.track(peer.id, 'screen')} />
      <Plate name={label} muted={false} pinned={model.stage.isPinned(spot)} />
      <TilePin stage={model.stage} spot={spot} name={label} />
    </article>
  );
}

interface SelfTileProps {
  readonly model: CallModel;
  readonly rect: Rect;
  /** Lies over the large tile. */
  readonly isOver: boolean;
  readonly speaking: boolean;
}

export function SelfTile({ model, rect, isOver, speaking }: SelfTileProps) {
  const muted = !model.microphoneOn.value;
  const handRaised = model.talk.handRaised.value;
  return (
    <article
      class="tile placed"
      style={rectStyle(rect)}
      aria-label={tileLabel(STRINGS.call.you, { speaking, muted, handRaised })}
      data-tile="self"
      data-over={isOver}
      data-speaking={speaking}
      data-muted={muted}
    >
      <Avatar name={model.call.displayName} />
      <SelfVideo track={model.local('camera')} label={STRINGS.lobby.preview} />
      <Plate name={STRINGS.call.you} muted={muted} pinned={false} />
      <TileMarks handRaised={handRaised} />
      <TileReactions talk={model.talk} memberId={model.security.value.self} />
    </article>
  );
}

interface PlateProps {
  readonly name: string;
  readonly muted: boolean;
  readonly pinned: boolean;
}

function Plate({ name, muted, pinned }: PlateProps) {
  return (
    <div class="plate" aria-hidden="true">
      {pinned && <Icon name="pin" />}
      {muted && <Icon name="microphone-off" />}
      <span>{name}</span>
    </div>
  );
}
