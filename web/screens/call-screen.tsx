import { useEffect } from 'preact/hooks';
import type { CallModel } from '../call-model.ts';
import { CallControls } from '../parts/controls.tsx';
import { Grid } from '../parts/grid.tsx';
import { Notices } from '../parts/notices.tsx';
import { RemoteTile, ScreenTile, SelfTile } from '../parts/tile.tsx';
import { STRINGS } from '../strings.ts';

export function CallScreen({ model }: { readonly model: CallModel }) {
  useKeys(model);
  const state = model.state.value;
  const { peers, speakers } = model.roster.value;
  const screens = peers.filter(({ publications }) => publications.some(({ source }) => source === 'screen'));
  const selfSpeaking = state.kind === 'joined' && speakers.includes(state.peerId);
  return (
    <main class="call" data-screen="call" data-state={state.kind} data-people={peers.length + 1}>
      <div class="call-top">
        {state.kind === 'reconnecting' && (
          <p class="banner" role="status" data-banner="reconnecting">
            <span class="spinner" aria-hidden="true" />
            {STRINGS.call.reconnecting}
          </p>
        )}
        {model.soundBlocked.value && (
          <p class="banner" role="status" data-banner="sound">
            {STRINGS.call.soundBlocked}
            <button type="button" class="inline" onClick={() => void model.playSound()}>
              {STRINGS.call.playSound}
            </button>
          </p>
        )}
        <Notices model={model} />
      </div>
      <div class="stage" data-shared={screens.length > 0}>
        {screens.length > 0 && (
          <Grid label={STRINGS.call.screens} name="screens">
            {screens.map((peer) => (
              <ScreenTile key={peer.id} call={model.call} peer={peer} />
            ))}
          </Grid>
        )}
        <Grid label={STRINGS.call.people} name="people">
          {peers.map((peer) => (
            <RemoteTile key={peer.id} call={model.call} peer={peer} speaking={speakers.includes(peer.id)} />
          ))}
          <SelfTile key="self" model={model} speaking={selfSpeaking} />
        </Grid>
      </div>
      {peers.length === 0 && state.kind === 'joined' && (
        <p class="alone">
          <strong>{STRINGS.call.alone}</strong> {STRINGS.call.aloneLead}
        </p>
      )}
      <CallControls model={model} />
    </main>
  );
}

/** M for the microphone, V for the camera, as people know them from other calls. */
function useKeys(model: CallModel): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
      if (event.target instanceof HTMLInputElement) return;
      if (event.key === 'm') void model.call.setMicrophone(!model.microphoneOn.value);
      if (event.key === 'v') void model.call.setCamera(!model.cameraOn.value);
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  }, [model]);
}
