import type { DeviceKind, OfferedDevice } from '../../src/client/index.ts';
import type { CallModel } from '../call-model.ts';
import { STRINGS } from '../strings/index.ts';

/** Which microphone, camera and speaker: what there is to choose of, and heard or seen at once. */
export function DeviceFields({ model }: { readonly model: CallModel }) {
  const { microphones, cameras, speakers } = model.devices.value;
  return (
    <>
      {!model.listens.value && <DeviceField model={model} kind="microphone" offered={microphones} />}
      {!model.listens.value && <DeviceField model={model} kind="camera" offered={cameras} />}
      <DeviceField model={model} kind="speaker" offered={speakers} />
    </>
  );
}

interface DeviceFieldProps {
  readonly model: CallModel;
  readonly kind: DeviceKind;
  readonly offered: readonly OfferedDevice[];
}

function DeviceField({ model, kind, offered }: DeviceFieldProps) {
  if (offered.length === 0) return null;
  const chosen = model.devices.value.chosen[kind] ?? '';
  return (
    <label class="field">
      <span>{STRINGS.settings[kind]}</span>
      <select
        name={kind}
        value={chosen}
        onChange={({ currentTarget }) => void model.call.useDevice(kind, currentTarget.value || undefined)}
      >
        <option value="">{STRINGS.settings.standard}</option>
        {offered.map(({ deviceId, label }, at) => (
          <option key={deviceId} value={deviceId}>
            {label || `${STRINGS.settings[kind]} ${at + 1}`}
          </option>
        ))}
      </select>
    </label>
  );
}
