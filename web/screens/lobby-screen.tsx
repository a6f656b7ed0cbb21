import { useSignal } from '@preact/signals';
import type { CallModel } from '../call-model.ts';
import { Brand } from '../parts/brand.tsx';
import { DeviceFields } from '../parts/device-fields.tsx';
import { LanguageSwitch } from '../parts/language-switch.tsx';
import { LevelMeter } from '../parts/level-meter.tsx';
import { NoiseSwitch } from '../parts/noise-switch.tsx';
import { Notices } from '../parts/notices.tsx';
import { Preview } from '../parts/preview.tsx';
import { rememberedName, rememberName } from '../remembered-name.ts';
import { STRINGS } from '../strings/index.ts';

/** As a leaf of the group holds (src/crypto/mls/limits.ts). */
const MAX_NAME_CHARS = 64;

interface LobbyProps {
  readonly model: CallModel;
  readonly joining: boolean;
}

export function LobbyScreen({ model, joining }: LobbyProps) {
  const name = useSignal(rememberedName());
  const join = (event: Event) => {
    event.preventDefault();
    const chosen = name.value.trim();
    if (chosen === '' || joining) return;
    rememberName(chosen);
    void model.join(chosen);
  };
  return (
    <main class="page" data-screen="lobby" data-joining={joining}>
      <Brand>
        <LanguageSwitch />
      </Brand>
      <Notices model={model} />
      <section class="lobby card">
        <Preview model={model} />
        <form class="lobby-form" onSubmit={join}>
          <h1>{STRINGS.lobby.title}</h1>
          <label class="field">
            <span>{STRINGS.lobby.name}</span>
            <input
              name="name"
              value={name.value}
              maxLength={MAX_NAME_CHARS}
              placeholder={STRINGS.lobby.nameHint}
              autocomplete="name"
              required
              onInput={({ currentTarget }) => {
                name.value = currentTarget.value;
              }}
            />
          </label>
          <LevelMeter track={model.local('microphone')} />
          <NoiseSwitch model={model} />
          <details class="lobby-devices">
            <summary>{STRINGS.settings.title}</summary>
            <DeviceFields model={model} />
          </details>
          <button type="submit" class="primary" disabled={joining || name.value.trim() === ''}>
            {joining ? STRINGS.lobby.joining : STRINGS.lobby.join}
          </button>
        </form>
      </section>
    </main>
  );
}
