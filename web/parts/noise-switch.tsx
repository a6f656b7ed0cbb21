import type { CallModel } from '../call-model.ts';
import { STRINGS } from '../strings/index.ts';

export function NoiseSwitch({ model: { quiet } }: { readonly model: CallModel }) {
  return (
    <label class="check">
      <input
        type="checkbox"
        name="noise"
        checked={quiet.wanted.value}
        onChange={({ currentTarget }) => void quiet.want(currentTarget.checked)}
      />
      <span>{STRINGS.quiet.label}</span>
    </label>
  );
}
