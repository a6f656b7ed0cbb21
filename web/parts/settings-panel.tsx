import type { CallModel } from '../call-model.ts';
import { STRINGS } from '../strings/index.ts';
import { NoiseSwitch } from './noise-switch.tsx';
import { Panel } from './panel.tsx';
import { RecordingPart } from './recording-part.tsx';

export function SettingsPanel({ model }: { readonly model: CallModel }) {
  return (
    <Panel model={model} name="settings" title={STRINGS.settings.title}>
      <div class="panel-body">
        {!model.listens.value && (
          <section class="panel-part">
            <h3>{STRINGS.settings.microphone}</h3>
            <NoiseSwitch model={model} />
          </section>
        )}
        <RecordingPart model={model} />
      </div>
    </Panel>
  );
}
