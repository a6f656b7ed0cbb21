import type { CallModel } from '../call-model.ts';
import { STRINGS, unreadLabel } from '../strings/index.ts';
import { ReactionPicker } from './chat/reaction-picker.tsx';
import { Control } from './control.tsx';
import { Icon } from './icon.tsx';
import { Menu } from './menu.tsx';

export function MicrophoneToggle({ model }: { readonly model: CallModel }) {
  const on = model.microphoneOn.value;
  return (
    <Control
      name="microphone"
      label={on ? STRINGS.controls.microphoneOff : STRINGS.controls.microphoneOn}
      icon={on ? 'microphone' : 'microphone-off'}
      look={on ? 'plain' : 'off'}
      onPress={() => void model.call.setMicrophone(!on)}
    />
  );
}

export function CameraToggle({ model }: { readonly model: CallModel }) {
  const on = model.cameraOn.value;
  return (
    <Control
      name="camera"
      label={on ? STRINGS.controls.cameraOff : STRINGS.controls.cameraOn}
      icon={on ? 'camera' : 'camera-off'}
      look={on ? 'plain' : 'off'}
      onPress={() => void model.call.setCamera(!on)}
    />
  );
}

/** Phones have no getDisplayMedia: no button there. */
const CAN_SHARE = typeof navigator.mediaDevices?.getDisplayMedia === 'function';

function ScreenToggle({ model }: { readonly model: CallModel }) {
  const sharing = model.sharing.value;
  return (
    <Control
      name="screen"
      label={sharing ? STRINGS.controls.shareOff : STRINGS.controls.shareOn}
      icon="screen"
      look={sharing ? 'active' : 'plain'}
      onPress={() => void model.call.setScreenShare(!sharing)}
    />
  );
}

function HandToggle({ model: { talk } }: { readonly model: CallModel }) {
  const raised = talk.handRaised.value;
  return (
    <Control
      name="hand"
      label={raised ? STRINGS.controls.handDown : STRINGS.controls.handUp}
      icon="hand"
      look={raised ? 'active' : 'plain'}
      onPress={() => talk.raiseHand(!raised)}
    />
  );
}

function ChatToggle({ model }: { readonly model: CallModel }) {
  const open = model.panel.value === 'chat';
  const unread = open ? 0 : model.talk.unread.value;
  return (
    <Control
      name="chat"
      label={unreadLabel(unread)}
      icon="chat"
      look={open ? 'active' : 'plain'}
      expanded={open}
      marked={unread > 0}
      onPress={() => model.toggle('chat')}
    />
  );
}

function CaptureToggles({ model }: { readonly model: CallModel }) {
  return (
    <>
      <MicrophoneToggle model={model} />
      <CameraToggle model={model} />
      {CAN_SHARE && <ScreenToggle model={model} />}
    </>
  );
}

/** What people do rarely, and what has no room among the controls of a narrow window. */
function MoreMenu({ model }: { readonly model: CallModel }) {
  const sharing = model.sharing.value;
  return (
    <Menu name="call" label={STRINGS.controls.more} look="control">
      {CAN_SHARE && !model.listens.value && (
        <button type="button" class="menu-item" data-narrow onClick={() => void model.call.setScreenShare(!sharing)}>
          <Icon name="screen" />
          {sharing ? STRINGS.controls.shareOff : STRINGS.controls.shareOn}
        </button>
      )}
      <button type="button" class="menu-item" onClick={() => model.toggle('settings')}>
        <Icon name="settings" />
        {STRINGS.settings.title}
      </button>
      <button type="button" class="menu-item" data-keyboard onClick={() => model.toggle('keys')}>
        <Icon name="keyboard" />
        {STRINGS.controls.keys}
      </button>
    </Menu>
  );
}

export function CallControls({ model }: { readonly model: CallModel }) {
  return (
    <div class="controls" role="toolbar" aria-label={STRINGS.controls.region}>
      {!model.listens.value && <CaptureToggles model={model} />}
      <HandToggle model={model} />
      <ReactionPicker talk={model.talk} />
      <ChatToggle model={model} />
      <MoreMenu model={model} />
      <Control
        name="leave"
        label={STRINGS.controls.leave}
        icon="leave"
        look="leave"
        onPress={() => model.call.leave()}
      />
    </div>
  );
}
