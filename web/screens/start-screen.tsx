import { useSignal } from '@preact/signals';
import type { CallLink } from '../call-link.ts';
import { Brand } from '../parts/brand.tsx';
import { LanguageSwitch } from '../parts/language-switch.tsx';
import { STRINGS } from '../strings/index.ts';

export function StartScreen({ onCreate }: { readonly onCreate: (options: Pick<CallLink, 'lobby'>) => void }) {
  const lobby = useSignal(false);
  return (
    <main class="page" data-screen="start">
      <Brand>
        <LanguageSwitch />
      </Brand>
      <section class="card centred">
        <h1>{STRINGS.start.title}</h1>
        <p class="lead">{STRINGS.start.lead}</p>
        <button type="button" class="primary" onClick={() => onCreate({ lobby: lobby.value })}>
          {STRINGS.start.create}
        </button>
        <label class="check">
          <input
            type="checkbox"
            checked={lobby.value}
            onChange={({ currentTarget }) => {
              lobby.value = currentTarget.checked;
            }}
          />
          <span>{STRINGS.start.lobby}</span>
        </label>
      </section>
    </main>
  );
}
