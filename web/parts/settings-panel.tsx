import type { CallModel } from '../call-model.ts';
import { STRINGS } from '../strings/index.ts';
import { DeviceFields } from './device-fields.tsx';
import { LevelMeter } from './level-meter.tsx';
import { NoiseSwitch } from './noise-switch.tsx';
import { Panel } from './panel.tsx';
import { RecordingPart } from './recording-part.tsx';

/** The lobby's choices, in the call, and the recording. */
export function SettingsPanel({ model }: { readonly model: CallModel }) {
  return (
    <Panel model={model} name="settings" title={STRINGS.settings.title}>
      <div class="panel-body">
        <section class="panel-part">
          <h3>{STRINGS.settings.devices}</h3>
          <DeviceFields model={model} />
          {!model.listens.value && <LevelMeter track={model.local('microphone')} />}
          {!model.listens.value && <NoiseSwitch model={model} />}
        </section>
        <RecordingPart model={model} />
      </div>
    </Panel>
  );
}
