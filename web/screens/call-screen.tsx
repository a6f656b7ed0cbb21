import { useCallKeys } from '../call-keys.ts';
import type { CallModel } from '../call-model.ts';
import { CallBar } from '../parts/call-bar.tsx';
import { ChatPanel } from '../parts/chat/chat-panel.tsx';
import { CallControls } from '../parts/controls.tsx';
import { Grid } from '../parts/grid.tsx';
import { Notices } from '../parts/notices.tsx';
import { OtherDevice } from '../parts/other-device.tsx';
import { MuteAsk } from '../parts/people/mute-ask.tsx';
import { PeoplePanel } from '../parts/people/people-panel.tsx';
import { PeopleGrid } from '../parts/people-grid.tsx';
import { HaltBanner } from '../parts/security/halt-banner.tsx';
import { Knockers } from '../parts/security/knockers.tsx';
import { SecurityPanel } from '../parts/security/security-panel.tsx';
import { SettingsPanel } from '../parts/settings-panel.tsx';
import { ScreenTile } from '../parts/tile.tsx';
import { STRINGS } from '../strings/index.ts';

interface CallScreenProps {
  readonly model: CallModel;
  /** Leaves, and opens the same link again. */
  readonly onAgain: () => void;
}

export function CallScreen({ model, onAgain }: CallScreenProps) {
  useCallKeys(model);
  const state = model.state.value;
  const { peers, coming } = model.roster.value;
  const screens = peers.filter(({ publications }) => publications.some(({ source }) => source === 'screen'));
  return (
    <main class="call" data-screen="call" data-state={state.kind} data-people={peers.length + 1}>
      <CallBar model={model} />
      <div class="call-top">
        <HaltBanner model={model} onAgain={onAgain} />
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
        <OtherDevice model={model} />
        {model.panel.value !== 'people' && <Knockers model={model} />}
        <MuteAsk model={model} />
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
        <PeopleGrid model={model} />
      </div>
      {peers.length + coming === 0 && state.kind === 'joined' && (
        <p class="alone">
          <strong>{STRINGS.call.alone}</strong> {STRINGS.call.aloneLead}
        </p>
      )}
      <CallControls model={model} />
      {model.panel.value === 'security' && <SecurityPanel model={model} />}
      {model.panel.value === 'people' && <PeoplePanel model={model} />}
      {model.panel.value === 'chat' && <ChatPanel model={model} />}
      {model.panel.value === 'settings' && <SettingsPanel model={model} />}
      <p class="unseen" role="status" data-announcement>
        {model.talk.announcement.value}
      </p>
    </main>
  );
}
