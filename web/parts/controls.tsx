import type { CallModel } from '../call-model.ts';
import { STRINGS } from '../strings.ts';
import { Icon, type IconName } from './icon.tsx';

interface ControlProps {
  readonly name: string;
  readonly label: string;
  readonly icon: IconName;
  /** `off` stands out: a person must see at a glance that they are not heard. */
  readonly look?: 'plain' | 'off' | 'active' | 'leave';
  readonly onPress: () => void;
}

function Control({ name, label, icon, look = 'plain', onPress }: ControlProps) {
  return (
    <button
      type="button"
      class="control"
      data-control={name}
      data-look={look}
      aria-label={label}
      title={label}
      onClick={onPress}
    >
      <Icon name={icon} />
    </button>
  );
}

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

export function CallControls({ model }: { readonly model: CallModel }) {
  const sharing = model.sharing.value;
  return (
    <div class="controls" role="toolbar" aria-label={STRINGS.controls.region}>
      <MicrophoneToggle model={model} />
      <CameraToggle model={model} />
      {CAN_SHARE && (
        <Control
          name="screen"
          label={sharing ? STRINGS.controls.shareOff : STRINGS.controls.shareOn}
          icon="screen"
          look={sharing ? 'active' : 'plain'}
          onPress={() => void model.call.setScreenShare(!sharing)}
        />
      )}
      <Control name="invite" label={STRINGS.controls.invite} icon="link" onPress={() => void model.copyInvite()} />
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
