import { useEffect, useRef } from 'preact/hooks';
import type { CallModel } from '../../call-model.ts';
import type { PlacedSpot } from '../../stage/arrangement.ts';
import { spotKey } from '../../stage/layout.ts';
import { STRINGS } from '../../strings/index.ts';
import { PageTurner } from './page-turner.tsx';
import { RemoteTile, ScreenTile, SelfTile } from './tile.tsx';

/** All tiles, each where the arrangement has it. They are siblings: who becomes large moves, and is not made anew. */
export function StageView({ model }: { readonly model: CallModel }) {
  const { stage, call } = model;
  const area = useRef<HTMLElement>(null);
  useEffect(() => {
    const element = area.current;
    if (!element) return;
    const observer = new ResizeObserver(() => {
      stage.box.value = { widthPx: element.clientWidth, heightPx: element.clientHeight };
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [stage]);

  const { peers, speakers } = model.roster.value;
  const { large, tiles, self, isSelfOver, page, turner } = stage.arrangement.value;
  const isPublished = ({ spot }: Pick<PlacedSpot, 'spot'>) =>
    peers.some(
      ({ id, publications }) => id === spot.peerId && publications.some(({ source }) => source === spot.source),
    );
  const neighbours = page.beside.filter((spot) => isPublished({ spot }));
  useEffect(() => {
    call.setNeighbours(neighbours);
  }, [neighbours.map(spotKey).join()]);

  const state = model.state.value;
  const selfSpeaking = state.kind === 'joined' && speakers.includes(state.peerId);
  return (
    <section ref={area} class="stage" aria-label={STRINGS.call.people} data-layout={stage.layout.value.kind}>
      {[...(large ? [large] : []), ...tiles].map(({ spot, rect }) => {
        const peer = peers.find(({ id }) => id === spot.peerId);
        if (!peer) return null;
        const isLarge = spot === large?.spot;
        const shared = { model, peer, rect, isLarge };
        return spot.source === 'screen' ? (
          <ScreenTile key={spotKey(spot)} {...shared} />
        ) : (
          <RemoteTile key={spotKey(spot)} {...shared} speaking={speakers.includes(peer.id)} />
        );
      })}
      {self && <SelfTile key="self" model={model} rect={self} isOver={isSelfOver} speaking={selfSpeaking} />}
      {turner && <PageTurner key="turner" model={model} rect={turner} />}
    </section>
  );
}
