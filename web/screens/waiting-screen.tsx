import type { CallModel } from '../call-model.ts';
import { Brand } from '../parts/brand.tsx';
import { Preview } from '../parts/preview.tsx';
import { STRINGS } from '../strings/index.ts';

interface WaitingProps {
  readonly model: CallModel;
  readonly onLeave: () => void;
}

/** In the lobby of a call whose members let people in by hand. */
export function WaitingScreen({ model, onLeave }: WaitingProps) {
  return (
    <main class="page" data-screen="waiting">
      <Brand />
      <section class="card centred waiting">
        <Preview model={model} />
        <h1>{STRINGS.waiting.title}</h1>
        <p class="lead" role="status">
          <span class="spinner" aria-hidden="true" /> {STRINGS.waiting.lead}
        </p>
        <p>
          {STRINGS.waiting.as} <strong>{model.call.displayName}</strong>
        </p>
        <button type="button" class="quiet" onClick={onLeave}>
          {STRINGS.waiting.leave}
        </button>
      </section>
    </main>
  );
}
