import type { CallModel } from '../call-model.ts';
import { STRINGS, unreadLabel } from '../strings/index.ts';
import { ReactionPicker } from './chat/reaction-picker.tsx';
import { Control } from './control.tsx';

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

function SettingsToggle({ model }: { readonly model: CallModel }) {
  const open = model.panel.value === 'settings';
  return (
    <Control
      name="settings"
      label={STRINGS.settings.title}
      icon="settings"
      look={open ? 'active' : 'plain'}
      expanded={open}
      onPress={() => model.toggle('settings')}
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

export function CallControls({ model }: { readonly model: CallModel }) {
  return (
    <div class="controls" role="toolbar" aria-label={STRINGS.controls.region}>
      {!model.listens.value && <CaptureToggles model={model} />}
      <HandToggle model={model} />
      <ReactionPicker talk={model.talk} />
      <ChatToggle model={model} />
      <SettingsToggle model={model} />
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
