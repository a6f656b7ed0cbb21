import { useCallKeys } from '../call-keys.ts';
import type { CallModel } from '../call-model.ts';
import { Banners } from '../parts/banners.tsx';
import { CallBar } from '../parts/call-bar.tsx';
import { ChatPanel } from '../parts/chat/chat-panel.tsx';
import { CallControls } from '../parts/controls.tsx';
import { InvitePanel } from '../parts/invite-panel.tsx';
import { KeysPanel } from '../parts/keys-panel.tsx';
import { Notices } from '../parts/notices.tsx';
import { OtherDevice } from '../parts/other-device.tsx';
import { MuteAsk } from '../parts/people/mute-ask.tsx';
import { PeoplePanel } from '../parts/people/people-panel.tsx';
import { HaltBanner } from '../parts/security/halt-banner.tsx';
import { Knockers } from '../parts/security/knockers.tsx';
import { SecurityPanel } from '../parts/security/security-panel.tsx';
import { SettingsPanel } from '../parts/settings-panel.tsx';
import { StageView } from '../parts/stage/stage-view.tsx';
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
  return (
    <main class="call" data-screen="call" data-state={state.kind} data-people={peers.length + 1}>
      <CallBar model={model} />
      <div class="call-top">
        <HaltBanner model={model} onAgain={onAgain} />
        <Banners model={model} />
        <OtherDevice model={model} />
        {model.panel.value !== 'people' && <Knockers model={model} />}
        <MuteAsk model={model} />
        <OtherDevice model={model} />
        <Notices model={model} />
      </div>
      <StageView model={model} />
      {peers.length + coming === 0 && state.kind === 'joined' && model.panel.value !== 'invite' && (
        <div class="alone">
          <p>
            <strong>{STRINGS.call.alone}</strong> {STRINGS.call.aloneLead}
          </p>
          <button type="button" class="primary" onClick={() => model.toggle('invite')}>
            {STRINGS.controls.invite}
          </button>
        </div>
      )}
      <CallControls model={model} />
      {model.panel.value === 'security' && <SecurityPanel model={model} />}
      {model.panel.value === 'people' && <PeoplePanel model={model} />}
      {model.panel.value === 'chat' && <ChatPanel model={model} />}
      {model.panel.value === 'invite' && <InvitePanel model={model} />}
      {model.panel.value === 'settings' && <SettingsPanel model={model} />}
      {model.panel.value === 'keys' && <KeysPanel model={model} />}
      <p class="unseen" role="status" data-announcement>
        {model.talk.announcement.value}
      </p>
    </main>
  );
}
