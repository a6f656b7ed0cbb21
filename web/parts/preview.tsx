import type { CallModel } from '../call-model.ts';
import { STRINGS } from '../strings/index.ts';
import { CameraToggle, MicrophoneToggle } from './controls.tsx';
import { SelfVideo } from './self-video.tsx';

/** Oneself before the others see one, with the switches for camera and microphone. */
export function Preview({ model }: { readonly model: CallModel }) {
  return (
    <div class="preview">
      <SelfVideo track={model.local('camera')} label={STRINGS.lobby.preview} />
      {!model.cameraOn.value && <p class="preview-off">{STRINGS.lobby.cameraOff}</p>}
      <div class="preview-controls">
        <MicrophoneToggle model={model} />
        <CameraToggle model={model} />
      </div>
    </div>
  );
}
